// What a payee waits for, over HTTP and with everything on the way (sign-in, the log asked whose
// accounts these are, validation), against the very same SQL sent through bare `pg`: a page, a page ten
// thousand pages deep, a year's totals. Five million payments, a fifth of them of one payee's twenty
// accounts.
import { fork } from 'node:child_process';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { percentile, round } from './support/stats.mjs';
import { fillReconciliation } from './support/reconciliation-rows.mjs';

const child = fileURLToPath(new URL('./support/api-child.mjs', import.meta.url));
const deepPage = 10_000;
const rowsPerPage = 50;

export async function reads({ databases, scale }) {
  const payments = Math.max(10_000, Math.round(5_000_000 * scale));
  const url = await databases.migrated('bench_reads');
  await fillReconciliation(url, payments);
  await databases.settle();
  const api = await startApi(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const accounts = api.accountIds.map((id) => `account=${id}`).join('&');
    const year = `/api/v1/reconciliations?${accounts}&from=2025-01-01&to=2025-12-31&limit=${rowsPerPage}`;
    const page = `/api/v1/reconciliations?${accounts}&from=2025-04-01&to=2025-06-30&limit=${rowsPerPage}`;
    const deep = `${year}&cursor=${await cursorOf(api, year, Math.max(2, Math.round(deepPage * scale)))}`;
    const times = (count) => Math.max(20, Math.round(count * Math.min(1, scale * 10)));
    const cases = {
      page: await compared(api, client, page, times(300)),
      deep_page: await compared(api, client, deep, times(1_000)),
      totals: await compared(api, client, year, times(100)),
    };
    return {
      figures: Object.fromEntries(Object.entries(cases).map(([name, { ours, bare }]) =>
        [`${name}_p99_vs_sql`, round(percentile(ours, 0.99) / percentile(bare, 0.99))])),
      details: {
        payments,
        ...Object.fromEntries(Object.entries(cases).map(([name, { ours, bare }]) => [
          `${name} p50/p99 ms over HTTP and bare`,
          `${spread(ours)} and ${spread(bare)}`,
        ])),
      },
    };
  } finally {
    await client.end();
    api.stop();
    await databases.drop('bench_reads');
  }
}

const spread = (times) => `${round(percentile(times, 0.5))}/${round(percentile(times, 0.99))}`;

async function startApi(databaseUrl) {
  const server = fork(child, [databaseUrl], { execArgv: ['--max-semi-space-size=32'] });
  const told = (kind) => new Promise((resolve) => {
    const listen = (message) => {
      if (message.kind !== kind) return;
      server.off('message', listen);
      resolve(message);
    };
    server.on('message', listen);
  });
  const { url, token, accountIds } = await told('serving');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    accountIds,
    /** The answer's text, its whole body read. */
    ask: (path) => new Promise((resolve, reject) => {
      get(`${url}${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          const body = Buffer.concat(parts).toString();
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`${response.statusCode} ${body}`));
        });
      }).on('error', reject);
    }),
    /** The SQL that the last question was answered with. */
    lastSql: async () => {
      const answer = told('sql');
      server.send('sql');
      return answer;
    },
    stop: () => server.kill(),
  };
}

/** Walks there by large steps; a cursor says where, not how one came. */
async function cursorOf(api, question, page) {
  const stride = 500;
  const wide = question.replace(`limit=${rowsPerPage}`, `limit=${stride}`);
  let cursor;
  for (let row = 0; row < (page - 1) * rowsPerPage; row += stride) {
    const { next } = JSON.parse(await api.ask(cursor ? `${wide}&cursor=${cursor}` : wide));
    if (!next) throw new Error(`there are fewer than ${page} pages`);
    cursor = encodeURIComponent(next);
  }
  return cursor;
}

/** Taken in turns, so that a slow moment of the machine hits both. Milliseconds each. */
async function compared(api, client, path, count) {
  const expected = JSON.parse(await api.ask(path));
  const { text, values } = await api.lastSql();
  const { rows: [bareAnswer] } = await client.query({ text, values });
  const same = JSON.stringify(JSON.parse(bareAnswer.rows)) === JSON.stringify(expected.rows);
  if (!same) throw new Error('the two answer differently');
  const ours = [];
  const bare = [];
  for (let turn = -10; turn < count; turn++) {
    const asked = await milliseconds(() => api.ask(path));
    const plain = await milliseconds(() => client.query({ text, values }));
    if (turn < 0) continue;
    ours.push(asked);
    bare.push(plain);
  }
  return { ours, bare };
}

async function milliseconds(work) {
  const from = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - from) / 1e6;
}
