import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../infrastructure/config.js';
import type { CardToInsert } from '../infrastructure/demo/demo-cards.js';
import { demoCertificateCard, demoNhiCard, demoPin } from '../infrastructure/demo/demo-cards.js';
import type { DemoPrincipal } from '../infrastructure/demo/demo-people.js';
import { demoPeople } from '../infrastructure/demo/demo-people.js';
import { demoHouseholdNumber } from '../infrastructure/identity/household-registries.js';
import { readerFile } from '../process/demo-card-agent.js';
import { WrongUse, runCommandLine } from './command-line.js';
import { readReady } from './service-client.js';

const help = `把示範卡片插入 npm start 的讀卡機，或取出。
Puts a card of the demo into the reader of npm start, or takes it out.

  npm run demo:card                        列出卡片 / lists the cards
  npm run demo:card -- NAME                健保卡 / the 健保卡
  npm run demo:card -- NAME --certificate  自然人憑證 / the person's certificate card
  npm run demo:card -- --out               取出 / takes it out

公司與承辦人員沒有健保卡，插入的是憑證卡。
Companies and staff have no 健保卡: theirs are certificate cards.

憑證卡的 PIN 碼都是 ${demoPin}。 The PIN of every certificate card is ${demoPin}.`;

/** pcscd looks every 0.4 s. */
const longestMs = 15_000;
const lookMs = 100;

type Presence = 'present' | 'absent';

/** Until the reader says so: a card that was only written to the file is in no reader. */
async function settled(agent: string, wanted: Presence, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + longestMs;
  for (;;) {
    const answer = await fetch(new URL('/status', agent), { signal });
    const { readers } = await answer.json() as { readers?: { card: Presence }[] };
    const isPresent = readers?.some(({ card }) => card === 'present') ?? false;
    if (readers && isPresent === (wanted === 'present')) return;
    if (Date.now() > deadline) throw new Error('讀卡機沒有反應。 The reader does not react.');
    await delay(lookMs, undefined, { signal });
  }
}

/** Whole or not at all, and for its owner alone: it holds a key. */
function write(file: string, inserted: CardToInsert | null): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ inserted }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function list(people: readonly DemoPrincipal[]): void {
  for (const person of people) {
    const { name, roles, applicant, idNumber = applicant?.idNumber ?? '' } = person;
    const isNhi = demoNhiCard(person) !== null;
    const cards = isNhi ? '健保卡、自然人憑證' : applicant?.kind === 'company' ? '工商憑證' : '自然人憑證';
    const household = isNhi ? `  戶號 ${demoHouseholdNumber(idNumber)}` : '';
    console.log(`${name}  ${idNumber}  ${cards}  ${roles.join(',')}${household}`);
  }
}

await runCommandLine({
  help,
  options: { certificate: { type: 'boolean' }, out: { type: 'boolean' } },
  run: async ({ certificate, out }, [name, ...others], signal) => {
    const config = readConfig(process.env);
    const people = demoPeople(config.DEMO_SEED);
    if (others.length > 0 || (out === true && name !== undefined)) throw new WrongUse('至多一位。 One at most.');
    if (name === undefined && out !== true) {
      list(people);
      return 0;
    }
    const person = people.find((one) => one.name === name);
    if (!person && out !== true) throw new WrongUse(`沒有這個人。 There is nobody of that name: ${name}`);
    const agent = readReady(config.READY_FILE)?.cardAgent;
    if (!agent) throw new Error('讀卡元件沒有在執行，請先 npm start。 No card agent runs: npm start first.');
    write(readerFile(config), null);
    await settled(agent.url, 'absent', signal);
    if (!person) return 0;
    const directory = join(config.DATA_DIR, 'demo-cards');
    const nhiCard = certificate === true ? null : demoNhiCard(person);
    const card = nhiCard ?? demoCertificateCard(directory, person);
    if (card === null) throw new Error(`沒有這張卡。 There is no such card: ${name}`);
    write(readerFile(config), card);
    await settled(agent.url, 'present', signal);
    const [kind, more] = 'payload' in card ? ['健保卡', ''] : ['憑證卡', `，PIN ${demoPin}`];
    console.log(`已插入${person.name}的${kind}${more}。 It is in the reader.`);
    return 0;
  },
});
