import type pg from 'pg';

/** A session's counts are complete when it has ended: waits until the administrator's is the only one. */
export async function untilOthersEnded(administrator: pg.Client): Promise<void> {
  for (let others = true; others;) {
    const { rows: [row] } = await administrator.query<{ others: boolean }>(`SELECT count(*) > 0 AS others
      FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'`);
    others = row?.others ?? false;
  }
}
