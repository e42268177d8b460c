import type { ClientBase } from 'pg';
import type { EventLog, Position, StoredFact } from '../../application/event-log.js';
import { beforeFirst, comparePositions } from '../../application/event-log.js';
import type { Projection } from '../../projections/projection.js';
import { copyIn } from '../postgres/copy-in.js';
import { factsPerBatch } from './batches.js';
import { FirstFold } from './first-fold.js';
import { longStatement } from './long-statement.js';
import { ReadTable } from './read-table.js';
import { policySql } from './row-policies.js';
import { writeFacts } from './write-facts.js';

/**
 * How many facts of rows already written may wait in memory, about a kilobyte each. The longer they wait the
 * longer the table goes without its key.
 */
const mostPutBy = 50_000;

/**
 * A projection's table, built from the log in a schema of its own while nobody looks. It begins without key
 * and indexes: rows are only appended until facts need to find earlier ones, and indexes are cheapest built
 * at the end.
 */
export class ShadowTable {
  readonly table: ReadTable;
  private reached: Position = beforeFirst;
  private isKeyed = false;
  private lastRead: Position = beforeFirst;

  constructor(
    private readonly client: ClientBase, projection: Projection, readonly schema: string,
    private readonly putByLimit = mostPutBy,
  ) {
    this.table = new ReadTable(projection, schema);
  }

  get position(): Position {
    return this.reached;
  }

  /** For whoever watches: how far the log was read, be it written or not. */
  get readUpTo(): Position {
    return this.lastRead;
  }

  /** Begins anew; what a killed run left behind goes. */
  async create(): Promise<void> {
    await this.client.query("SET statement_timeout = 0; SET maintenance_work_mem = '256MB'");
    await this.drop();
    const { createSql } = this.table;
    await this.client.query(`CREATE SCHEMA "${this.schema}"; ${createSql}; ${policySql(this.table)}`);
  }

  async drop(): Promise<void> {
    await this.client.query(`DROP SCHEMA IF EXISTS "${this.schema}" CASCADE`);
  }

  /** Takes in everything up to `until`. */
  async advance(log: EventLog, until: Position, signal?: AbortSignal): Promise<void> {
    while (comparePositions(this.reached, until) < 0) {
      const fold = new FirstFold(this.table);
      const lines = this.firstLines(fold, log, until, signal);
      await copyIn(this.client, this.table.copySql, lines, longStatement);
      if (fold.putBy.length > 0) await this.takeIn(fold.putBy, signal);
    }
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
   * there. Rows that were replaced go before the other indexes would have to be searched for them.
   */
  async addIndexes(): Promise<void> {
    await this.addKey();
    await this.client.query('SET synchronous_commit = on');
    await this.run(`ANALYZE ${this.table.name}`);
    await this.run(`VACUUM ${this.table.name}`);
    for (const sql of this.table.indexSql) await this.run(sql);
  }

  /** Ends at `until`, or where so many facts wait that they must be taken in first. */
  private async *firstLines(
    fold: FirstFold, log: EventLog, until: Position, signal?: AbortSignal,
  ): AsyncGenerator<Buffer> {
    let end = until;
    for await (const fact of log.readAll(this.reached, { types: this.table.projection.sees, until })) {
      fold.take(fact);
      if (fold.lines.isFull) {
        signal?.throwIfAborted();
        this.lastRead = fact.position;
        yield fold.lines.take();
      }
      if (fold.putBy.length < this.putByLimit) continue;
      end = fact.position;
      break;
    }
    fold.endGroup();
    yield fold.lines.take();
    this.reached = this.lastRead = end;
  }

  private async takeIn(facts: readonly StoredFact[], signal?: AbortSignal): Promise<void> {
    await this.addKey();
    // Of a table never analysed PostgreSQL expects so many rows in each group that it might read them all.
    await this.client.query('SET enable_seqscan = off');
    for (let from = 0; from < facts.length; from += factsPerBatch) {
      signal?.throwIfAborted();
      await writeFacts(this.client, this.table, facts.slice(from, from + factsPerBatch));
    }
    await this.client.query('RESET enable_seqscan');
  }

  private async run(sql: string): Promise<void> {
    await this.client.query({ text: sql, ...longStatement });
  }
}
