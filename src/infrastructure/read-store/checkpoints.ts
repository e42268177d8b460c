import type { ClientBase, Pool } from 'pg';
import type { Position, StreamName } from '../../application/event-log.js';

/** Which fact a projector could not pass, and why; never what the fact says. */
export interface Stop {
  readonly position: Position;
  readonly stream: StreamName;
  readonly type: string;
  readonly why: string;
}

/** How far a table has come, and under which version of its definition it was built. */
export interface Checkpoint {
  readonly projection: string;
  readonly version: number;
  readonly position: Position;
  /** Set while the projector stands before a fact that it cannot take in. */
  readonly stopped: Stop | null;
}

type Queryable = Pick<Pool | ClientBase, 'query'>;
type CheckpointRow = Omit<Checkpoint, 'stopped'> & { readonly stopped: string | null };

const selectCheckpoints = 'SELECT projection, version, position, stopped FROM read.checkpoints';

export async function readCheckpoints(database: Queryable): Promise<Checkpoint[]> {
  const { rows } = await database.query<CheckpointRow>(`${selectCheckpoints} ORDER BY projection`);
  return rows.map(checkpointOf);
}

export async function readCheckpoint(database: Queryable, projection: string): Promise<Checkpoint | null> {
  const { rows } = await database.query<CheckpointRow>(
    `${selectCheckpoints} WHERE projection = $1`, [projection]);
  return rows[0] ? checkpointOf(rows[0]) : null;
}

/** As `readCheckpoint`, and nobody moves it until the caller's transaction ends. */
export async function holdCheckpoint(client: ClientBase, projection: string): Promise<Checkpoint | null> {
  const { rows } = await client.query<CheckpointRow>(
    `${selectCheckpoints} WHERE projection = $1 FOR UPDATE`, [projection]);
  return rows[0] ? checkpointOf(rows[0]) : null;
}

export interface Move {
  readonly projection: string;
  readonly version: number;
  readonly from: Position;
  readonly to: Position;
}

/**
 * Compare and set: false when the checkpoint is not where the mover read it, so somebody else has moved it.
 */
export async function moveCheckpoint(client: ClientBase, move: Move): Promise<boolean> {
  const { projection, version, from, to } = move;
  const { rowCount } = await client.query(
    `UPDATE read.checkpoints SET position = $4, stopped = NULL
     WHERE projection = $1 AND version = $2 AND position = $3`,
    [projection, version, from, to]);
  return rowCount === 1;
}

/**
 * After a swap the table is another one, so version and position are set, not compared: the caller holds the
 * row.
 */
export async function setCheckpoint(
  client: ClientBase, projection: string, version: number, position: Position,
): Promise<void> {
  await client.query(
    'UPDATE read.checkpoints SET version = $2, position = $3, stopped = NULL WHERE projection = $1',
    [projection, version, position]);
}

export async function addCheckpoint(client: ClientBase, projection: string, version: number): Promise<void> {
  await client.query(
    'INSERT INTO read.checkpoints (projection, version, position) VALUES ($1, $2, 0)', [projection, version]);
}

export async function recordStop(database: Queryable, projection: string, stop: Stop): Promise<void> {
  await database.query(
    'UPDATE read.checkpoints SET stopped = $2 WHERE projection = $1', [projection, JSON.stringify(stop)]);
}

const checkpointOf = ({ stopped, ...checkpoint }: CheckpointRow): Checkpoint =>
  ({ ...checkpoint, stopped: stopped === null ? null : (JSON.parse(stopped) as Stop) });
