import { v5 } from 'uuid';
import type { AppendMeta, EventLog, StoredFact } from '../../../src/application/event-log.js';
import { isCaughtUp } from '../../../src/application/event-log.js';
import { SubjectErased } from '../../../src/application/personal-keys.js';
import { accountStream, applicantStream } from '../../../src/application/stream-names.js';
import type { DomainFact, FactType } from '../../../src/domain/facts.js';
import { DomainEventLog } from '../../../src/infrastructure/event-store/domain-event-log.js';
import type { EventStore } from '../../../src/infrastructure/event-store/event-store.js';
import { MemoryEventStore } from '../../../src/infrastructure/event-store/memory/memory-event-store.js';
import {
  UnreadableFact, UnstorableFact,
} from '../../../src/infrastructure/event-store/schema/unreadable-fact.js';
import { InMemoryKeyTable } from '../../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../../src/infrastructure/keys/sealing-keys.js';

const ming = '11111111-1111-4111-8111-111111111111';
const officer = '22222222-2222-4222-8222-222222222222';
const at = '2023-05-10T03:04:05.678Z';
const accountId = '33333333-3333-4333-8333-333333333333';
const account = accountStream(accountId);
const applicant = applicantStream(ming);

const approved: DomainFact = {
  type: 'AccountApproved', data: { accountId, approvedBy: officer, approvedAt: at },
};
const registered: DomainFact = { type: 'ApplicantRegistered', data: {
  applicantId: ming, kind: 'person', idNumber: { plain: 'A123456789' }, name: { plain: '王小明' },
  registeredAt: at,
} };
const contactChanged: DomainFact = { type: 'ApplicantContactChanged', data: {
  applicantId: ming, changeId: officer, contact: { phone: { plain: '02-2322-8000' } },
  changedBy: ming, changedAt: at,
} };

const command = (number: number): string => `aaaaaaaa-aaaa-4aaa-8aaa-${String(number).padStart(12, '0')}`;
const meta = (number = 1): AppendMeta =>
  ({ commandId: command(number), fingerprint: 'as-asked', by: officer, at });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

let store: EventStore;
let keys: SealingKeys;
let log: EventLog;
beforeEach(() => {
  store = new MemoryEventStore();
  keys = new SealingKeys(new InMemoryKeyTable(), MasterKey.random());
  log = new DomainEventLog(store, keys);
});
const append = (facts: readonly DomainFact[], number = 1, stream = account) =>
  log.append([{ stream, expectedRevision: -1, facts }], meta(number));

describe('a fact in the log', () => {
  it('comes back as it went in, with its place, id and who asked', async () => {
    await log.append([{ stream: account, expectedRevision: -1, facts: [approved] }],
      { ...meta(), correlationId: 'request-1' });
    expect(await all(log.readAll('0'))).toEqual([{
      ...approved, position: '1', stream: account, revision: 0, id: v5('0', command(1)),
      meta: { commandId: command(1), by: officer, at, correlationId: 'request-1' },
    }]);
  });

  it('has an id made of the command and its place in it, over all streams written', async () => {
    await log.append([
      { stream: account, expectedRevision: -1, facts: [approved, approved] },
      { stream: applicant, expectedRevision: -1, facts: [contactChanged] },
    ], meta());
    expect((await all(log.readAll('0'))).map(({ id }) => id))
      .toEqual(['0', '1', '2'].map((index) => v5(index, command(1))));
  });

  it('reads the same by stream, by streams, from the whole log and by subscription', async () => {
    await append([approved]);
    await append([registered], 2, applicant);
    const whole = await all(log.readAll('0'));
    expect([...await all(log.readStream(account)), ...await all(log.readStream(applicant))]).toEqual(whole);
    expect(await all(log.readStreams([account, applicant]))).toEqual(whole);
    expect(await untilCaughtUp(log)).toEqual(whole);
    expect(await log.head()).toBe('2');
  });

  it('can be asked for by name: of other names none comes, whether it can be read or not', async () => {
    await append([approved]);
    await append([registered], 2, applicant);
    const ofTomorrow = { id: command(8), type: 'AccountApproved', version: 99, payload: '{}' };
    await store.append([{ stream: account, expectedRevision: 0, events: [ofTomorrow] }],
      { commandId: command(9), fingerprint: 'raw', metadata: '{}' });
    const types: FactType[] = ['ApplicantRegistered'];
    expect((await all(log.readAll('0', { types }))).map(({ type }) => type)).toEqual(types);
    expect((await untilCaughtUp(log, types)).map(({ type }) => type)).toEqual(types);
  });

  it('each keeps the metadata of its own command', async () => {
    for (const number of [1, 2, 3]) {
      await log.append([{ stream: account, expectedRevision: number - 2, facts: [approved] }], meta(number));
    }
    const ids = (await all(log.readStream(account))).map((fact) => fact.meta.commandId);
    expect(ids).toEqual([1, 2, 3].map(command));
  });
});

