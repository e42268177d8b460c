import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../src/domain/decider.js';
import type { RecordedEvent } from '../../src/infrastructure/event-store/event-store.js';
import { InMemoryKeyTable } from '../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../src/infrastructure/keys/sealing-keys.js';

/** An event as it was once stored, with what its personal fields say (people and numbers are made up). */
export interface GoldenEvent {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly metadata: Json;
  readonly payload: Json;
  readonly opens?: Readonly<Record<string, string>>;
}

/** `<fact>/v<version>[.<variant>].json` */
export interface GoldenFile {
  readonly path: string;
  readonly type: string;
  readonly version: number;
  /** Empty for the plain one; the same variant of a newer version is the same fact told in that version. */
  readonly variant: string;
  readonly event: GoldenEvent;
}

const folder = join(process.cwd(), 'test', 'golden-events');
const namePattern = /^(?<type>[A-Za-z]+)\/v(?<version>[1-9]\d*)(?:\.(?<variant>[a-z0-9-]+))?\.json$/;

const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8');

export const digestOf = (path: string): string => createHash('sha256').update(textOf(path)).digest('hex');

/** Every JSON file in the folder, those whose name says nothing included. */
export const allPaths = (): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((path) => path.endsWith('.json')).sort();

export const goldenFiles = (): GoldenFile[] => allPaths().flatMap((path) => {
  const { type, version, variant = '' } = namePattern.exec(path)?.groups ?? {};
  if (type === undefined) return [];
  return [{ path, type, version: Number(version), variant, event: JSON.parse(textOf(path)) as GoldenEvent }];
});

/** What was ever stored, by digest: as `sha256sum` writes it. */
export const everStored = (): Map<string, string> => new Map(
  textOf('ever-stored.sha256').trimEnd().split('\n').map((line) => {
    const [digest = '', path = ''] = line.split('  ');
    return [path, digest];
  }));

export const recorded = ({ stream, id, type, version, metadata, payload }: GoldenEvent): RecordedEvent => ({
  position: '7', stream, revision: 3, id, type, version,
  payload: JSON.stringify(payload), metadata: JSON.stringify(metadata),
});

interface StoredKeys {
  readonly masterKey: string;
  readonly keys: readonly { subject: string; purpose: string; keyId: string; wrapped: string }[];
}

/** The keys under which the golden events were sealed: wrapped keys are stored too, and stay readable. */
export async function goldenKeys(): Promise<SealingKeys> {
  const { masterKey, keys } = JSON.parse(textOf('keys.json')) as StoredKeys;
  const table = new InMemoryKeyTable();
  for (const { keyId, wrapped, ...owner } of keys) {
    await table.obtain(owner, { keyId, wrapped: Buffer.from(wrapped, 'base64') });
  }
  return new SealingKeys(table, MasterKey.fromBase64(masterKey));
}
