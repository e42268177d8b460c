import { join } from 'node:path';
import { readConfig } from '../infrastructure/config.js';
import { demoCardNames, signWithDemoCard } from '../infrastructure/demo/demo-authority.js';
import { demoPeople } from '../infrastructure/demo/demo-people.js';
import { WrongUse, runCommandLine } from './command-line.js';

const help = `以示範憑證卡簽署登入挑戰值。
Signs the nonce of POST /api/v1/challenges with a card of the demo: the message of
POST /api/v1/sign-ins/certificate.

  npm run demo:sign                 列出卡片 / lists the cards
  npm run demo:sign -- CARD NONCE

卡片在 npm start 時製作。 The cards are made by npm start.`;

await runCommandLine({
  help,
  options: {},
  run: async (_values, [card, nonce, ...more]) => {
    const { DATA_DIR, DEMO_SEED } = readConfig(process.env);
    const directory = join(DATA_DIR, 'demo-cards');
    const cards = demoCardNames(directory);
    if (card === undefined) {
      // A 自然人憑證 says four digits of the number; the whole of it is to be typed.
      for (const { name, roles, applicant, idNumber = applicant?.idNumber } of demoPeople(DEMO_SEED)) {
        if (cards.includes(name)) console.log(`${name}  ${idNumber ?? ''}  ${roles.join(',')}`);
      }
      return 0;
    }
    if (nonce === undefined || more.length > 0) throw new WrongUse('請指定卡片與挑戰值。 Name a card and a nonce.');
    if (!cards.includes(card)) throw new WrongUse(`沒有這張卡。 There is no such card: ${card}`);
    console.log(Buffer.from(signWithDemoCard(directory, card, nonce)).toString('base64'));
    return 0;
  },
});