describe('a fact its schema does not allow', () => {
  it('is not stored, nor is anything beside it, and the error names paths but no values', async () => {
    const wrong = { ...approved, data: { ...approved.data, approvedAt: '2023-02-30', secret: 'A123456789' } };
    const failure = await append([approved, wrong as DomainFact]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnstorableFact);
    expect(failure).toMatchObject({
      type: 'AccountApproved', failures: ['approvedAt: invalid_format', '(whole): unrecognized_keys'],
    });
    expect(String(failure)).not.toMatch(/2023|A123456789/);
    expect(await log.head()).toBe('0');
  });

  it('is refused when nobody knows its name', async () => {
    await expect(append([{ type: 'AccountForgotten', data: {} } as unknown as DomainFact])).rejects
      .toThrow(UnstorableFact);
  });

  it('is refused with metadata that could tell a story', async () => {
    await expect(log.append([{ stream: account, expectedRevision: -1, facts: [approved] }],
      { ...meta(), by: '王小明' })).rejects.toThrow(UnstorableFact);
  });
});

describe('a personal field', () => {
  it('never reaches the store in clear', async () => {
    await append([registered, contactChanged], 1, applicant);
    const stored = JSON.stringify(await all(store.readAll('0')));
    for (const plain of ['王小明', 'A123456789', '02-2322-8000']) expect(stored).not.toContain(plain);
  });

  it('opens at the fact and field it was stored with', async () => {
    await append([registered, contactChanged], 1, applicant);
    const [first, second] = await all(log.readAll('0')) as [StoredFact, StoredFact];
    expect([await open(first, 'idNumber'), await open(first, 'name'), await open(second, 'contact.phone')])
      .toEqual([{ plain: 'A123456789' }, { plain: '王小明' }, { plain: '02-2322-8000' }]);
    await expect(open(first, 'name', 'idNumber')).rejects.toThrow('not-sealed-here');
    await expect(open({ ...first, id: second.id }, 'name')).rejects.toThrow('not-sealed-here');
  });

  it('leaves the fact that was handed in as it was', async () => {
    await append([registered], 1, applicant);
    expect(registered.data).toMatchObject({ name: { plain: '王小明' } });
  });

  it('is refused as ciphertext: that would open in another fact alone', async () => {
    await append([registered], 1, applicant);
    const [{ data }] = await all(log.readAll('0')) as [StoredFact];
    await expect(append([{ ...registered, data } as DomainFact], 2)).rejects.toThrow('plain text');
  });

  it('reads as a tombstone once the keys are destroyed, and the log reads on', async () => {
    await append([registered], 1, applicant);
    await keys.destroy(ming);
    const [fact] = await all(log.readAll('0')) as [StoredFact];
    expect(await open(fact, 'name')).toEqual({ destroyed: true });
  });

  it('cannot be stored for a person who was erased', async () => {
    await keys.destroy(ming);
    await expect(append([registered], 1, applicant)).rejects.toThrow(SubjectErased);
    expect(await log.head()).toBe('0');
  });

  it('a retry of what was stored before the person was erased still gets its old answer', async () => {
    const first = await append([registered], 1, applicant);
    await keys.destroy(ming);
    expect(await append([registered], 1, applicant)).toEqual({ ...first, replayed: true });
  });
});

