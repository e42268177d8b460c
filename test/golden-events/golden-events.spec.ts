import type { DomainFact } from '../../src/domain/facts.js';
import { DomainEventLog } from '../../src/infrastructure/event-store/domain-event-log.js';
import { MemoryEventStore } from '../../src/infrastructure/event-store/memory/memory-event-store.js';
import type { RecordedEvent } from '../../src/infrastructure/event-store/event-store.js';
import {
  currentVersion, factSchemas, fromStored, schemaOf,
} from '../../src/infrastructure/event-store/schema/registry.js';
import { InMemoryKeyTable } from '../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../src/infrastructure/keys/sealing-keys.js';
import type { GoldenFile } from './golden-files.js';
import { allPaths, digestOf, everStored, goldenFiles, goldenKeys, recorded } from './golden-files.js';

const files = goldenFiles();
const isNewest = ({ type, version }: GoldenFile): boolean => version === currentVersion(schemaOf(type));
const newest = files.filter(isNewest);
const older = files.filter((file) => !isNewest(file));

describe('the golden files', () => {
  it('are added to, never edited and never removed', () => {
    expect(Object.fromEntries(allPaths().map((path) => [path, digestOf(path)])))
      .toEqual(Object.fromEntries(everStored()));
  });

  it('show every version of every fact ever stored, and nothing that is not known', () => {
    const known = Object.values(factSchemas).flatMap(({ type, versions }) =>
      versions.map((_, index) => `${type} v${index + 1}`));
    const shown = new Set(files.map(({ type, version }) => `${type} v${version}`));
    expect([...shown].sort()).toEqual(known.sort());
    expect(files.length).toBe(allPaths().length - 1);
  });

  it('are named after what they hold', () => {
    expect(files.map(({ event }) => [event.type, event.version]))
      .toEqual(files.map(({ type, version }) => [type, version]));
  });

  it('hold several versions of a fact from the first day', () => {
    expect(older.map(({ path }) => path)).toContain('PaymentRecorded/v1.json');
  });
});

describe('a fact stored in an earlier version', () => {
  it.each(older)('is read as the fact is today: $path', ({ type, variant, event }) => {
    const today = newest.find((file) => file.type === type && file.variant === variant);
    expect(fromStored(recorded(event), JSON.stringify(event.payload))).toEqual(today?.event.payload);
  });
});

describe('a fact stored in its newest version', () => {
  it.each(newest)('is read as it was stored: $path', ({ event }) => {
    expect(fromStored(recorded(event), JSON.stringify(event.payload))).toEqual(event.payload);
  });

  it.each(newest)('is stored today as it was then: $path', async (file) => {
    expect(await storeAnew(file)).toEqual(file.event);
  });
});

describe('a personal field', () => {
  it.each(files.filter(({ event }) => event.opens))('still opens: $path', async ({ event }) => {
    const keys = await goldenKeys();
    for (const [field, plain] of Object.entries(event.opens ?? {})) {
      const { sealed } = valueAt(event.payload, field) as { sealed: string };
      const at = { stream: event.stream, eventId: event.id, field };
      expect(await keys.unseal(sealed, at)).toEqual({ plain });
    }
  });

  it('is named for every personal field a fact can have', () => {
    const declared = Object.values(factSchemas).flatMap(({ type, personal }) =>
      personal.map(({ name }) => `${type}.${name}`));
    const shown = files.flatMap(({ event }) =>
      Object.keys(event.opens ?? {}).map((name) => `${event.type}.${name}`));
    expect([...new Set(shown)].sort()).toEqual(declared.sort());
  });
});

/** Appends the golden fact through the log as a command would, and shows what the store then holds. */
async function storeAnew({ event }: GoldenFile): Promise<unknown> {
  const store = new MemoryEventStore();
  const keys = new SealingKeys(new InMemoryKeyTable(), MasterKey.random());
  const fact = { type: event.type, data: withPlain(event.payload, event.opens ?? {}) } as DomainFact;
  const meta = event.metadata as { commandId: string; by: string; at: string };
  await new DomainEventLog(store, keys).append(
    [{ stream: event.stream, expectedRevision: -1, facts: [fact] }], { ...meta, fingerprint: 'golden' });
  const [{ stream, id, type, version, payload, metadata }] = await all(store.readAll('0')) as [RecordedEvent];
  const sealed = JSON.parse(payload) as unknown;
  const opens = event.opens && await opened(keys, { stream, id, payload: sealed }, Object.keys(event.opens));
  const shape = sealedAs(sealed, event.payload, Object.keys(event.opens ?? {}));
  return { stream, id, type, version, metadata: JSON.parse(metadata), payload: shape, opens };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

type Data = { [name: string]: unknown };

const valueAt = (data: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Data)[name], data);

function withValueAt(data: unknown, path: string, value: unknown): unknown {
  const [name = '', ...rest] = path.split('.');
  const inner = (data as Data)[name];
  return { ...data as Data, [name]: rest.length === 0 ? value : withValueAt(inner, rest.join('.'), value) };
}

const withPlain = (payload: unknown, opens: Readonly<Record<string, string>>): unknown =>
  Object.entries(opens).reduce((data, [path, plain]) => withValueAt(data, path, { plain }), payload);

/** Ciphertext is never the same twice: where both are sealed the golden one stands for both. */
const sealedAs = (payload: unknown, golden: unknown, fields: readonly string[]): unknown =>
  fields.reduce((data, path) => withValueAt(data, path, valueAt(golden, path)), payload);

interface Sealed { readonly stream: string; readonly id: string; readonly payload: unknown }

async function opened(keys: SealingKeys, { stream, id, payload }: Sealed, fields: readonly string[]) {
  const opens: Record<string, unknown> = {};
  for (const field of fields) {
    const { sealed } = valueAt(payload, field) as { sealed: string };
    const unsealed = await keys.unseal(sealed, { stream, eventId: id, field });
    opens[field] = 'plain' in unsealed ? unsealed.plain : unsealed;
  }
  return opens;
}
