// How long nobody is answered: from kill -9 of the API, or of PostgreSQL after writes, to the first answer
// that needed the database. What was killed is started again at once, as a supervisor does.
import { setTimeout as pause } from 'node:timers/promises';
import { application, ask, keptAlive, openServiceUnderTest } from './support/service-under-test.mjs';
import { percentile, round } from './support/stats.mjs';

/** The 99th of a hundred: one may be worse, and is told as the longest. */
const kills = 100;
const leastKills = 5;
const writesBetween = 40;
const writersAtOnce = 8;
const askAgainMs = 5;

export async function recovery({ scale }) {
  const count = Math.max(leastKills, Math.round(kills * scale));
  const service = await openServiceUnderTest('recovery');
  try {
    const api = await service.start('api');
    await service.start('projector,worker');
    await service.untilUp();
    const { payee } = await service.people();
    const asked = { port: api.port, token: payee };
    const ofApi = await times(count, asked, async () => {
      await api.kill();
      api.start();
    });
    await service.untilUp();
    const ofPostgres = await times(count, asked, async () => {
      await service.postgres.crash();
      // Not awaited: the clock runs until the API answers, not until the server does.
      return service.postgres.start();
    });
    return {
      figures: {
        api_recovery_p99_ms: Math.round(percentile(ofApi, 0.99)),
        postgres_recovery_p99_ms: Math.round(percentile(ofPostgres, 0.99)),
      },
      details: { kills: count, ...spread('API', ofApi), ...spread('PostgreSQL', ofPostgres) },
    };
  } finally {
    await service.close();
  }
}

const spread = (what, all) => ({
  [`${what}: p50, longest ms`]: `${round(percentile(all, 0.5), 0)}, ${round(Math.max(...all), 0)}`,
});

async function times(count, asked, killAndStart) {
  const all = [];
  for (let turn = 0; turn < count; turn++) {
    await write(asked);
    const from = performance.now();
    const started = killAndStart();
    await firstAnswer(asked);
    all.push(performance.now() - from);
    await started;
  }
  return all;
}

/** What a crash leaves to be recovered from. */
async function write({ port, token }) {
  const agent = keptAlive(writersAtOnce);
  await Promise.all(Array.from({ length: writersAtOnce }, async () => {
    for (let n = 0; n < writesBetween / writersAtOnce; n++) {
      const { status } = await ask({ port, agent, ...application(token) });
      if (status !== 201) throw new Error(`a write before the kill was answered ${status}`);
    }
  }));
  agent.destroy();
}

/** A write: it reads the log and the tables, and appends. The same request again until somebody takes it. */
async function firstAnswer({ port, token }) {
  const request = { port, ...application(token), withinMs: 5_000 };
  while ((await ask(request)).status !== 201) await pause(askAgainMs);
}
