import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { EventLog, Position } from '../../application/event-log.js';
import type { Projection } from '../../projections/projection.js';
import type { Checkpoint } from './checkpoints.js';
import { holdCheckpoint, readCheckpoint } from './checkpoints.js';
import { longStatement } from './long-statement.js';
import { inSession } from './projector-session.js';
import { ReadTable, liveSchema } from './read-table.js';
import type { Difference } from './first-difference.js';
import { firstDifference } from './first-difference.js';
import { ShadowTable } from './shadow-table.js';
import { inTransaction } from './transaction.js';

const rowsPerFetch = 5_000;

export interface ProveOptions {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly projection: Projection;
  readonly signal?: AbortSignal;
}

/**
 * `digest`: SHA-256 of all rows in the key's order, as PostgreSQL writes them, so that two proofs can be
 * compared.
 */
interface Content { readonly rows: number; readonly digest: string }

interface Different {
  readonly outcome: 'different';
  readonly live: Content;
  readonly rebuilt: Content;
  readonly first: Difference;
}

export type Proof = { readonly projection: string; readonly position: Position } & (
  | ({ readonly outcome: 'equal' } & Content)
  | Different
  /** The live table was built by another version of the definition: rebuild it first. */
  | { readonly outcome: 'other-version'; readonly liveVersion: number; readonly version: number });

/**
 * Rebuilds the table from the log, beside the live one, up to exactly where the live one stands, and compares
 * the two byte for byte. Readers and the projector go on: the live side is read from a snapshot.
 */
export function prove(options: ProveOptions): Promise<Proof> {
  const { pool, projection, signal } = options;
  const session = { pool, projection: projection.name, purpose: 'prove', signal } as const;
  return inSession(session, (client) => compare(client, options));
}

async function compare(client: PoolClient, options: ProveOptions): Promise<Proof> {
  const { log, pool, projection, signal } = options;
  const { name, version } = projection;
  const live = await existingCheckpoint(pool, name);
  if (live.version !== version) {
    const { position, version: liveVersion } = live;
    return { projection: name, position, outcome: 'other-version', liveVersion, version };
  }
  const shadow = new ShadowTable(client, projection, `proof_${name}`);
  try {
    await shadow.create();
    await shadow.advance(log, live.position, signal);
    await shadow.addKey();
    // What came in meanwhile: the less is left for the moment in which the projector stands still.
    await shadow.advance(log, (await existingCheckpoint(pool, name)).position, signal);
    await openSnapshot(client, shadow, options);
    const verdict = await judge(client, new ReadTable(projection, liveSchema), shadow.table);
    await client.query('COMMIT');
    return { projection: name, position: shadow.position, ...verdict };
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await shadow.drop().catch(() => undefined);
  }
}

async function existingCheckpoint(pool: Pool, projection: string): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(pool, projection);
  if (!checkpoint) throw new Error(`${projection} has no checkpoint: its table was never created`);
  return checkpoint;
}

/**
 * A snapshot in which both tables stand at the same position. The projector is held for the few facts in
 * between; the table lock keeps a rebuild from swapping the live table away, whose successor the snapshot
 * could not see.
 */
async function openSnapshot(client: PoolClient, shadow: ShadowTable, options: ProveOptions): Promise<void> {
  const { log, pool } = options;
  const { projection } = shadow.table;
  const holder = await pool.connect();
  try {
    await inTransaction(holder, async () => {
      const held = await holdCheckpoint(holder, projection.name);
      if (held?.version !== projection.version) throw new Error(`${projection.name} has changed its version`);
      await shadow.advance(log, held.position);
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query(`LOCK TABLE ${new ReadTable(projection, liveSchema).name} IN ACCESS SHARE MODE`);
      await client.query('SELECT FROM read.checkpoints');
    });
  } finally {
    holder.release();
  }
}

type Verdict = ({ readonly outcome: 'equal' } & Content) | Different;

async function judge(client: PoolClient, live: ReadTable, rebuilt: ReadTable): Promise<Verdict> {
  const contents = { live: await contentOf(client, live), rebuilt: await contentOf(client, rebuilt) };
  if (contents.live.digest === contents.rebuilt.digest) return { outcome: 'equal', ...contents.live };
  return { outcome: 'different', ...contents, first: await firstDifference(client, live, rebuilt) };
}

/** Read by a cursor: the whole table passes through, a page at a time is in memory. */
async function contentOf(client: PoolClient, table: ReadTable): Promise<Content> {
  const hash = createHash('sha256');
  let rows = 0;
  await client.query(
    `DECLARE content CURSOR FOR SELECT t::text AS line FROM ${table.name} AS t ORDER BY ${table.primaryKey}`);
  for (;;) {
    const page = await client.query<{ line: string }>(
      { text: `FETCH ${rowsPerFetch} FROM content`, ...longStatement });
    for (const { line } of page.rows) hash.update(`${line}\n`);
    rows += page.rows.length;
    if (page.rows.length < rowsPerFetch) break;
  }
  await client.query('CLOSE content');
  return { rows, digest: hash.digest('hex') };
}
