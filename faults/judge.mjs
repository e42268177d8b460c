// Holds what clients were promised against what is there: the log's own tables, and the read tables against a
// replay. Reads the tables directly, so that no bug of the service's reading can hide one of its writing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const factsAfter = `SELECT e.position::text, c.name || '-' || e.stream AS stream, t.name AS type, e.id::text,
    e.metadata->>'commandId' AS command
  FROM log.events e JOIN log.fact_types t ON t.code = e.type
  JOIN log.stream_categories c ON c.code = e.category
  WHERE e.position > $1 ORDER BY e.position`;
const positions = `SELECT count(*)::int AS facts, coalesce(max(position), 0)::int AS last,
  (SELECT position::int FROM log.head) AS head,
  count(DISTINCT id)::int AS ids, (SELECT coalesce(sum(last_position - first_position + 1), 0)::int
    FROM log.appends WHERE first_position IS NOT NULL) AS appended
  FROM log.events`;

/** How the facts after `base` differ from what was acknowledged. */
export async function judgeLog(pool, ledger, base) {
  const { rows: facts } = await pool.query(factsAfter, [base]);
  const { rows: [count] } = await pool.query(positions);
  const { rows: [{ unfinished }] } = await pool.query(
    `SELECT count(*)::int AS unfinished FROM work.batch_deliveries WHERE phase <> 'finished'`);
  const dense = count.facts === count.last && count.last === count.head && count.facts === count.appended;
  const { lost, duplicated, examples } = compareStories(facts, ledger.stories);
  return {
    facts: facts.length, lost, duplicated: duplicated + count.facts - count.ids,
    gaps: dense ? [] : [JSON.stringify(count)], unfinished_deliveries: unfinished, examples,
  };
}

/**
 * Lost: acknowledged, and not where the answer said, or not in its stream. Duplicated: in the log beyond what
 * was acknowledged, as every command was by now.
 */
function compareStories(facts, stories) {
  const actual = new Map();
  for (const fact of facts) actual.set(fact.stream, [...(actual.get(fact.stream) ?? []), fact]);
  const at = new Map(facts.map((fact) => [fact.position, fact]));
  const found = { lost: 0, duplicated: 0, examples: [] };
  const told = (what, stream, type) => found.examples.length < 20
    && found.examples.push(`${what}: ${type} in ${stream}`);
  for (const [stream, story] of stories) {
    for (const { type, position } of story) {
      const there = position === null ? null : at.get(position);
      if (position === null || (there?.stream === stream && there.type === type)) continue;
      found.lost++;
      told(`not at ${position}`, stream, type);
    }
  }
  for (const stream of new Set([...stories.keys(), ...actual.keys()])) {
    const surplus = new Map();
    for (const { type } of actual.get(stream) ?? []) surplus.set(type, (surplus.get(type) ?? 0) + 1);
    for (const { type } of stories.get(stream) ?? []) surplus.set(type, (surplus.get(type) ?? 0) - 1);
    for (const [type, more] of surplus) {
      if (more > 0) found.duplicated += more;
      // Those with a position were counted above.
      const unplaced = (stories.get(stream) ?? [])
        .some((each) => each.type === type && each.position === null);
      if (more < 0 && unplaced) found.lost -= more;
      if (more !== 0) told(`${more > 0 ? '+' : ''}${more}`, stream, type);
    }
  }
  return found;
}

/** Rows that a rebuild from the log would change, table by table. The projectors must have ended. */
export async function judgeTables(copy, parts) {
  const { projections } = await copy.load('projections/projections.js');
  const { rebuild } = await copy.load('infrastructure/read-store/rebuild.js');
  const { ReadTable, liveSchema } = await copy.load('infrastructure/read-store/read-table.js');
  const { pool, log } = parts;
  const differing = {};
  for (const projection of projections) {
    const { name } = new ReadTable(projection, liveSchema);
    const live = await rowsOf(pool, name);
    await rebuild({ log, pool, projection });
    const rows = differences(live, await rowsOf(pool, name));
    if (rows > 0) differing[projection.name] = rows;
  }
  return differing;
}

async function rowsOf(pool, table) {
  const { rows } = await pool.query(`SELECT t::text AS row FROM ${table} AS t`);
  return rows.map(({ row }) => row);
}

function differences(live, rebuilt) {
  const surplus = new Map();
  for (const row of live) surplus.set(row, (surplus.get(row) ?? 0) + 1);
  for (const row of rebuilt) surplus.set(row, (surplus.get(row) ?? 0) - 1);
  return [...surplus.values()].reduce((sum, more) => sum + Math.abs(more), 0);
}

/** `npm run prove`, as an operator runs it: whether it says "equal", and its words where it does not. */
export async function proven(copy, environment) {
  const child = spawn(process.execPath, [copy.command('prove')], {
    env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (text) => { words += text; });
  const [code] = await once(child, 'close');
  return { equal: code === 0, words: code === 0 ? '' : words };
}
