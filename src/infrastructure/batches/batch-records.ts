import type { BatchErrorCode, BatchErrors } from '../../application/payment-batches/batch-errors.js';
import type { BatchLine } from '../../application/payment-batches/batch-lines.js';
import { isBatchId } from '../../domain/payment-batches/payment-batch.js';
import { mostInvoices } from '../../domain/payments/payment-details.js';
import { parseInstant } from './field-values.js';
import { BatchTally } from './batch-tally.js';
import type { CsvRecord, DraftPayment } from './payment-records.js';
import { PaymentRecords } from './payment-records.js';

export interface BatchHeader { readonly batchId: string; readonly issuedAt: string }

/** Receives what is found in a file, in the order of its lines. */
export interface BatchLineSink {
  /** A header that can be read, before any line. */
  header?(header: BatchHeader, line: number): void;
  /** A line that can be judged further, and the records it was made of. */
  line(line: BatchLine, source: readonly CsvRecord[]): void;
  /** A payment that is known by its key but wrong elsewhere: later lines about it are not blamed for that. */
  wrongPayment(line: number, paymentId: string): void;
}

const fieldCounts = { H: 4, P: 14, I: 4, S: 8, T: 4 } as const;
type Kind = keyof typeof fieldCounts;

/**
 * Reads the records H, P, I, S, T of one file one after another, and holds no more than the payment it is at.
 */
export class BatchRecords {
  readonly tally = new BatchTally();
  /** Null until H was read, and for good when it is wrong. */
  header: BatchHeader | null = null;
  lastLine = 0;
  private seen = 0;
  private trailed = false;
  private draft: DraftPayment | null = null;
  /** Whether an I may follow: behind a P, even one with errors. */
  private behindPayment = false;
  private readonly payments: PaymentRecords;

  constructor(
    knownBankCodes: ReadonlySet<string>,
    private readonly errors: BatchErrors,
    private readonly sink: BatchLineSink,
  ) {
    this.payments = new PaymentRecords(knownBankCodes, errors);
  }

  add(record: readonly string[], line: number): void {
    this.lastLine = line;
    const kind = record[0] as Kind;
    if (this.seen++ === 0 && kind !== 'H') this.error(line, 'batch/missing-header');
    if (kind === 'I') return this.addInvoice(record, line);
    this.finishPayment();
    if (this.trailed) return this.error(line, 'batch/after-trailer');
    if (!Object.hasOwn(fieldCounts, kind)) return this.error(line, 'batch/unknown-record');
    this.behindPayment = kind === 'P';
    if (record.length !== fieldCounts[kind]) {
      if (kind === 'P') this.tally.addPayment(null);
      return this.error(line, 'batch/wrong-field-count');
    }
    switch (kind) {
      case 'H': return this.addHeader(record, line);
      case 'P': return this.addPayment(record, line);
      case 'S': return this.addStatus(record, line);
      case 'T': return this.addTrailer(record, line);
    }
  }

  end(): void {
    this.finishPayment();
    if (this.seen === 0) this.error(1, 'batch/empty-file');
    else if (!this.trailed) this.error(this.lastLine, 'batch/missing-trailer');
  }

  private addHeader([, version, batchId, issued]: readonly string[], line: number): void {
    if (this.seen > 1) return this.error(line, 'batch/second-header');
    const issuedAt = parseInstant(issued);
    if (version !== '1') this.error(line, 'batch/unsupported-version', 'version');
    if (!isBatchId(batchId)) this.error(line, 'batch/invalid-id', 'batchId');
    if (issuedAt === null) this.error(line, 'batch/invalid-time', 'issuedAt');
    if (!isBatchId(batchId)) return;
    this.header = { batchId, issuedAt: issuedAt ?? '' };
    this.sink.header?.(this.header, line);
  }

  private addPayment(record: readonly string[], line: number): void {
    this.draft = this.payments.readPayment(record, line, this.header?.batchId ?? '');
    this.tally.addPayment(this.draft.amount);
  }

  private addInvoice(record: readonly string[], line: number): void {
    if (this.trailed) return this.error(line, 'batch/after-trailer');
    this.tally.invoices++;
    if (!this.behindPayment) return this.error(line, 'batch/invoice-without-payment');
    if (record.length !== fieldCounts.I) {
      if (this.draft) this.draft.wrong = true;
      return this.error(line, 'batch/wrong-field-count');
    }
    const invoice = this.payments.readInvoice(record, line);
    if (!this.draft) return;
    this.draft.source.push(record);
    if (!invoice) this.draft.wrong = true;
    else if (this.draft.invoices.push(invoice) === mostInvoices + 1) {
      this.draft.wrong = true;
      this.error(line, 'batch/too-many-invoices');
    }
  }

  private addStatus(record: readonly string[], line: number): void {
    const status = this.payments.readStatus(record, line, this.header?.batchId ?? '');
    if (!status) return;
    this.tally.statusChanges++;
    this.sink.line(status, [record]);
  }

  private addTrailer(record: readonly string[], line: number): void {
    this.trailed = true;
    for (const { code, field } of this.tally.differences(record)) this.error(line, code, field);
  }

  private finishPayment(): void {
    const { draft } = this;
    if (!draft) return;
    this.draft = null;
    if (!draft.wrong) this.sink.line(draft.payment, draft.source);
    else if (draft.paymentId !== null) this.sink.wrongPayment(draft.line, draft.paymentId);
  }

  private error(line: number, code: BatchErrorCode, field?: string): void {
    this.errors.add(line, code, field);
  }
}
