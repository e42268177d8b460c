import type { Readable } from 'node:stream';
import { createHash } from 'node:crypto';
import type { CommandContext } from '../../application/command-context.js';
import type { UploadedCsv } from './body-parsers.js';
import { Problem } from './problem.js';

export const charsets = ['utf-8', 'big5'] as const;
export type Charset = (typeof charsets)[number];

/** What the content type says the bytes are; UTF-8 when it says nothing. */
export function charsetOf({ charset }: UploadedCsv): Charset {
  const known = charsets.find((one) => one === charset || one.replace('-', '') === charset);
  if (known === undefined) throw new Problem('http/unsupported-charset');
  return known;
}

/** For files that must be compared as a whole. Larger ones are refused while they arrive. */
export async function wholeFile(bytes: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Problem('http/body-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The request's fingerprint was taken before its file had arrived: the file is part of what was asked. */
export const withContent = (context: CommandContext, file: Buffer): CommandContext =>
  ({ ...context, fingerprint: createHash('sha256').update(context.fingerprint).update(file).digest('hex') });
