// Five times as many requests as the API can answer: how much of its peak it still does, what the others are
// told, and how much memory it takes. Two in three are a first page with its totals, one is a write. Requests
// come at their times whatever becomes of the ones before, as those of a crowd do.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { approvedAccounts } from './support/approved-accounts.mjs';
import { LeanCrowd } from './support/lean-crowd.mjs';
import { onOtherCores } from './support/own-core.mjs';
import { fillReconciliation } from './support/reconciliation-rows.mjs';
import { application, openServiceUnderTest } from './support/service-under-test.mjs';
import { percentile, round } from './support/stats.mjs';

const times = 5;
/** Whoever has waited longer has gone: an answer after that helped nobody. */
const patienceMs = 10_000;
const callersTried = [8, 32];
const turns = 3;
const warmUpPerSecond = 1_000;
/**
 * More than the API lets in. Opened before, as a reverse proxy keeps them: Node takes one new connection per
 * turn of its loop, so a crowd that opens its own waits in the kernel, where nobody can tell it anything.
 */
const connections = 1_000;

export async function overload({ scale }) {
  const { service, cores } = await onOtherCores(() => startService(scale));
  try {
    const { api, people, accountIds } = service;
    const crowd = new LeanCrowd(api.port, patienceMs);
    await crowd.open(connections);
    const { peak, flood } = await inTurns(requests(crowd, people.payee, accountIds), scale);
    crowd.close();
    return { figures: figuresOf(flood, peak, api), details: { ...detailsOf(flood, peak), cores } };
  } finally {
    await service.close();
  }
}

/** Logging as it does by default: a line for each of a thousand refusals a second would be work too. */
async function startService(scale) {
  const service = await openServiceUnderTest('overload');
  const api = await service.start('api', { settings: { LOG_LEVEL: 'info' } });
  await service.start('projector,worker');
  await service.untilUp();
  const people = await service.people();
  const accountIds = await approvedAccounts(service, people);
  await fillReconciliation(service.databaseUrl, Math.max(20_000, Math.round(400_000 * scale)));
  return { api, people, accountIds, close: () => service.close() };
}

/**
 * Its peak is asked before, between and after: every write makes the tables larger, and a machine that others
 * use too is not the same machine a minute later.
 */
async function inTurns(next, scale) {
  const seconds = Math.max(4, 15 * scale);
  await closedLoop(next, 16, 2);
  await openLoop(next, warmUpPerSecond, 2);
  const tried = [];
  for (const callers of callersTried) tried.push(await closedLoop(next, callers, seconds / 3));
  const callers = callersTried[tried.indexOf(Math.max(...tried))];
  const peaks = [await closedLoop(next, callers, seconds)];
  const floods = [];
  for (let turn = 0; turn < turns; turn++) {
    floods.push(await openLoop(next, peaks.at(-1) * times, seconds));
    peaks.push(await closedLoop(next, callers, seconds));
  }
  return { peak: peaks.reduce((sum, one) => sum + one, 0) / peaks.length, flood: together(floods) };
}

const together = (floods) => ({
  good: floods.flatMap(({ good }) => good), refused: floods.flatMap(({ refused }) => refused),
  wrong: floods.flatMap(({ wrong }) => Object.entries(wrong)),
  sent: floods.reduce((sum, { sent }) => sum + sent, 0),
  seconds: floods.reduce((sum, { seconds }) => sum + seconds, 0),
});

const figuresOf = ({ good, seconds }, peak, { pid }) => ({
  overload_goodput: round(good.length / seconds / peak),
  // Peak resident memory as the kernel saw it.
  overload_peak_mb:
    Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024),
});

const detailsOf = ({ good, refused, wrong, sent, seconds }, peak) => ({
  'peak requests/s': round(peak), 'asked requests/s': round(sent / seconds),
  'good ones p50/p99 ms': `${Math.round(percentile(good, 0.5))}/${Math.round(percentile(good, 0.99))}`,
  '503 with Retry-After': refused.length,
  '503 p50/p99 ms': `${Math.round(percentile(refused, 0.5))}/${Math.round(percentile(refused, 0.99))}`,
  'anything else': JSON.stringify(wrong),
});

/** Two reads of a quarter with its totals, then a write, and so on. */
function requests(crowd, token, accountIds) {
  const quarter = new URLSearchParams([
    ...accountIds.map((id) => ['account', id]), ['from', '2025-04-01'], ['to', '2025-06-30'], ['limit', '50'],
  ]);
  let asked = 0;
  return () => {
    const read = { path: `/api/v1/reconciliations?${quarter}`, token };
    return crowd.ask(++asked % 3 === 0 ? application(token) : read);
  };
}

const isGood = ({ status }) => status === 200 || status === 201;

/** Good answers per second to so many callers, each of whom waits for one answer before asking again. */
async function closedLoop(next, callers, seconds) {
  let good = 0;
  const until = performance.now() + seconds * 1_000;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (performance.now() < until) {
      const answer = await next();
      if (!isGood(answer)) throw new Error(`at its peak it answered ${answer.status}`);
      if (performance.now() < until) good++;
    }
  }));
  return good / seconds;
}

/** What becomes of requests that come at their times; answers count that come within the time. */
async function openLoop(next, perSecond, seconds) {
  const flood = { good: [], refused: [], wrong: {}, sent: 0, seconds };
  const from = performance.now();
  const until = from + seconds * 1_000;
  const note = (answer) => {
    const { status, isToldWhen, ms } = answer;
    if (isGood(answer)) {
      if (performance.now() < until) flood.good.push(ms);
    } else if (status === 503 && isToldWhen) flood.refused.push(ms);
    else flood.wrong[status] = (flood.wrong[status] ?? 0) + 1;
  };
  const answers = [];
  while (performance.now() < until) {
    const due = Math.floor((performance.now() - from) / 1_000 * perSecond);
    for (; flood.sent < due; flood.sent++) answers.push(next().then(note));
    await pause(2);
  }
  await Promise.all(answers);
  return flood;
}
