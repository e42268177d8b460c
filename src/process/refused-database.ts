import pg from 'pg';

/** Wrong user or password, no such database: what the server says names neither password nor data. */
const refusals = /^(28|3D)/;

/** A sentence for whoever set DATABASE_URL wrongly; null for any other error. */
export function refusedDatabase(error: unknown): string | null {
  if (!(error instanceof pg.DatabaseError) || !refusals.test(error.code ?? '')) return null;
  return `資料庫拒絕連線，請檢查 DATABASE_URL。 The database refuses the connection, see DATABASE_URL: ${
    error.message} (${error.code})`;
}
