import type pg from 'pg';
import type { BatchLine } from '../../application/payment-batches/batch-lines.js';
import type { LinesOfPayment } from '../../application/payment-batches/check-lines.js';
import { copyIn } from '../postgres/copy-in.js';
import { BoundedQueue } from './bounded-queue.js';
import type { CsvRecord } from './payment-records.js';

/** Rows are handed to COPY in pieces of this size. */
const pieceBytes = 64 * 1024;
const mostBytesPerCharacter = 3;
/** Pieces that may wait for the server before reading the file pauses. */
const mostWaiting = 8;
const rowsPerFetch = 2_000;
/** For hashing the keys of a file of millions without going to disk. */
const workMemory = '64MB';

/** No field of a line that is not wrong holds a control character other than a line break. */
const betweenFields = '\u001f';
const betweenRecords = '\u001e';

const wrongPayment = 'W';
/** No line of the file: says that its payment is in the log already. */
const knownPayment = 'K';
type Kind = 'P' | 'S' | typeof wrongPayment;
interface StagedRow {
  readonly payment_id: string;
  readonly line: number;
  readonly kind: Kind;
  readonly content: string | null;
  /** Which line of its payment it is, from 1. */
  readonly nth: number;
}

/**
 * Only a payment that the log knows, or of which a file says more than that it is new, needs looking at
 * again.
 */
const linesTogether = (mostLines: number): string => `
  SELECT * FROM (
    SELECT payment_id, line, kind, content,
      row_number() OVER (PARTITION BY payment_id ORDER BY line)::int AS nth
    FROM staged_lines JOIN (
      SELECT payment_id FROM staged_lines GROUP BY payment_id HAVING count(*) > 1 OR bool_or(kind = 'S')
    ) AS wanted USING (payment_id)
    WHERE kind <> '${knownPayment}'
  ) AS numbered WHERE nth <= ${mostLines + 1} ORDER BY payment_id, line`;

/** Makes a line of its records once more. */
export type ReadAgain = (source: readonly CsvRecord[], line: number) => BatchLine;

/**
 * The lines of the file being checked, in a temporary table: what only shows across the whole file is found
 * by the database, and memory does not grow with the file. The table belongs to the connection; nobody else
 * can see or change it, and it ends with it.
 */
export class StagedLines {
  private piece = Buffer.allocUnsafe(pieceBytes);
  private used = 0;
  private readonly pieces = new BoundedQueue<Buffer>(mostWaiting);
  private readonly copying: Promise<number>;

  private constructor(private readonly client: pg.ClientBase) {
    this.copying = copyIn(
      client, 'COPY staged_lines (payment_id, line, kind, content) FROM STDIN', this.pieces);
    this.copying.catch((error: Error) => this.pieces.fail(error));
  }

  static async begin(client: pg.ClientBase): Promise<StagedLines> {
    await client.query(`SET work_mem = '${workMemory}'`);
    await client.query(`CREATE TEMPORARY TABLE IF NOT EXISTS staged_lines
      (payment_id uuid NOT NULL, line integer NOT NULL, kind "char" NOT NULL, content text)`);
    await client.query('TRUNCATE staged_lines');
    return new StagedLines(client);
  }

  addLine({ paymentId, line, command }: BatchLine, source: readonly CsvRecord[]): void {
    const kind: Kind = command.type === 'RecordPayment' ? 'P' : 'S';
    let records = source[0].join(betweenFields);
    for (let i = 1; i < source.length; i++) records += betweenRecords + source[i].join(betweenFields);
    this.append(`${paymentId}\t${line}\t${kind}\t${escaped(records)}\n`);
  }

  addWrongPayment(line: number, paymentId: string): void {
    this.append(`${paymentId}\t${line}\t${wrongPayment}\t\\N\n`);
  }

  addKnown(paymentId: string): void {
    this.append(`${paymentId}\t0\t${knownPayment}\t\\N\n`);
  }

  /** Resolves when the database has nearly kept up. */
  keepPace(): Promise<void> {
    return this.pieces.room();
  }

  async end(): Promise<void> {
    this.handOver();
    this.pieces.end();
    await this.copying;
    await this.client.query('ANALYZE staged_lines');
  }

  /**
   * All lines of every payment of which the file says more than that it is new, in slices of bounded size.
   */
  async *together(mostLines: number, read: ReadAgain): AsyncGenerator<readonly LinesOfPayment[]> {
    await this.client.query('BEGIN');
    await this.client.query(`DECLARE several NO SCROLL CURSOR FOR ${linesTogether(mostLines)}`);
    let slice = new LinesByPayment(mostLines, read);
    for (;;) {
      const { rows } = await this.client.query<StagedRow>(`FETCH ${rowsPerFetch} FROM several`);
      for (const row of rows) {
        // A payment is never cut in two: a slice ends where the next payment begins.
        if (row.nth === 1 && slice.rows >= rowsPerFetch) {
          yield slice.payments();
          slice = new LinesByPayment(mostLines, read);
        }
        slice.add(row);
      }
      if (rows.length < rowsPerFetch) break;
    }
    yield slice.payments();
    await this.client.query('COMMIT');
  }

  /** Encoded at once: a text put together of a thousand rows would be ten thousand pieces of it in memory. */
  private append(row: string): void {
    const most = row.length * mostBytesPerCharacter;
    if (this.used + most > this.piece.length) this.handOver();
    if (most > this.piece.length) this.pieces.put(Buffer.from(row));
    else this.used += this.piece.write(row, this.used);
  }

  private handOver(): void {
    if (this.used === 0) return;
    this.pieces.put(this.piece.subarray(0, this.used));
    this.piece = Buffer.allocUnsafe(pieceBytes);
    this.used = 0;
  }
}

interface Group { lines: BatchLine[]; wrongLines: number[]; lineBeyond: number | null }

class LinesByPayment {
  rows = 0;
  private readonly groups = new Map<string, Group>();

  constructor(private readonly mostLines: number, private readonly read: ReadAgain) {}

  add({ payment_id: paymentId, line, kind, content, nth }: StagedRow): void {
    this.rows++;
    const group = this.groups.get(paymentId) ?? { lines: [], wrongLines: [], lineBeyond: null };
    this.groups.set(paymentId, group);
    if (nth > this.mostLines) group.lineBeyond = line;
    else if (kind === wrongPayment) group.wrongLines.push(line);
    else group.lines.push(this.read(recordsOf(content ?? ''), line));
  }

  payments(): readonly LinesOfPayment[] {
    return [...this.groups].map(([paymentId, group]) => ({ paymentId, ...group }));
  }
}

const recordsOf = (content: string): CsvRecord[] =>
  content.split(betweenRecords).map((record) => record.split(betweenFields));

/**
 * What COPY's text form gives another meaning; of all of these only line breaks in free words get this far.
 */
const meaningful = /[\\\n\r\t]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (text: string): string => text.replace(meaningful, (found) => escapes[found]);
