import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const secretBytes = 32;

/**
 * A secret of this machine, in standard base64: made at the first call, kept in a file that only its owner
 * can read. Only for the embedded default; elsewhere secrets come from the configuration.
 */
export function localSecret(directory: string, name: string): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, name);
  return readSecret(file) ?? createSecret(file);
}

/** Wraps the keys of personal data (MASTER_KEY). Whoever loses it loses every sealed name for good. */
export const localMasterKey = (directory: string): string => localSecret(directory, 'master-key');

function readSecret(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== secretBytes || bytes.toString('base64') !== text) {
    throw new Error(`${file} holds no secret of ours`);
  }
  return text;
}

/**
 * Whole or not at all, and never over another one: two processes that start at once end up with the same
 * secret.
 */
function createSecret(file: string): string {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(secretBytes).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = readSecret(file);
  if (secret === null) throw new Error(`${file} vanished`);
  return secret;
}
