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
import { generateBatch } from './demo-batch.js';

const mostPayments = 10_000_000;
const largestSeed = 2_147_483_647;
const usage = 'usage: demo:data -- --payments N --seed S [--until YYYY-MM-DD] [--out FILE]';

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

/** `npm run demo:data`: writes a demo batch and answers the path of the file. */
export async function demoData(args: readonly string[]): Promise<string> {
  const { out, ...options } = parseArguments(args);
  const path = out ?? `var/demo-batch-${options.payments}-${options.seed}.csv`;
  await mkdir(dirname(path), { recursive: true });
  await pipeline(Readable.from(demoBatchFile(options)), createWriteStream(path));
  return path;
}

interface DemoDataArguments extends Omit<DemoBatchOptions, 'bankCodes'> { readonly out?: string }

function parseArguments(args: readonly string[]): DemoDataArguments {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i += 2) given.set(args[i], args[i + 1] ?? '');
  const known = ['--payments', '--seed', '--until', '--out'];
  const until = given.get('--until');
  const out = given.get('--out');
  const unknown = [...given.keys()].some((name) => !known.includes(name));
  if (unknown || out === '' || (until !== undefined && !isIsoDate(until))) throw new Error(usage);
  return {
    payments: wholeNumber(given.get('--payments') ?? '20000', 1, mostPayments),
    seed: wholeNumber(given.get('--seed') ?? '1', 0, largestSeed),
    until, out,
  };
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) throw new Error(usage);
  return value;
}
