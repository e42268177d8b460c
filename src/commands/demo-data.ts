import { demoData } from '../infrastructure/demo/demo-data.js';
import { asSeenByCaller, fromWhereCalled, runCommandLine } from './command-line.js';

const help = `寫出虛構國庫一年的支付批次檔；同樣的參數寫出同樣的檔案。
Writes a year of a made-up treasury as a payment batch; the same options write the same file, byte for byte.

  npm run demo:data -- [--payments=20000] [--seed=1] [--until=2025-10-31] [--out=FILE]

--payments   付款筆數 / number of payments
--seed       亂數種子 / another seed, other payments
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
  run: async ({ out, ...given }) => {
    const options = typeof out === 'string' ? { ...given, out: fromWhereCalled(out) } : given;
    const named = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const written = await demoData(named);
    const file = asSeenByCaller(written);
    console.log(`已寫出 ${file}。 Written. 送交 / deliver it: npm run batch -- ${file}`);
    return 0;
  },
});
