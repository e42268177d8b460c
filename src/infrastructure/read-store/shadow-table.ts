import type { ClientBase } from 'pg';
import type { EventLog, Position, StoredFact } from '../../application/event-log.js';
import { beforeFirst } from '../../application/event-log.js';
import type { Projection } from '../../projections/projection.js';
import { batchesOf } from './batches.js';
import { longStatement } from './long-statement.js';
import { ReadTable } from './read-table.js';
import { RowCopy } from './row-copy.js';
import { groupsOf, knownGroups, writeGroups } from './write-facts.js';

/**
 * A projection's table, built from the log in a schema of its own while nobody looks. It begins without key
 * and indexes: rows are only appended until a fact needs to find earlier ones, and indexes are cheapest built
 * at the end.
 */
export class ShadowTable {
  readonly table: ReadTable;
  private readonly copy: RowCopy;
  private reached: Position = beforeFirst;
  private isKeyed = false;

  constructor(private readonly client: ClientBase, projection: Projection, readonly schema: string) {
    this.table = new ReadTable(projection, schema);
    this.copy = new RowCopy(client, this.table);
  }

  get position(): Position {
    return this.reached;
  }

  /** Begins anew; what a killed run left behind goes. */
  async create(): Promise<void> {
    await this.client.query("SET statement_timeout = 0; SET maintenance_work_mem = '256MB'");
    await this.drop();
    await this.client.query(`CREATE SCHEMA "${this.schema}"; ${this.table.createSql}`);
  }

  async drop(): Promise<void> {
    await this.client.query(`DROP SCHEMA IF EXISTS "${this.schema}" CASCADE`);
  }

  /** Takes in everything up to `until`. While one batch is being written the next is read and decoded. */
  async advance(log: EventLog, until: Position, signal?: AbortSignal): Promise<void> {
    const facts = log.readAll(this.reached, { types: this.table.projection.sees, until });
    let writing = Promise.resolve();
    try {
      for await (const batch of batchesOf(facts, this.reached)) {
        await writing;
        signal?.throwIfAborted();
        writing = this.write(batch.facts);
        // Awaited one batch later; until then a failure must not count as unhandled.
        writing.catch(() => undefined);
      }
    } finally {
      await writing.finally(() => this.copy.close());
    }
    this.reached = until;
  }

  /** Forgets what a rolled back transaction took in. */
  returnTo(position: Position): void {
    this.reached = position;
  }

  async addKey(): Promise<void> {
    if (this.isKeyed) return;
    await this.run(this.table.primaryKeySql);
    this.isKeyed = true;
  }

  /**
   * VACUUM marks the pages as visible to all: without it no query of the new table could stay within an
   * index. It can do so only for rows whose commits are on disk; the synchronous commit of ANALYZE puts them
   * there.
   */
  async addIndexes(): Promise<void> {
    await this.addKey();
    for (const sql of this.table.indexSql) await this.run(sql);
    await this.client.query('SET synchronous_commit = on');
    await this.run(`ANALYZE ${this.table.name}`);
    await this.run(`VACUUM ${this.table.name}`);
  }

  private async write(facts: readonly StoredFact[]): Promise<void> {
    const groups = groupsOf(this.table, facts);
    if (knownGroups(groups).length > 0) {
      await this.copy.close();
      await this.addKey();
    }
    await writeGroups(this.client, this.table, groups, this.copy);
  }

  private async run(sql: string): Promise<void> {
    await this.client.query({ text: sql, ...longStatement });
  }
}
