import type { ClientBase } from 'pg';

/** Commits what `work` did, or nothing of it. Where the connection died only the server knows which. */
export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A dead connection cannot roll back, and need not: the first error is the one to tell.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
