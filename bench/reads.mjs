// What reading costs over the very same SQL sent through bare `pg`: a page, a page ten thousand pages
// deep, a year's totals. The figures are those of the query as the service asks it; beside them what a
// payee waits for over HTTP, with everything on the way (token, the log asked whose accounts these are,
// validation). Five million payments, a fifth of them of one payee's twenty accounts.
import { fork } from 'node:child_process';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import {
  FindReconciliations, FindReconciliationsHandler,
} from '../dist/projections/reconciliation/find-reconciliations.js';
import { person } from '../dist/projections/viewer.js';
import { accountKey } from '../dist/domain/identifiers/account-number.js';
import { openProduct } from './support/product.mjs';
import { bigPayeeAccounts, fillReconciliation } from './support/reconciliation-rows.mjs';
import { percentile, round } from './support/stats.mjs';

const child = fileURLToPath(new URL('./support/api-child.mjs', import.meta.url));
const deepPage = 10_000;
const rowsPerPage = 50;

export async function reads({ databases, scale }) {
  const payments = Math.max(10_000, Math.round(5_000_000 * scale));
  const url = await databases.migrated('bench_reads');
  await fillReconciliation(url, payments);
  await databases.settle();
  const contenders = await startAll(url);
  // So many that the 99th percentile is not the slowest of all, and where one takes long not many more.
  const times = (count) => Math.max(100, Math.round(count * Math.min(1, scale * 10)));
  const year = { from: '2025-01-01', to: '2025-12-31' };
  const quarter = { from: '2025-04-01', to: '2025-06-30' };
  try {
    const deep = await cursorOf(contenders, year, Math.max(2, Math.round(deepPage * scale)));
    const cases = {
      page: await compared(contenders, { filter: quarter }, times(150)),
      deep_page: await compared(contenders, { filter: year, cursor: deep }, times(1_000)),
      totals: await compared(contenders, { filter: year }, times(100)),
    };
    return {
      figures: Object.fromEntries(Object.entries(cases).map(([name, { query, bare }]) =>
        [`${name}_p99_vs_sql`, round(percentile(query, 0.99) / percentile(bare, 0.99))])),
      details: {
        payments,
        ...Object.fromEntries(Object.entries(cases).map(([name, { query, bare, http }]) => [
          `${name} p50/p99 ms (times asked): query, bare SQL, HTTP`,
          [query, bare, http].map(spread).join(', '),
        ])),
      },
    };
  } finally {
    await contenders.stop();
    await databases.drop('bench_reads');
  }
}

const spread = (times) =>
  `${round(percentile(times, 0.5))}/${round(percentile(times, 0.99))} (${times.length})`;

/** The service in a process of its own, its query in this one, and a bare connection. */
async function startAll(url) {
  const api = await startApi(url);
  const product = openProduct(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const sent = { text: '', values: [] };
  const handler = new FindReconciliationsHandler({
    query: (viewer, text, values) => {
      Object.assign(sent, { text, values });
      return product.readStore.query(viewer, text, values);
    },
  });
  const accounts = bigPayeeAccounts.map(({ bankCode, accountNumber }, n) =>
    ({ accountId: api.accountIds[n], accountKey: accountKey(bankCode, accountNumber) }));
  return {
    query: async ({ limit = rowsPerPage, ...question }) => {
      const asked = new FindReconciliations(
        { accounts, sort: 'account-date', limit, ...question }, person({ accounts }));
      return (await handler.execute(asked)).json;
    },
    /** The SQL of the last query, by itself. */
    bare: () => client.query({ ...sent }),
    http: ({ filter, cursor }) => {
      const asked = new URLSearchParams([
        ...api.accountIds.map((id) => ['account', id]), ...Object.entries(filter), ['limit', rowsPerPage],
        ...(cursor ? [['cursor', cursor]] : []),
      ]);
      return api.ask(`/api/v1/reconciliations?${asked}`);
    },
    stop: async () => {
      await client.end();
      await product.close();
      api.stop();
    },
  };
}

async function startApi(databaseUrl) {
  const server = fork(child, [databaseUrl], { execArgv: ['--max-semi-space-size=32'] });
  const { url, token, accountIds } = await new Promise((resolve) => { server.once('message', resolve); });
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
    stop: () => server.kill(),
  };
}

/** Walks there by large steps; a cursor says where, not how one came. */
async function cursorOf({ query }, filter, page) {
  const stride = 500;
  let cursor;
  for (let row = 0; row < (page - 1) * rowsPerPage; row += stride) {
    const { next } = JSON.parse(await query({ filter, cursor, limit: stride }));
    if (!next) throw new Error(`there are fewer than ${page} pages`);
    cursor = next;
  }
  return cursor;
}

/**
 * Taken in turns, so that a slow moment of the machine hits all, and in changing order, so that none always
 * finds what the other has just warmed. HTTP, which is in no figure, comes every fourth turn: the order has
 * three, and at every third the same one would always bear what HTTP leaves behind. Milliseconds.
 */
async function compared({ query, bare, http }, question, count) {
  const answers = [await query(question), await http(question)].map((text) => JSON.parse(text));
  const { rows: [plain] } = await bare();
  const rows = [...answers.map((answer) => answer.rows), JSON.parse(plain.rows)];
  const distinct = new Set(rows.map((each) => JSON.stringify(each)));
  if (distinct.size > 1) throw new Error('the three answer differently');
  const times = { query: [], bare: [], http: [] };
  const contenders = [['query', () => query(question)], ['bare', bare], ['http', () => http(question)]];
  // A tenth more to begin with: the first of anything are slow, and nobody's.
  for (let turn = -Math.round(count / 10); turn < count; turn++) {
    contenders.push(contenders.shift());
    for (const [name, ask] of contenders) {
      if (name === 'http' && turn % 4 !== 0) continue;
      const time = await milliseconds(ask);
      if (turn >= 0) times[name].push(time);
    }
  }
  return times;
}

async function milliseconds(work) {
  const from = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - from) / 1e6;
}
