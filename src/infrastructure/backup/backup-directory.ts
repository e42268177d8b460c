import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const manifestFile = 'manifest.json';
/** Written last: a directory without it is a backup that did not end. In the format of `sha256sum -c`. */
const sumsFile = 'SHA256SUMS';
export const erasedFile = 'erased-subjects.txt';
export const dataFile = (table: string): string => `${table}.copy.gz`;

/** Personal data is sealed in it, but accounts and amounts are not: for the operator alone. */
const fileMode = 0o600;
const directoryMode = 0o700;

const manifestSchema = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  /** The last position of the log; everything up to it is in the backup, nothing after it. */
  position: z.string().regex(/^\d+$/),
  server: z.string(),
  migrations: z.array(z.string()),
  /** Follows from the master key and tells nothing about it. */
  masterKeyCheck: z.string(),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number().int() })),
});
export type Manifest = Readonly<z.output<typeof manifestSchema>>;
export type FileSum = readonly [file: string, sha256: string];

/** This directory holds no backup, half of one, or a damaged one. */
export class UnusableBackup extends Error {}

export async function createBackupDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: directoryMode });
  if ((await readdir(directory)).length === 0) return;
  throw new Error(`${directory} 不是空的。 ${directory} is not empty: a backup gets a directory of its own.`);
}

/** On the disk when it resolves, not only in the memory of a machine that may lose power. */
export async function writeDurably(
  directory: string, file: string, chunks: AsyncIterable<Buffer>,
): Promise<FileSum> {
  const digest = createHash('sha256');
  const handle = await open(join(directory, file), 'wx', fileMode);
  try {
    for await (const chunk of chunks) {
      digest.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return [file, digest.digest('hex')];
}

export const writeText = (directory: string, file: string, text: string): Promise<FileSum> =>
  writeDurably(directory, file, once(Buffer.from(text)));

/** With this the backup is complete. */
export async function seal(directory: string, manifest: Manifest, sums: readonly FileSum[]): Promise<void> {
  const told = await writeText(directory, manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  const lines = [...sums, told].map(([file, sum]) => `${sum}  ${file}\n`);
  await writeText(directory, `${sumsFile}.new`, lines.join(''));
  await rename(join(directory, `${sumsFile}.new`), join(directory, sumsFile));
  const handle = await open(directory, 'r');
  await handle.sync();
  await handle.close();
}

/** Reads every byte once before anything is done with it. */
export async function openBackup(directory: string): Promise<Manifest> {
  const sums = await readSums(directory);
  for (const [file, sum] of sums) {
    if (await sumOf(directory, file) !== sum) {
      throw new UnusableBackup(`${file} 已損毀。 ${file} is not what was written: take another backup.`);
    }
  }
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(directory, manifestFile), 'utf8')));
  const wanted = [manifestFile, erasedFile, ...manifest.tables.map(({ name }) => dataFile(name))];
  const absent = wanted.find((file) => !sums.some(([named]) => named === file));
  if (absent !== undefined) throw new UnusableBackup(`${absent} 不在清單內。 ${sumsFile} does not list ${absent}.`);
  return manifest;
}

async function readSums(directory: string): Promise<FileSum[]> {
  const text = await readFile(join(directory, sumsFile), 'utf8').catch(() => null);
  if (text === null) {
    throw new UnusableBackup(
      `${directory} 沒有完成的備份。 ${directory} holds no finished backup: ${sumsFile} is missing.`);
  }
  return text.trimEnd().split('\n').map((line): FileSum => [line.slice(66), line.slice(0, 64)]);
}

async function sumOf(directory: string, file: string): Promise<string | null> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of createReadStream(join(directory, file))) digest.update(chunk as Buffer);
    return digest.digest('hex');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function* once(chunk: Buffer): AsyncIterable<Buffer> {
  yield chunk;
}
