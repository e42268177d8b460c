import type { ClientBase } from 'pg';

export interface SavedTable {
  readonly name: string;
  /** The same order in every backup, so that equal contents give equal files. */
  readonly orderBy: string;
}

/**
 * What cannot be made again, in an order in which it may be loaded: a key after the subject it belongs to.
 * `read` is not among them: every table of it follows from the log.
 */
export const savedTables: readonly SavedTable[] = [
  { name: 'log.fact_types', orderBy: 'code' },
  { name: 'log.stream_categories', orderBy: 'code' },
  { name: 'log.events', orderBy: 'position' },
  { name: 'log.appends', orderBy: 'first_position, command_id' },
  { name: 'log.head', orderBy: 'position' },
  { name: 'keys.subjects', orderBy: 'subject' },
  { name: 'keys.personal_keys', orderBy: 'subject, purpose' },
  { name: 'identity.people', orderBy: 'person_id' },
  { name: 'identity.passwords', orderBy: 'registration_id' },
  { name: 'identity.tickets', orderBy: 'registration_id, purpose' },
  { name: 'identity.delegate_accesses', orderBy: 'delegation_id, account_id, kind, hour' },
  { name: 'identity.api_tokens', orderBy: 'credential_id' },
  // Files received and promised an answer, but not recorded yet.
  { name: 'work.batch_deliveries', orderBy: 'receipt' },
  { name: 'work.batch_file_chunks', orderBy: 'delivery_id, number' },
];

const schemas: readonly string[] = ['log', 'keys', 'identity', 'work'];

/** A table that a later version added and nobody listed would be missing on the day it is needed. */
export async function assertAllListed(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT n.nspname || '.' || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
    ORDER BY 1`, [schemas]);
  const listed = new Set(savedTables.map(({ name }) => name));
  const missing = rows.map(({ name }) => name).filter((name) => !listed.has(name));
  if (missing.length === 0) return;
  throw new Error(`no backup saves ${missing.join(', ')}: list it in saved-tables.ts`);
}

/** In the table's own order; named in the backup, so that it is readable by itself. */
export async function columnsOf(client: ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT quote_ident(attname) AS name FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum`, [table]);
  return rows.map(({ name }) => name);
}

/** The names of the migrations that made these tables. */
export async function appliedMigrations(client: ClientBase): Promise<string[]> {
  const { rows } =
    await client.query<{ name: string }>('SELECT name FROM applied_migrations ORDER BY name');
  return rows.map(({ name }) => name);
}
