import Papa from 'papaparse';
import type { Charset, DecodingRefusal } from './decoded-text.js';
import { decodedText } from './decoded-text.js';

/** Records as they stand in the file, with the physical line each one begins on (counted from 1). */
export interface CsvRecords {
  readonly records: readonly (readonly string[])[];
  readonly lines: readonly number[];
}
/** Why reading stopped. What came before it was delivered; nothing after it is. */
export interface CsvRefusal {
  readonly refused: DecodingRefusal['refused'] | 'csv/malformed-quotes' | 'csv/too-many-fields';
  readonly line: number;
}
export const isCsvRefusal = (item: CsvRecords | CsvRefusal): item is CsvRefusal => 'refused' in item;

/** The widest record of any format here has 14 fields; one of 64 is another kind of file. */
const maxFields = 64;
/**
 * Characters in one record's fields. Wide enough for every field at its own limit; bounds what an open quote
 * gathers.
 */
const maxRecordLength = 16 * 1024;
/**
 * An unfinished record longer than this cannot come within `maxRecordLength` even if every character is a
 * quote.
 */
const maxUnfinished = 2 * maxRecordLength + 3 * maxFields;

/**
 * The records of a CSV file (RFC 4180, line ends CRLF or LF), in batches of about 64 KB of text, so that no
 * promise is made per record. Blank lines are counted and left out. A quote that is never closed, or closed
 * in the middle of a field, is refused; quotes inside an unquoted field are characters like any other.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, charset: Charset,
): AsyncGenerator<CsvRecords | CsvRefusal> {
  let rest = '';
  let line = 1;
  for await (const piece of decodedText(bytes, charset)) {
    if (typeof piece !== 'string') return yield { refused: piece.refused, line: line + newlinesIn(rest) };
    const parsed = parse(rest === '' ? piece : rest + piece, line, true);
    if (parsed.records.length > 0) yield parsed;
    if (parsed.refusal) return yield parsed.refusal;
    rest = parsed.rest;
    line = parsed.nextLine;
    if (rest.length > maxUnfinished) return yield { refused: 'csv/record-too-long', line };
  }
  if (rest === '') return;
  const last = parse(rest, line, false);
  if (last.records.length > 0) yield last;
  if (last.refusal) yield last.refusal;
}

interface Parsed extends CsvRecords {
  readonly refusal?: CsvRefusal;
  readonly rest: string;
  readonly nextLine: number;
}

function parse(text: string, firstLine: number, moreFollows: boolean): Parsed {
  const { data, errors, meta } = lowLevelParse(text, moreFollows);
  const mayHoldNewlines = text.includes('"');
  // An error in the unfinished last record is judged again when the rest of it has come.
  const malformed = errors.length > 0 && errors[0].row < data.length ? errors[0].row : data.length;
  const records: string[][] = [];
  const lines: number[] = [];
  let line = firstLine;
  for (let index = 0; index < malformed; index++) {
    const record = data[index];
    const refused = withoutCarriageReturn(record);
    if (refused) return { records, lines, refusal: { refused, line }, rest: '', nextLine: line };
    if (record.length > 1 || record[0] !== '') {
      records.push(record);
      lines.push(line);
    }
    line += mayHoldNewlines ? 1 + newlinesInAll(record) : 1;
  }
  const refusal = malformed < data.length ? { refused: 'csv/malformed-quotes', line } as const : undefined;
  return { records, lines, refusal, rest: moreFollows ? text.slice(meta.cursor) : '', nextLine: line };
}

interface LowLevelResult {
  readonly data: string[][];
  readonly errors: readonly { readonly row: number }[];
  readonly meta: { readonly cursor: number };
}

function lowLevelParse(text: string, moreFollows: boolean): LowLevelResult {
  return new Papa.Parser({ delimiter: ',', newline: '\n' }).parse(text, 0, moreFollows) as LowLevelResult;
}

/**
 * Lines are cut at LF; of CRLF the CR is left on the last field. Answers why the record is refused, if it is.
 */
function withoutCarriageReturn(record: string[]): 'csv/too-many-fields' | 'csv/record-too-long' | undefined {
  const last = record.length - 1;
  const field = record[last];
  if (field.charCodeAt(field.length - 1) === 0x0d) record[last] = field.slice(0, -1);
  if (record.length > maxFields) return 'csv/too-many-fields';
  let length = 0;
  for (const each of record) length += each.length;
  return length > maxRecordLength ? 'csv/record-too-long' : undefined;
}

function newlinesInAll(record: readonly string[]): number {
  let count = 0;
  for (const field of record) count += newlinesIn(field);
  return count;
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
