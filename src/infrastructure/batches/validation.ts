import type pg from 'pg';
import { BatchErrors } from '../../application/payment-batches/batch-errors.js';
import type { BatchLine } from '../../application/payment-batches/batch-lines.js';
import { isPaymentLine } from '../../application/payment-batches/batch-lines.js';
import {
  checkDate, checkNewPayment, checkTogether, knownPayments, linesOfOnePayment,
} from '../../application/payment-batches/check-lines.js';
import type { EventLog } from '../../application/event-log.js';
import type { BatchTotals } from '../../domain/payment-batches/payment-batch.events.js';
import { isNewBatchId } from '../../domain/payment-batches/payment-batch.js';
import type { LatestDates } from '../../domain/payments/latest-dates.js';
import { latestDates } from '../../domain/payments/latest-dates.js';
import type { BatchFile } from './batch-reading.js';
import { readBatch } from './batch-reading.js';
import type { BatchHeader, BatchLineSink } from './batch-records.js';
import type { CsvRecord } from './payment-records.js';
import { PaymentRecords } from './payment-records.js';
import type { ReadAgain } from './staged-lines.js';
import { StagedLines } from './staged-lines.js';

/** Payments asked of the log in one read, while the file is read on. */
const paymentsPerCheck = 1_000;

export interface Validation {
  /** Null when it cannot be read. */
  readonly header: BatchHeader | null;
  readonly totals: BatchTotals;
  readonly statusChanges: number;
  readonly errors: BatchErrors;
}
export interface ValidationWiring {
  readonly log: EventLog;
  /** A connection of the validation's own: its temporary table and COPY live on it. */
  readonly client: pg.ClientBase;
  readonly knownBankCodes: ReadonlySet<string>;
  progressed(lines: number): void;
}

/**
 * The whole file, judged line by line, against the log, and line against line, before anything of it is
 * recorded.
 */
export async function validate(file: BatchFile, wiring: ValidationWiring): Promise<Validation> {
  const errors = new BatchErrors();
  const staged = await StagedLines.begin(wiring.client);
  const checks = new PaymentChecks(wiring.log, errors, staged);
  const reading = { knownBankCodes: wiring.knownBankCodes, errors, sink: checks };
  let result: Omit<Validation, 'errors'> =
    { header: null, totals: { payments: 0, invoices: 0, amount: 0 }, statusChanges: 0 };
  for await (const { header, tally, lastLine } of readBatch(file, reading)) {
    await checks.keepPace();
    wiring.progressed(lastLine);
    const named = header && isNewBatchId(header.batchId) ? header : null;
    result = { header: named, totals: tally.totals, statusChanges: tally.statusChanges };
  }
  await checks.end();
  await staged.end();
  const records = new PaymentRecords(wiring.knownBankCodes, new BatchErrors());
  const readAgain: ReadAgain = (source, line) =>
    records.readAgain(source, line, result.header?.batchId ?? '');
  for await (const payments of staged.together(linesOfOnePayment, readAgain)) {
    await checkTogether(wiring.log, payments, errors);
  }
  return { ...result, errors };
}

/**
 * Judges each line by itself, and asks the log about the payments, one read at a time, without keeping the
 * file waiting for it. Of a line only its payment's id is kept: what lives longer than its line is what
 * cleaning up memory costs.
 */
class PaymentChecks implements BatchLineSink {
  private gathered: string[] = [];
  private checking: Promise<void> = Promise.resolve();
  /** Null until H was read, and for good when its time is wrong. */
  private latest: LatestDates | null = null;

  constructor(
    private readonly log: EventLog,
    private readonly errors: BatchErrors,
    private readonly staged: StagedLines,
  ) {}

  header({ batchId, issuedAt }: BatchHeader, line: number): void {
    if (!isNewBatchId(batchId)) this.errors.add(line, 'batch/invalid-id', 'batchId');
    this.latest = latestDates(issuedAt);
  }

  line(line: BatchLine, source: readonly CsvRecord[]): void {
    const isInTime = this.latest === null || checkDate(line, this.latest, this.errors);
    if (!isPaymentLine(line)) {
      if (isInTime) this.staged.addLine(line, source);
      return;
    }
    const isRight = checkNewPayment(line, this.errors) && isInTime;
    if (!isRight) return this.staged.addWrongPayment(line.line, line.paymentId);
    this.staged.addLine(line, source);
    this.gathered.push(line.paymentId);
  }

  wrongPayment(line: number, paymentId: string): void {
    this.staged.addWrongPayment(line, paymentId);
  }

  async keepPace(): Promise<void> {
    await this.staged.keepPace();
    if (this.gathered.length >= paymentsPerCheck) await this.check();
  }

  async end(): Promise<void> {
    await this.check();
    await this.checking;
  }

  private async check(): Promise<void> {
    await this.checking;
    const paymentIds = this.gathered;
    this.gathered = [];
    this.checking = this.markKnown(paymentIds);
    this.checking.catch(() => undefined);
  }

  private async markKnown(paymentIds: readonly string[]): Promise<void> {
    for (const paymentId of await knownPayments(this.log, paymentIds)) this.staged.addKnown(paymentId);
  }
}
