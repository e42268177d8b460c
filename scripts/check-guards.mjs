// npm run check:guards: takes away each guard, ownership check, row filter and policy in turn, as the source
// is loaded, and expects the tests of authorization to fail each time. First the tests that should miss it;
// if they do not, all four files. `--only WORD`: those with that name.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRestartablePostgres } from '../test/support/restartable-postgres.mjs';
import { allSpecs, mutations } from './guards/mutations.mjs';
import { root } from './prepare.mjs';

const { values: { only = '' } } = parseArgs({ options: { only: { type: 'string' } } });
const patienceMs = 180_000;
/** Every change leaves a copy of the sources' modules behind. */
const askedPerProcess = 20;

process.chdir(root);
const chosen = mutations(only);
const postgres = await startRestartablePostgres();
const started = Date.now();
let child = null;
let asked = 0;

function start() {
  child?.kill();
  asked = 0;
  const env = { ...process.env, TEST_SERVER_URL: postgres.url };
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'];
  child = fork(join(root, 'scripts/guards/mutated-run.mjs'), { env, stdio });
}

/** What the tests made of it. Whoever does not answer, or ends, has shown nothing. */
async function outcomeOf(change, runs) {
  if (child === null || asked++ >= askedPerProcess) start();
  const answer = await new Promise((resolve) => {
    const late = setTimeout(() => resolve({ kind: 'stuck' }), patienceMs);
    const done = (result) => { clearTimeout(late); child.removeAllListeners(); resolve(result); };
    child.once('message', done);
    child.once('exit', (code, signal) => done({ kind: 'ended', why: String(code ?? signal) }));
    child.send({ change, runs });
  });
  if (answer.kind === 'stuck' || answer.kind === 'ended') start();
  return answer;
}

async function judged({ name, file, text, runs }) {
  const from = Date.now();
  const first = await outcomeOf({ file, text }, runs);
  const answer = first.kind === 'unnoticed' ? await outcomeOf({ file, text }, allSpecs) : first;
  const seconds = Math.round((Date.now() - from) / 100) / 10;
  const isNoticed = answer.kind === 'noticed';
  const by = isNoticed ? answer.where : `${answer.where ?? ''} ${answer.why ?? ''}`;
  console.log(`${isNoticed ? 'noticed' : answer.kind.toUpperCase()}  ${name}  (${seconds} s) ${by}`);
  return isNoticed;
}

/** With nothing taken away nothing may fail: before, or a failure would say nothing, and after as well. */
async function requireGreen(when) {
  const { kind, where, why } = await outcomeOf(null, allSpecs);
  if (kind !== 'unnoticed') throw new Error(`${when} anything is taken away: ${kind} ${where} ${why}`);
}

let noticed = 0;
try {
  await requireGreen('before');
  for (const mutation of chosen) if (await judged(mutation)) noticed++;
  await requireGreen('after');
} finally {
  child?.kill();
  await postgres.stop();
}
const seconds = Math.round((Date.now() - started) / 1_000);
console.log(`\n${chosen.length} taken away, ${noticed} noticed, in ${seconds} s`);
process.exit(noticed === chosen.length ? 0 : 1);
