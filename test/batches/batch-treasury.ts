import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import {
  ImportBankCodeList, ImportBankCodeListHandler,
} from '../../src/application/bank-codes/import-bank-code-list.js';
import type { EventLog, StoredFact } from '../../src/application/event-log.js';
import type {
  BatchCharset, Delivery, DeliveryOutcome,
} from '../../src/application/payment-batches/batch-intake.js';
import { paymentBatchStream, paymentIdOf, paymentStream } from '../../src/application/stream-names.js';
import { FiscListReader } from '../../src/infrastructure/bank-code-lists/fisc-list-reader.js';
import type { BatchWorkerWiring } from '../../src/infrastructure/batches/batch-worker.js';
import { BatchWorker } from '../../src/infrastructure/batches/batch-worker.js';
import { PostgresBatchIntake } from '../../src/infrastructure/batches/postgres-batch-intake.js';
import { DomainEventLog } from '../../src/infrastructure/event-store/domain-event-log.js';
import type { EventStore } from '../../src/infrastructure/event-store/event-store.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { InMemoryKeyTable } from '../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../src/infrastructure/keys/sealing-keys.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';

export const operator = '5d1c6f1e-6c0f-4f66-9b38-5a3f0f5f7d21';
const now = (): string => '2026-11-01T02:03:04.000Z';
/** Those the demo people bank with, and a few more. */
export const bankCodes = ['0040037', '0050050', '0099689', '7000021', '8080598', '0000022', '0041090'];

interface Changed {
  log?(log: EventLog): EventLog;
  readonly linesPerChunk?: number;
  /** Where the log is, if not in the database; closed with the treasury. */
  readonly store?: EventStore;
}

/** One process of the service as far as batches are concerned: its connections, its worker, its intake. */
export class BatchTreasury {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly intake: PostgresBatchIntake;
  readonly worker: BatchWorker;
  readonly errors: unknown[] = [];
  private readonly store: EventStore;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(readonly url: string, changed: Changed = {}) {
    this.pool = createPool(url, { applicationName: 'test' });
    this.store = changed.store ?? new PostgresEventStore(url);
    const keys = new SealingKeys(new InMemoryKeyTable(), MasterKey.random());
    const log = new DomainEventLog(this.store, keys);
    this.log = changed.log?.(log) ?? log;
    const logger = {
      info: () => undefined,
      error: (what: object) => void this.errors.push((what as { err: unknown }).err),
    };
    const wiring: BatchWorkerWiring = {
      databaseUrl: url, pool: this.pool, log: this.log, now, logger, linesPerChunk: changed.linesPerChunk,
    };
    this.worker = new BatchWorker(wiring);
    this.intake = new PostgresBatchIntake({ pool: this.pool, now, wake: () => this.worker.wake() });
  }

  async importBankCodes(codes: readonly string[] = bankCodes, confirmClosures?: number): Promise<void> {
    const rows = codes.map((code) => `${code.slice(0, 3)},${code.slice(3)},測試銀行,${code}分行,x\r\n`);
    const file = Buffer.from(`銀行代號,分支機構代號,金融機構名稱,分支機構名稱,地址\r\n${rows.join('')}`);
    const reader = new FiscListReader({ printedNames: new Map(), schemes: new Map() });
    const fingerprint = createHash('sha256').update(file).digest('hex');
    const principal = { id: operator, roles: [] };
    const context = { principal, commandId: randomUUID(), fingerprint, at: now() };
    await new ImportBankCodeListHandler(this.log, reader)
      .execute(new ImportBankCodeList(context, { file, charset: 'utf-8', confirmClosures }));
  }

  work(): this {
    this.running = this.worker.run(this.stopping.signal);
    return this;
  }

  async receive(file: string | Uint8Array, charset: BatchCharset = 'utf-8'): Promise<string> {
    const by = { charset, deliveredBy: operator };
    const received = await this.intake.receive(inPieces(Buffer.from(file)), by);
    return received.deliveryId;
  }

  async finished(deliveryId: string): Promise<Delivery & { outcome: DeliveryOutcome }> {
    const delivery = await this.intake.waitForOutcome(deliveryId, 60_000);
    if (!delivery?.outcome) {
      throw new Error(`not finished: ${JSON.stringify(delivery)} ${String(this.errors[0])}`);
    }
    return { ...delivery, outcome: delivery.outcome };
  }

  async deliver(file: string | Uint8Array, charset: BatchCharset = 'utf-8'): Promise<DeliveryOutcome> {
    return (await this.finished(await this.receive(file, charset))).outcome;
  }

  async factsOf(stream: string): Promise<StoredFact[]> {
    const facts: StoredFact[] = [];
    for await (const fact of this.log.readStream(stream)) facts.push(fact);
    return facts;
  }

  async paymentFacts(voucherNo: string, seq = '1'): Promise<{ type: string; data: object }[]> {
    const paymentId = paymentIdOf({ agencyCode: 'A1', fiscalYear: 115, voucherNo, seq });
    return (await this.factsOf(paymentStream(paymentId))).map(({ type, data }) => ({ type, data }));
  }

  async batchFacts(batchId: string): Promise<string[]> {
    return (await this.factsOf(paymentBatchStream(batchId))).map(({ type }) => type);
  }

  /** Rows that only files under way may have. */
  async leftovers(): Promise<{ chunks: number; deliveries: number }> {
    const { rows: [counts] } = await this.pool.query<{ chunks: number; deliveries: number }>(`
      SELECT (SELECT count(*)::int FROM work.batch_file_chunks) AS chunks,
        (SELECT count(*)::int FROM work.batch_deliveries WHERE phase <> 'finished') AS deliveries`);
    return counts;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.store.close();
    await this.pool.end();
  }
}

/** As a network delivers: in pieces of no particular size. */
export async function* inPieces(file: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < file.length; from += 10_007) yield file.subarray(from, from + 10_007);
}
