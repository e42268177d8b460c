import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isRefusal } from '../../domain/decider.js';
import { isIsoDate } from '../../domain/roc-date.js';
import { FiscListReader } from '../bank-code-lists/fisc-list-reader.js';
import { readBankCodeKnowledge, readShippedList } from '../bank-code-lists/shipped-data.js';
import type { DemoBatchOptions } from './demo-batch.js';
import { defaultUntil, generateBatch } from './demo-batch.js';

const mostPayments = 10_000_000;
const largestSeed = 2_147_483_647;

/** The codes of the shipped list: the demo treasury pays to branches that exist. */
export async function demoBankCodes(): Promise<readonly string[]> {
  const list = await new FiscListReader(await readBankCodeKnowledge()).read(await readShippedList(), 'utf-8');
  if (isRefusal(list)) throw new Error(`the shipped list cannot be read: ${list.refused}`);
  return list.entries.map(({ bankCode }) => bankCode);
}

/** A demo batch as bytes, ready to be delivered or written. */
export async function* demoBatchFile(options: Omit<DemoBatchOptions, 'bankCodes'>): AsyncGenerator<Buffer> {
  const bankCodes = await demoBankCodes();
  for (const piece of generateBatch({ ...options, bankCodes })) yield Buffer.from(piece);
}

export interface DemoFile extends Omit<DemoBatchOptions, 'bankCodes'> { readonly out: string }

/** Options of `npm run demo:data` as text. */
export type DemoDataOptions = Partial<Record<'payments' | 'seed' | 'until' | 'out', string>>;

/** Which file is asked for; throws a RangeError that says, in 中文 and in English, which option is wrong. */
export function demoFile({ payments = '20000', seed = '1', until, out }: DemoDataOptions): DemoFile {
  if (until !== undefined && !isIsoDate(until)) {
    throw new RangeError(`--until 應如 ${defaultUntil}。 --until is a date as ${defaultUntil}.`);
  }
  if (out === '') throw new RangeError('--out 應為檔名。 --out is the name of a file.');
  return {
    payments: wholeNumber('--payments', payments, [1, mostPayments]),
    seed: wholeNumber('--seed', seed, [0, largestSeed]),
    until, out: out ?? `var/demo-batch-${payments}-${seed}.csv`,
  };
}

/** Writes a demo batch, also into a folder that is not there yet. */
export async function writeDemoFile({ out, ...options }: DemoFile): Promise<void> {
  await mkdir(dirname(out), { recursive: true });
  await pipeline(Readable.from(demoBatchFile(options)), createWriteStream(out));
}

function wholeNumber(option: string, text: string, [least, most]: readonly [number, number]): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`${option} 應為 ${least} 至 ${most} 的整數。 `
    + `${option} is a whole number, ${least} to ${most}.`);
}
