import type { JsonWebKey } from 'node:crypto';
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import {
  chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../agent-error.js';

export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

export interface AgentKey {
  readonly origin: string;
  /** RFC 7638. */
  readonly id: string;
  readonly publicJwk: PublicJwk;
  /** ES256 as JOSE writes it: r and s, 32 bytes each. */
  sign(bytes: Uint8Array): Uint8Array;
}

interface KeyFile {
  readonly origin: string;
  readonly privateJwk: JsonWebKey;
}

/**
 * A key of its own for every site, so that two sites cannot tell by the key that the same machine asks. Files
 * readable by nobody else: no store of the operating system is there on every machine this must run on.
 * Whoever can read the person's files can copy the key; the site shows the enrolled keys for that reason.
 */
export class AgentKeys {
  constructor(private readonly directory: string) {}

  list(): AgentKey[] {
    return this.files().map((file) => readKey(join(this.directory, file)));
  }

  /** The site's key; made on first use. */
  for(origin: string): AgentKey {
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      const file = this.fileOf(origin);
      if (!this.files().includes(fileName(origin))) create(file, origin);
      const key = readKey(file);
      if (key.origin !== origin) throw new Error('the key file belongs to another origin');
      return key;
    } catch (error) {
      throw error instanceof AgentError ? error : new AgentError('key-unavailable', { cause: error });
    }
  }

  /** Forgets the key. What it was enrolled for must enrol a new one. True when there was one. */
  remove(origin: string): boolean {
    if (!this.files().includes(fileName(origin))) return false;
    rmSync(this.fileOf(origin));
    return true;
  }

  private files(): string[] {
    try {
      return readdirSync(this.directory).filter((name) => /^[0-9a-f]{64}\.json$/.test(name)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new AgentError('key-unavailable', { cause: error });
    }
  }

  private fileOf(origin: string): string {
    return join(this.directory, fileName(origin));
  }
}

const fileName = (origin: string): string => `${createHash('sha256').update(origin).digest('hex')}.json`;

/** Written aside and linked into place: a key file is whole or not there; the first of two makers wins. */
function create(file: string, origin: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const content: KeyFile = { origin, privateJwk: privateKey.export({ format: 'jwk' }) };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600, flag: 'w' });
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readKey(file: string): AgentKey {
  try {
    const { mode } = lstatSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new Error('others may read the key file');
    const { origin, privateJwk } = JSON.parse(readFileSync(file, 'utf8')) as KeyFile;
    const { x, y, crv } = privateJwk;
    if (typeof origin !== 'string' || crv !== 'P-256' || !x || !y) throw new Error('not a key file of ours');
    const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' });
    const publicJwk: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
    return {
      origin,
      id: thumbprintOf(publicJwk),
      publicJwk,
      sign: (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    };
  } catch (error) {
    throw new AgentError('key-unavailable', { cause: error });
  }
}

/** RFC 7638: the required members, in the order of the alphabet, without a space. */
export function thumbprintOf({ crv, kty, x, y }: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
