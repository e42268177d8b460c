import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Viewer } from '../../projections/viewer.js';
import type { ReadTable } from './read-table.js';

/**
 * Whom a query runs as. They cannot sign in, own nothing, and may read the tables of projections and nothing
 * else of the database: no log, no keys, no sessions.
 */
export const viewerRoles: Readonly<Record<Viewer['kind'], string>> = {
  person: 'treasury_person', staff: 'treasury_staff',
};

/**
 * The owner is exempt: a projector writes by COPY, which tables with policies for the writer do not take. So
 * every query of the read store gives up being the owner first. Without `parallel_workers` PostgreSQL takes
 * the ranges of an index that policy and query name together for too small to be shared, however large.
 */
export function policySql(table: ReadTable): string {
  const { rowsFor } = table.projection;
  const policies = (['person', 'staff'] as const).map((kind) => {
    const shown = rowsFor[kind];
    if (shown === 'none') return '';
    const condition = shown === 'all' ? 'true' : shown.where;
    return `CREATE POLICY of_${kind} ON ${table.name}
      FOR SELECT TO ${viewerRoles[kind]} USING (${condition});`;
  });
  return `ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table.name} SET (parallel_workers = 2);
    ${policies.join('\n    ')}
    GRANT SELECT ON ${table.name} TO ${viewerRoles.person}, ${viewerRoles.staff};
    COMMENT ON TABLE ${table.name} IS '${markOf(table)}';`;
}

/** So that a start finds out, without a lock, whether a table has the policies of this version. */
const markOf = ({ projection: { rowsFor } }: ReadTable): string =>
  `policies ${createHash('sha256').update(JSON.stringify(rowsFor)).digest('hex').slice(0, 16)}`;

/** A table that an earlier version made, or that says otherwise than this one whose rows are whose. */
export async function renewPolicies(client: ClientBase, table: ReadTable): Promise<void> {
  const { rows: [found] } = await client.query<{ mark: string | null }>(
    'SELECT obj_description(to_regclass($1)) AS mark', [table.name]);
  if (found?.mark === markOf(table)) return;
  await client.query(`DROP POLICY IF EXISTS of_person ON ${table.name};
    DROP POLICY IF EXISTS of_staff ON ${table.name};
    ${policySql(table)}`);
}

const insufficientPrivilege = '42501';

/** The roles belong to the whole server, so a database restored into another one may lack them. */
export async function ensureViewerRoles(client: ClientBase): Promise<void> {
  for (const role of Object.values(viewerRoles)) {
    await client.query(createRoleSql(role)).catch((error: unknown) => { throw explained(error, role); });
    const { rows: [found] } = await client.query<{ is_bound: boolean }>(
      `SELECT NOT (rolsuper OR rolbypassrls OR rolcanlogin) AS is_bound
       FROM pg_roles WHERE rolname = $1`, [role]);
    if (!found?.is_bound) throw new Error(`${role} must be NOLOGIN NOSUPERUSER NOBYPASSRLS`);
  }
  await client.query(`GRANT USAGE ON SCHEMA read TO ${Object.values(viewerRoles).join(', ')}`);
}

/**
 * Services of other databases of the same server may create the same role at the same moment. Who creates a
 * role may give it, and from PostgreSQL 16 on has to give it to itself before becoming it.
 */
const createRoleSql = (role: string): string => `
  DO $$
  BEGIN
    IF to_regrole('${role}') IS NULL THEN
      BEGIN
        CREATE ROLE ${role} NOLOGIN;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
    BEGIN
      PERFORM set_config('role', '${role}', true);
    EXCEPTION WHEN insufficient_privilege OR invalid_parameter_value THEN
      GRANT ${role} TO CURRENT_USER;
    END;
    PERFORM set_config('role', 'none', true);
  END $$`;

function explained(error: unknown, role: string): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === insufficientPrivilege)) return error;
  return new Error(`資料庫使用者不得建立角色，請由管理者執行： The database user may not create roles; its administrator
can: CREATE ROLE ${role} NOLOGIN; GRANT ${role} TO <the user of DATABASE_URL>;`, { cause: error });
}
