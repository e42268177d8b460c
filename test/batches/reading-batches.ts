import { BatchErrors } from '../../src/application/payment-batches/batch-errors.js';
import type { BatchLine } from '../../src/application/payment-batches/batch-lines.js';
import { isPaymentLine } from '../../src/application/payment-batches/batch-lines.js';
import { checkNewPayment } from '../../src/application/payment-batches/check-lines.js';
import { readBatch } from '../../src/infrastructure/batches/batch-reading.js';
import type { BatchRecords } from '../../src/infrastructure/batches/batch-records.js';

export interface Read {
  lines: BatchLine[];
  wrong: [number, string][];
  errors: BatchErrors;
  records: BatchRecords;
}

export async function read(
  text: string | Uint8Array, knownBankCodes: readonly string[] = ['0040037', '7000021'],
): Promise<Read> {
  const result = { lines: [] as BatchLine[], wrong: [] as [number, string][], errors: new BatchErrors() };
  const sink = {
    line: (line: BatchLine) => void result.lines.push(line),
    wrongPayment: (line: number, paymentId: string) => void result.wrong.push([line, paymentId]),
  };
  const reading = { knownBankCodes: new Set(knownBankCodes), errors: result.errors, sink };
  let records: BatchRecords | undefined;
  for await (records of readBatch({ open: () => bytesOf(text), charset: 'utf-8' }, reading));
  if (!records) throw new Error('nothing was read');
  return { ...result, records };
}
async function* bytesOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

export const H = 'H,1,B-1,2026-10-30T18:00:00+08:00';
export const P = 'P,A1,示範機關,02-0000-0000,115,V1,1,2026-10-01,080001,0040037,003001234567,1000,已匯款,業務費';
export const I = 'I,ZA12345678,2026-09-30,1000';
export const S = 'S,A1,115,V0,1,退匯,2026-10-05,帳號錯誤';
export const file = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');
/** The P record with some fields replaced. */
export const p = (changed: Record<number, string>): string =>
  P.split(',').map((field, index) => changed[index] ?? field).join();

/** What is wrong with a file, the rule book's judgement of its payments included. */
export async function found(...text: string[]): Promise<unknown[]> {
  const { lines, errors } = await read(file(...text));
  for (const line of lines.filter(isPaymentLine)) checkNewPayment(line, errors);
  return errors.first().map(({ line, code, field }) => (field ? [line, code, field] : [line, code]));
}