describe('an event nobody can read stops every reader and says where', () => {
  const good = { type: 'AccountApproved', version: 1, payload: JSON.stringify(approved.data) };
  const goodMetadata = JSON.stringify({ commandId: command(9), by: officer, at });
  const storeRaw = async (event: Partial<typeof good>, metadata = goodMetadata) => {
    await append([approved]);
    const events = [{ id: command(8), ...good, ...event }];
    await store.append([{ stream: account, expectedRevision: 0, events }],
      { commandId: command(9), fingerprint: 'raw', metadata });
  };
  const place = { position: '2', stream: account, revision: 1 };
  const readers: [string, () => AsyncIterable<unknown>][] = [
    ['readAll', () => log.readAll('0')],
    ['readStream', () => log.readStream(account)],
    ['readStreams', () => log.readStreams([account])],
    ['subscribe', () => log.subscribe('0')],
    ['readAll of other types', () => log.readAll('0', { types: ['AccountApproved'] })],
    ['subscribe to other types', () => log.subscribe('0', { types: ['AccountApproved'] })],
  ];

  it.each(readers)('%s: after all that came before it', async (_name, read) => {
    await storeRaw({ type: 'AccountForgotten' });
    const seen: unknown[] = [];
    const reading = (async () => { for await (const item of read()) seen.push(item); })();
    await expect(reading).rejects.toThrow(UnreadableFact);
    await expect(reading).rejects
      .toThrow(`position 2, ${account} revision 1, AccountForgotten v1: unknown-name`);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['a name nobody knows', { type: 'toString' },
      { why: 'unknown-name', place: { ...place, type: 'toString', version: 1 } }],
    ['a version nobody knows', { version: 2 },
      { why: 'unknown-version', place: { ...place, type: good.type, version: 2 } }],
    ['version 0', { version: 0 }, { why: 'unknown-version' }],
    ['no JSON', { payload: '{"accountId":"A123456789"' }, { why: 'not-json', failures: [] }],
    ['a field too many', { payload: JSON.stringify({ ...approved.data, note: 'A123456789' }) },
      { why: 'schema-failed', failures: ['(whole): unrecognized_keys'] }],
    ['a wrong value', { payload: JSON.stringify({ ...approved.data, accountId: 'A123456789' }) },
      { why: 'schema-failed', failures: ['accountId: invalid_format'] }],
  ])('%s', async (_what, event, expected) => {
    await storeRaw(event);
    const failure = await all(log.readAll('0')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnreadableFact);
    expect(failure).toMatchObject(expected);
    expect(String(failure)).not.toContain('A123456789');
  });

  it.each([
    ['metadata that is no JSON', '{'], ['metadata of another shape', '{"commandId":1}'],
  ])('%s', async (_what, metadata) => {
    await storeRaw({}, metadata);
    await expect(all(log.readAll('0'))).rejects.toMatchObject({ why: 'metadata-failed' });
  });
});

const open = (fact: StoredFact, field: string, as = field) => {
  const { sealed } = field.split('.').reduce<unknown>(
    (inner, name) => (inner as Record<string, unknown>)[name], fact.data) as { sealed: string };
  return keys.unseal(sealed, { stream: fact.stream, eventId: fact.id, field: as });
};

async function untilCaughtUp(from: EventLog, types?: readonly FactType[]): Promise<StoredFact[]> {
  const seen: StoredFact[] = [];
  for await (const item of from.subscribe('0', { types })) {
    if (isCaughtUp(item)) return seen;
    seen.push(item);
  }
  return seen;
}

