// npm run stress: the whole of what the tests run a short version of. Needs pcscd, vsmartcard-vpcd and
// pcsclite (as root it installs them). Prints one line of figures for each trial; fails when one is wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentRoot, ensureAgentBuilt, ensureReaderStack, sayWhatIsMissing } from './prepare.mjs';

ensureAgentBuilt();
const missing = ensureReaderStack();
sayWhatIsMissing(missing);
if (missing.length > 0) process.exit(1);
const compiled = (file) => import(join(agentRoot, 'dist', file));
const { PrivatePcscd, findVirtualDriver } = await compiled('virtual/private-pcscd.js');
const { CardBox } = await compiled('virtual/card-box.js');
const { PcscReader } = await compiled('pcsc/pcsc-reader.js');
const stress = await compiled('virtual/stress.js');

const { vectors } = JSON.parse(readFileSync(join(agentRoot, 'test/data/nhi-card-vectors.json'), 'utf8'));
// Two may run at once. Below the ports that the system hands out.
const pcscd = new PrivatePcscd(findVirtualDriver(), 20_000 + (process.pid % 5000) * 2);
await pcscd.start();
process.env.PCSCLITE_CSOCK_NAME = pcscd.socket;
const rig = {
  pcscd, reader: new PcscReader(), box: new CardBox(join(agentRoot, 'dist/virtual/card-process.js')),
  people: vectors.map(({ raw57 }) => ({ payload: Buffer.from(raw57, 'hex') })),
};

// What garbage collection has not got round to; a leak of a thousandth of this a cycle would break it.
const maxGrowthKb = 16 * 1024;
const trials = [
  ['cycles', 2000, ({ read, wrong, agentGrowthKb, bindingGrowthKb }) =>
    read === 2000 && wrong === 0 && agentGrowthKb < maxGrowthKb && bindingGrowthKb < maxGrowthKb],
  ['pulls', 200, ({ read, wrong, afterwards }) => read === 0 && wrong === 0 && afterwards === 200],
  ['swaps', 200, ({ wrong, afterwards }) => wrong === 0 && afterwards === 200],
  ['swapsUnseen', 20, ({ wrong, within, withinRefused }) => wrong === 0 && within === withinRefused],
  ['restarts', 10, ({ refusedWhileDown, readAfter }) => refusedWhileDown === 10 && readAfter === 10],
  ['silence', 30_000, ({ asked, cardSilent, wrong, readAfter }) =>
    asked === cardSilent && wrong === 0 && readAfter === 1],
];

const only = process.argv.slice(2);
for (const [name, amount, holds] of trials.filter(([trial]) => only.length === 0 || only.includes(trial))) {
  const started = Date.now();
  const figures = await stress[name](rig, amount);
  const held = holds(figures);
  if (!held) process.exitCode = 1;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${held ? 'ok  ' : 'FAIL'} ${name} ${amount} (${seconds} s): ${JSON.stringify(figures)}`);
}
await rig.reader.close();
rig.box.close();
await pcscd.close();
