// npm run faults: kill -9 of API, projector, worker and PostgreSQL at random moments under retrying clients.
//   --rounds N      kills (300)
//   --each N        processes of each role (2)
//   --seed S        of the dice; what is killed when follows from it, the exact moment never does
//   --controls      also plants each seeded bug and sees that it is caught; or one of them by --control NAME
//   --json FILE     writes the figures
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Campaign } from './campaign.mjs';
import { startPostgres } from './faulty-postgres.mjs';
import { seededBugs } from './seeded-bugs.mjs';
import { copyService } from './service-copy.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '2' }, json: { type: 'string' },
    controls: { type: 'boolean', default: false },
    control: { type: 'string', multiple: true },
    'control-rounds': { type: 'string', default: '12' },
  },
});
const [rounds, each] = [Number(values.rounds), Number(values.each)];
const chosen = values.controls ? Object.keys(seededBugs) : values.control ?? [];
const unknown = chosen.filter((name) => !Object.hasOwn(seededBugs, name));
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 0 || !(each >= 1 && each <= 4)) {
  const names = Object.keys(seededBugs).join(', ');
  console.error(`--rounds is a whole number; --each is 1 to 4; --control is one of ${names}`);
  process.exit(2);
}

const directory = mkdtempSync(join(tmpdir(), 'treasury-faults-'));
// PostgreSQL runs as another user when we are root, and must get through here.
chmodSync(directory, 0o755);
process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const say = (line) => console.log(`▸ ${line}`);

const sound = await copyService(join(directory, 'sound'));
const { SeededRandom } = await sound.load('infrastructure/demo/seeded-random.js');
const postgres = await startPostgres(sound, join(directory, 'postgres'));
const run = (name, build, count, kills) => new Campaign({
  name, sound, build, postgres, directory, each, random: new SeededRandom(Number(values.seed)), say,
}).run(count, kills);

const controls = {};
for (const name of chosen) {
  const { edits, kills, caughtBy, times = 1 } = seededBugs[name];
  const build = await copyService(join(directory, name), edits);
  const findings = await run(name.replaceAll('-', '_'), build, times * values['control-rounds'], kills);
  controls[name] = caughtBy(findings);
  const { evidence, ...counts } = findings;
  say(`${name}: ${controls[name] ? 'caught' : 'NOT CAUGHT'} ${JSON.stringify(counts)}`);
  if (!controls[name]) for (const words of evidence) console.log(words);
}
const from = Date.now();
const findings = rounds > 0 ? await run('sound', sound, rounds) : { evidence: [] };
await postgres.stop();

const { evidence, ...counts } = findings;
const seconds = Math.round((Date.now() - from) / 1000);
const figures = { ...counts, seconds, controls };
console.log(JSON.stringify(figures, null, 2));
for (const words of evidence) console.log(words);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ...figures, evidence }, null, 2)}\n`);
const clean = ['lost', 'duplicated', 'gaps', 'unfinished_deliveries', 'differing_rows', 'unexpected_exits',
  'wrong_answers', 'unanswered', 'stuck'].every((name) => (counts[name] ?? 0) === 0);
process.exit(clean && !Object.values(controls).includes(false) ? 0 : 1);
