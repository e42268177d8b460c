// A network that swallows everything between one process and PostgreSQL, in the moment in which that process
// holds the head of the log: how long its callers wait for an answer, how long the writers of another process
// stand still, and how soon after the healing all is well. The worst of several cuts is told.
import { setTimeout as pause } from 'node:timers/promises';
import { SilencingProxy } from './support/silencing-proxy.mjs';
import { application, ask, openServiceUnderTest } from './support/service-under-test.mjs';
import { percentile, round } from './support/stats.mjs';

const cuts = 10;
const leastCuts = 2;
const cutLastsMs = 6_000;
const callers = 8;
const callEveryMs = 150;
/** Enough for a COPY into the log, in whose middle, with the head locked, the cut falls. */
const payments = 1_200;
const intoTheLog = 'COPY log.events';

export async function partition({ scale }) {
  const service = await openServiceUnderTest('partition');
  const proxy = await SilencingProxy.before(service.databaseUrl);
  try {
    const cutOff = await service.start('api,worker', { url: proxy.url });
    const other = await service.start('api');
    await service.start('projector');
    await service.untilUp();
    const people = await service.people();
    const all = { answer: [], writersFree: [], healed: [] };
    for (let turn = 0; turn < Math.max(leastCuts, Math.round(cuts * scale)); turn++) {
      const one = await cut({ proxy, cutOff, other, people, turn });
      for (const [what, ms] of Object.entries(one)) all[what].push(ms);
    }
    return {
      figures: {
        cut_answer_ms: Math.round(Math.max(...all.answer)),
        cut_writers_free_ms: Math.round(Math.max(...all.writersFree)),
        cut_healed_ms: Math.round(Math.max(...all.healed)),
      },
      details: {
        cuts: all.answer.length, 'cut for ms': cutLastsMs,
        'p50 ms: answer, writers free, healed': Object.values(all)
          .map((each) => round(percentile(each, 0.5), 0)).join(', '),
      },
    };
  } finally {
    await proxy.close();
    await service.close();
  }
}

async function cut({ proxy, cutOff, other, people: { payee, operator }, turn }) {
  const before = await ask({ port: cutOff.port, ...application(payee) });
  if (before.status !== 201) throw new Error(`before the cut: ${before.status}`);
  const silent = proxy.silentFrom(intoTheLog);
  const delivery = {
    path: '/api/v1/payment-batches', method: 'POST', token: operator, body: batchFile(turn), type: 'text/csv',
  };
  const delivering = ask({ port: cutOff.port, ...delivery });
  await silent;
  const from = performance.now();
  const writersFree = firstWrite(other.port, payee, from);
  const longest = { ms: 0 };
  const calling = callUntil(from + cutLastsMs, cutOff.port, payee, longest);
  const free = await writersFree;
  await pause(Math.max(0, from + cutLastsMs - performance.now()));
  proxy.heal();
  const healed = await firstWrite(cutOff.port, payee, performance.now());
  await Promise.all([calling, delivering]);
  // The worker takes up what the cut interrupted; the next turn begins when it is done.
  while (![200, 201].includes((await ask({ port: other.port, ...delivery })).status)) await pause(100);
  return { answer: longest.ms, writersFree: free, healed };
}

/** Milliseconds from then until a write was acknowledged; each attempt is a new command. */
async function firstWrite(port, token, from) {
  while ((await ask({ port, ...application(token), withinMs: 20_000 })).status !== 201) await pause(20);
  return performance.now() - from;
}

/** Callers who come all through the cut; what counts is who waits longest for whatever answer. */
async function callUntil(instant, port, token, longest) {
  await Promise.all(Array.from({ length: callers }, async () => {
    while (performance.now() < instant) {
      const { status, headers, ms } = await ask({ port, ...application(token), withinMs: 60_000 });
      if (status === 503 && !headers['retry-after']) throw new Error('a 503 does not say when to come again');
      if (status !== 503 && status !== 201) throw new Error(`answered ${status} in the cut`);
      longest.ms = Math.max(longest.ms, ms);
      await pause(callEveryMs);
    }
  }));
}

function batchFile(turn) {
  const lines = [`H,1,CUT-${process.pid}-${turn},2026-10-30T18:00:00+08:00`];
  for (let n = 0; n < payments; n++) {
    lines.push(`P,C1,示範機關,02-0000-0000,115,${turn}-${n},1,2026-10-01,080001,0040037,${n + 1},1000,已匯款,業務費`);
  }
  lines.push(`T,${payments},0,${payments * 1_000}`);
  return lines.map((line) => `${line}\r\n`).join('');
}
