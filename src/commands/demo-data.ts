import { defaultUntil } from '../infrastructure/demo/demo-batch.js';
import type { DemoDataOptions, DemoFile } from '../infrastructure/demo/demo-data.js';
import { demoFile, writeDemoFile } from '../infrastructure/demo/demo-data.js';
import type { Values } from './command-line.js';
import { WrongUse, asSeenByCaller, fromWhereCalled, runCommandLine } from './command-line.js';

const help = `寫出虛構國庫一年的支付批次檔；同樣的參數寫出同樣的檔案。
Writes a year of a made-up treasury as a payment batch; the same options write the same file, byte for byte.

  npm run demo:data -- [--payments=20000] [--seed=1] [--until=${defaultUntil}] [--out=FILE]

--payments   付款筆數 / number of payments
--seed       亂數種子；npm start 的示範人員屬 1（DEMO_SEED） / another seed, other payments and other people:
             those who sign in at npm start are paid by files of seed 1 (DEMO_SEED)
--until      最後一日 / the last day; payments lie in the twelve months before it
--out        檔案 / the file; var/demo-batch-<payments>-<seed>.csv by default

行庫代號是真的，機關與受款人是虛構的。
Bank branches are real; agencies and payees are made up.`;

await runCommandLine({
  help,
  options: {
    payments: { type: 'string' }, seed: { type: 'string' },
    until: { type: 'string' }, out: { type: 'string' },
  },
  run: async (values, names) => {
    if (names.length > 0) throw new WrongUse('多餘的參數。 Too many arguments.');
    const asked = fileAsked(values);
    const file = { ...asked, out: values.out === undefined ? asked.out : fromWhereCalled(asked.out) };
    await writeDemoFile(file);
    const seen = asSeenByCaller(file.out);
    console.log(`已寫出 ${seen}。 Written. 送交 / deliver it: npm run batch -- ${seen}`);
    return 0;
  },
});

function fileAsked(values: Values): DemoFile {
  try {
    return demoFile(values as DemoDataOptions);
  } catch (error) {
    throw error instanceof RangeError ? new WrongUse(error.message) : error;
  }
}
