// Twenty people who sign in at the same time, again and again, with card and password: how long each waits
// and what it costs, over bare argon2id of the same parameters, as many at once. And what is left of queries
// while a flood of sign-ins comes in.
import { fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { hash, verify } from '@node-rs/argon2';
import { demoHouseholdNumber } from '../dist/infrastructure/identity/household-registries.js';
import { PasswordTurns } from '../dist/infrastructure/identity/password-turns.js';
import { usualCost } from '../dist/infrastructure/identity/password-table.js';
import { approvedAccounts } from './support/approved-accounts.mjs';
import { CardBrowser, cardOf, connections } from './support/card-browser.mjs';
import { LeanCrowd } from './support/lean-crowd.mjs';
import { fillReconciliation } from './support/reconciliation-rows.mjs';
import { openServiceUnderTest } from './support/service-under-test.mjs';
import { percentile, round } from './support/stats.mjs';

const together = 20;
const turns = 3;
const password = 'correct horse battery';
/** Several times what one core can hash. */
const floodPerSecond = 150;
const readers = 4;
const patienceMs = 10_000;
const ticksPerSecond = 100;

export async function signIns({ scale }) {
  const seconds = Math.max(3, 10 * scale);
  const { service, api, token, accountIds } = await startService(scale);
  try {
    const people = await registered(api.port);
    const signed = await inTurns(
      () => bareArgon2(seconds), () => signingIn(people, api.pid, seconds));
    const read = await reading(api.port, token, accountIds);
    const flooded = await inTurns(() => read(seconds), () => whileFlooded(api.port, seconds, read));
    read.close();
    return { figures: figuresOf(signed, flooded), details: detailsOf(signed, flooded) };
  } finally {
    await service.close();
  }
}

async function startService(scale) {
  const service = await openServiceUnderTest('sign-ins');
  const api = await service.start('api', { settings: { LOG_LEVEL: 'info' } });
  await service.start('projector,worker');
  await service.untilUp();
  const { payee: token, applicantId } = await service.people();
  const accountIds = await approvedAccounts(service, { applicantId });
  await fillReconciliation(service.databaseUrl, Math.max(20_000, Math.round(400_000 * scale)));
  return { service, api, token, accountIds };
}

/** Twenty people, each with a machine whose card agent is enrolled, by the way everybody takes. */
async function registered(port) {
  const agent = connections();
  const people = [];
  for (let number = 1; number <= together; number++) {
    const [browser, card] = [new CardBrowser(port, agent), cardOf(number)];
    const email = `bench-${randomUUID()}@example.org`;
    expect(201, await browser.show(card, 'registrations', {
      householdNumber: demoHouseholdNumber(card.idNumber), address: '臺北市中正區愛國里1鄰', password, email,
      mobile: '0912345678', noticeVersion: '1',
    }));
    const ticket = await ticketTo(browser, email);
    expect(201, await browser.show(card, 'registrations/confirmations', { ticket }));
    people.push({ browser, card });
  }
  return people;
}

async function ticketTo(browser, email) {
  for (const until = Date.now() + patienceMs; Date.now() < until; await pause(20)) {
    const { mails } = (await browser.send('demo/mails', undefined, 'GET')).body;
    const mail = JSON.stringify(mails.find((one) => JSON.stringify(one).includes(email)) ?? '');
    const ticket = /ticket(?:: |=)([A-Za-z0-9_-]{43})/.exec(mail)?.[1];
    if (ticket) return ticket;
  }
  throw new Error('no mail came');
}

function expect(status, answer) {
  if (answer.status !== status) throw new Error(`answered ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** One and the other by turns: a machine that others use too is not the same one a minute later. */
async function inTurns(quiet, loud) {
  const [before, after] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    before.push(await quiet());
    after.push(await loud());
  }
  before.push(await quiet());
  return [summed(before), summed(after)];
}

/** Rounds of `{ ms, seconds, cpuMs, heard }`, as one. */
const summed = (rounds) => ({
  ms: rounds.flatMap(({ ms }) => ms),
  seconds: rounds.reduce((sum, { seconds }) => sum + seconds, 0),
  cpuMs: rounds.reduce((sum, { cpuMs = 0 }) => sum + cpuMs, 0),
  heard: rounds.flatMap(({ heard = {} }) => Object.entries(heard))
    .reduce((sum, [what, times]) => ({ ...sum, [what]: (sum[what] ?? 0) + times }), {}),
});

/** So many at once, each again as soon as it is done, until the time is over; what is begun is finished. */
async function closedLoop(callers, seconds, once) {
  const ms = [];
  const from = performance.now();
  await Promise.all(Array.from({ length: callers }, async (_, n) => {
    while (performance.now() - from < seconds * 1_000) {
      const began = performance.now();
      await once(n);
      ms.push(performance.now() - began);
    }
  }));
  return { ms, seconds: (performance.now() - from) / 1_000 };
}

/** The hash alone, as many callers and as many at once as the service lets in. */
async function bareArgon2(seconds) {
  const secret = randomBytes(32);
  const { memoryKib: memoryCost, passes: timeCost } = usualCost;
  const stored = await hash(password, { memoryCost, timeCost, parallelism: 1, secret });
  const queue = new PasswordTurns({ inWork: Math.max(1, availableParallelism() - 1), waiting: together });
  const before = process.cpuUsage();
  const once = () => queue.take(() => verify(stored, password, { secret }));
  const round = await closedLoop(together, seconds, once);
  const { user, system } = process.cpuUsage(before);
  return { ...round, cpuMs: (user + system) / 1_000 };
}

/** From the first request to the session; who is told to come again does so when told. */
async function signingIn(people, pid, seconds) {
  let toldToWait = 0;
  const before = cpuMsOf(pid);
  const round = await closedLoop(together, seconds, async (n) => {
    const { browser, card } = people[n];
    for (;;) {
      const answer = await browser.show(card, 'sign-ins', { password });
      if (answer.status === 200) return;
      if (answer.status !== 503) expect(200, answer);
      toldToWait++;
      await pause(answer.retryAfter * 1_000);
    }
  });
  return { ...round, cpuMs: cpuMsOf(pid) - before, heard: { 503: toldToWait } };
}

/** Of the process so far, all its threads. */
function cpuMsOf(pid) {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(afterName[11]) + Number(afterName[12])) * 1_000 / ticksPerSecond;
}

/** A few who turn pages: a quarter of a large payee with its totals. */
async function reading(port, token, accountIds) {
  const quarter = new URLSearchParams([
    ...accountIds.map((id) => ['account', id]), ['from', '2025-04-01'], ['to', '2025-06-30'], ['limit', '50'],
  ]);
  const crowd = new LeanCrowd(port, patienceMs);
  await crowd.open(readers);
  const read = async (seconds) => {
    const heard = {};
    const round = await closedLoop(readers, seconds, async () => {
      const { status } = await crowd.ask({ path: `/api/v1/reconciliations?${quarter}`, token });
      if (status !== 200) heard[status] = (heard[status] ?? 0) + 1;
    });
    if (Object.keys(heard).length > 0) throw new Error(`a page was refused: ${JSON.stringify(heard)}`);
    return round;
  };
  await read(2);
  return Object.assign(read, { close: () => crowd.close() });
}

const floodFile = fileURLToPath(new URL('./support/sign-in-flood.mjs', import.meta.url));

/** The flood begins a second before and ends a second after. */
async function whileFlooded(port, seconds, read) {
  const child = fork(floodFile);
  try {
    const ended = new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`the flood ended with ${code}`)));
    });
    const registered = Array.from({ length: together }, (_, n) => n + 1);
    child.send({ port, perSecond: floodPerSecond, seconds: seconds + 2, registered });
    await pause(1_000);
    const round = await read(seconds);
    return { ...round, heard: await ended };
  } finally {
    child.kill();
  }
}

const p99 = ({ ms }) => percentile(ms, 0.99);
const perSecond = ({ ms, seconds }) => ms.length / seconds;
const cpuEach = ({ cpuMs, ms }) => cpuMs / ms.length;

const figuresOf = ([bare, signed], [quiet, flooded]) => ({
  sign_in_p99_ms: Math.round(p99(signed)),
  sign_in_p99_vs_argon2: round(p99(signed) / p99(bare)),
  sign_in_cpu_ms: round(cpuEach(signed)),
  sign_in_cpu_vs_argon2: round(cpuEach(signed) / cpuEach(bare)),
  sign_in_flood_query_ratio: round(perSecond(flooded) / perSecond(quiet)),
  sign_in_flood_query_p99_ms: Math.round(p99(flooded)),
});

const spread = ({ ms }) =>
  `${Math.round(percentile(ms, 0.5))}/${Math.round(percentile(ms, 0.99))} (${ms.length})`;

const detailsOf = ([bare, signed], [quiet, flooded]) => ({
  'sign-ins p50/p99 ms (times)': spread(signed), 'bare argon2id': spread(bare),
  'sign-ins/s': round(perSecond(signed)), 'argon2id/s': round(perSecond(bare)),
  'argon2id CPU ms': round(cpuEach(bare)), 'sign-ins told to come again': signed.heard[503],
  'pages p50/p99 ms (times) without flood': spread(quiet), 'with it': spread(flooded),
  'the flood heard': JSON.stringify(flooded.heard),
});
