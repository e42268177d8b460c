import { join } from 'node:path';
import type { Config } from '../infrastructure/config.js';
import { readConfig } from '../infrastructure/config.js';
import { demoCardNames, signWithDemoCard } from '../infrastructure/demo/demo-authority.js';
import type { DemoPrincipal } from '../infrastructure/demo/demo-people.js';
import { demoPeople } from '../infrastructure/demo/demo-people.js';
import { signatureFormat } from '../infrastructure/identity/certificates/signature-content.js';
import { WrongUse, runCommandLine } from './command-line.js';
import { readReady } from './service-client.js';

const help = `以示範憑證卡簽署登入挑戰值，不經讀卡元件。
Signs the nonce of POST /api/v1/challenges with a card of the demo, without reader and card agent: prints the
body of POST /api/v1/sign-ins/certificate.

  npm run demo:sign                 列出卡片 / lists the cards
  npm run demo:sign -- CARD NONCE [--for=ORIGIN]

  --for   簽給哪個網站，預設為執行中的服務 / the site it is for; the running service's own unless said

卡片在 npm start 時製作。 The cards are made by npm start.`;

/** As a browser on this machine would write it. */
function ownOrigin(config: Config): string {
  if (config.PUBLIC_ORIGIN !== undefined) return config.PUBLIC_ORIGIN;
  const { url } = readReady(config.READY_FILE) ?? {};
  if (!url) throw new WrongUse('請先 npm start，或以 --for 指定網站。 Run npm start first, or name the site by --for.');
  return new URL(url).origin;
}

/** A 自然人憑證 says four digits of it, so the whole is sent along; a 工商憑證 says its 統一編號 itself. */
const numberToType = (person: DemoPrincipal | undefined): string | undefined =>
  (person?.applicant?.kind === 'company' ? undefined : person?.applicant?.idNumber ?? person?.idNumber);

await runCommandLine({
  help,
  options: { for: { type: 'string' } },
  run: async (values, [card, nonce, ...more]) => {
    const config = readConfig(process.env);
    const directory = join(config.DATA_DIR, 'demo-cards');
    const people = demoPeople(config.DEMO_SEED);
    const cards = demoCardNames(directory);
    if (card === undefined) {
      // A 自然人憑證 says four digits of the number; the whole of it is to be typed.
      for (const { name, roles, applicant, idNumber = applicant?.idNumber } of people) {
        if (cards.includes(name)) console.log(`${name}  ${idNumber ?? ''}  ${roles.join(',')}`);
      }
      return 0;
    }
    if (nonce === undefined || more.length > 0) throw new WrongUse('請指定卡片與挑戰值。 Name a card and a nonce.');
    if (!cards.includes(card)) throw new WrongUse(`沒有這張卡。 There is no such card: ${card}`);
    const origin = typeof values['for'] === 'string' ? values['for'] : ownOrigin(config);
    const message = Buffer.from(signWithDemoCard(directory, card, { origin, nonce })).toString('base64');
    const idNumber = numberToType(people.find(({ name }) => name === card));
    console.log(JSON.stringify({ signature: { format: signatureFormat, signedMessage: message }, idNumber }));
    return 0;
  },
});
