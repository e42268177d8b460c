import pg from 'pg';
import type { Viewer } from '../../projections/viewer.js';
import { settingsOf, viewerSettings } from '../../projections/viewer.js';
import { viewerRoles } from './row-policies.js';

/**
 * Role and settings of the transaction: gone with it, so that no connection is left as somebody. Prepared
 * once per connection: to parse it each time would be a third of what becoming somebody costs.
 * PostgreSQL expects totals of every account there is, not of the twenty asked for, and at its usual price
 * for handing them over (0.1) would not share a year of a million rows with a second core.
 */
const becomeName = 'become-viewer';
const becomeSql = `SELECT set_config('role', $1, true), set_config('parallel_tuple_cost', '0.03', true), ${
  viewerSettings.map((name, i) => `set_config('${name}', $${i + 2}, true)`).join(', ')}`;

/** What `pg` calls back while a query is the one at work on its connection. */
interface AtWork {
  callback: (error: Error | undefined, result: pg.QueryResult) => void;
  submit(connection: pg.Connection): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
  handlePortalSuspended(connection: pg.Connection): void;
  handleEmptyQuery(connection: pg.Connection): void;
  handleError(error: Error, connection: pg.Connection): void;
  handleReadyForQuery(connection: pg.Connection): void;
}
interface Sends {
  readonly stream: { cork(): void; uncork(): void };
  /** By name: `pg` adds a statement when the server has said that it parsed it. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(statement: { name: string; text: string }): void;
  bind(values: { statement: string; values: readonly string[] }): void;
  execute(portal: { portal: string }): void;
}

/**
 * A query that first becomes its viewer, in the same packet: up to its end all messages are one transaction
 * of the server, so the role and the settings are set before the query is planned and gone after it, without
 * a further round trip.
 */
class ViewedQuery implements Pick<AtWork, 'submit'> {
  /** What `pg` takes for parsed when the server says so. */
  readonly name = becomeName;
  readonly text = becomeSql;
  private readonly query: AtWork;
  private hasBecome = false;

  constructor(
    private readonly viewer: Viewer, text: string, values: unknown[], public callback: AtWork['callback'],
  ) {
    const asked = { text, values, queryMode: 'extended' };
    this.query = new pg.Query(asked, (error, result) => this.callback(error, result as never)) as never;
  }

  /** Where `pg` puts how values of this connection are read. */
  get _result(): unknown {
    return (this.query as unknown as { _result: unknown })._result;
  }

  submit(connection: pg.Connection): Error | null {
    const sends = connection as unknown as Sends;
    sends.stream.cork();
    try {
      if (!sends.parsedStatements[becomeName]) sends.parse({ name: becomeName, text: becomeSql });
      const values = [viewerRoles[this.viewer.kind], ...settingsOf(this.viewer)];
      sends.bind({ statement: becomeName, values });
      sends.execute({ portal: '' });
      return this.query.submit(connection);
    } finally {
      sends.stream.uncork();
    }
  }

  handleDataRow(message: unknown): void {
    if (this.hasBecome) this.query.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: pg.Connection): void {
    if (this.hasBecome) this.query.handleCommandComplete(message, connection);
    this.hasBecome = true;
  }

  handleRowDescription(message: unknown): void { this.query.handleRowDescription(message); }
  handlePortalSuspended(connection: pg.Connection): void { this.query.handlePortalSuspended(connection); }
  handleEmptyQuery(connection: pg.Connection): void { this.query.handleEmptyQuery(connection); }
  handleError(error: Error, connection: pg.Connection): void { this.query.handleError(error, connection); }
  handleReadyForQuery(connection: pg.Connection): void { this.query.handleReadyForQuery(connection); }
}

/** Rows of the one statement `sql`, as far as the viewer may see them. */
export const queryAs = <R extends object>(
  client: pg.ClientBase, viewer: Viewer, sql: string, parameters: readonly unknown[],
): Promise<R[]> =>
  new Promise((resolve, reject) => {
    client.query(new ViewedQuery(viewer, sql, [...parameters], (error, result) =>
      (error ? reject(error) : resolve(result.rows as R[]))));
  });
