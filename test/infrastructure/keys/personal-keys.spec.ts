import type { PersonalKeys, SealedAt } from '../../../src/application/personal-keys.js';
import { SubjectErased, UnsealingFailed } from '../../../src/application/personal-keys.js';
import { InMemoryKeyTable } from '../../../src/infrastructure/keys/in-memory-key-table.js';
import type { KeyTable } from '../../../src/infrastructure/keys/key-table.js';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { PostgresKeyTable } from '../../../src/infrastructure/keys/postgres-key-table.js';
import { SealingKeys } from '../../../src/infrastructure/keys/sealing-keys.js';
import { createPool } from '../../../src/infrastructure/postgres/pool.js';
import { createTestDatabase } from '../../support/database.js';

const ming = '11111111-1111-4111-8111-111111111111';
const hua = '22222222-2222-4222-8222-222222222222';
const factId = '33333333-3333-4333-8333-333333333333';
const at: SealedAt = { stream: `applicant-${ming}`, eventId: factId, field: 'name' };
const identity = { subject: ming, purpose: 'identity' };
const contact = { subject: ming, purpose: 'contact' };
const masterKey = MasterKey.fromBase64('q'.repeat(42) + 'o=');
const unknownKey = '99999999-9999-4999-8999-999999999999';

const seal = async (keys: PersonalKeys, owner = identity, plain = '王小明', place = at): Promise<string> =>
  (await keys.seal(owner, [{ plain, at: place }]))[0] as string;
const keyIdOf = (token: string): string => token.split('.')[1] as string;

/** `anotherProcess` sees the same table and keeps a cache of its own. */
function holdsTheContract(open: () => Promise<{ table: () => KeyTable; close(): Promise<void> }>) {
  let opened: Awaited<ReturnType<typeof open>>;
  let clock: number;
  let keys: PersonalKeys;
  const process = (): PersonalKeys => new SealingKeys(opened.table(), masterKey, () => clock);

  beforeAll(async () => { opened = await open(); });
  afterAll(() => opened.close());
  beforeEach(() => { clock = 0; keys = process(); });

  const erased = '44444444-4444-4444-8444-444444444444';

  it('gives back what was sealed, in any script', async () => {
    for (const plain of ['王小明', '', '\u{2070e}', 'a\nb', '長'.repeat(800)]) {
      expect(await keys.unseal(await seal(keys, identity, plain), at)).toEqual({ plain });
    }
  });

  it('shows nothing of what was sealed, and never the same twice', async () => {
    const [first, second] = [await seal(keys), await seal(keys)];
    expect(first).not.toBe(second);
    expect(first).not.toContain(Buffer.from('王小明').toString('base64url'));
  });

  it('opens a value only where it was sealed: same stream, same fact, same field', async () => {
    const token = await seal(keys);
    for (const wrong of [
      { ...at, stream: `applicant-${hua}` }, { ...at, eventId: hua }, { ...at, field: 'idNumber' },
    ]) {
      await expect(keys.unseal(token, wrong)).rejects.toThrow(UnsealingFailed);
      await expect(keys.unseal(token, wrong)).rejects.toMatchObject({ why: 'not-sealed-here' });
    }
  });

  it('has one key per person and purpose', async () => {
    const ids = [
      await seal(keys), await seal(keys, contact), await seal(keys, { ...identity, subject: hua }),
    ].map(keyIdOf);
    expect(new Set(ids).size).toBe(3);
    expect(keyIdOf(await seal(keys))).toBe(ids[0]);
  });

  it('refuses every change of a single character, in any place', async () => {
    const token = await seal(keys);
    const changed = [...token].map((character, place) =>
      token.slice(0, place) + (character === 'A' ? 'B' : 'A') + token.slice(place + 1));
    for (const wrong of [...changed, `${token}A`, `${token}=`, token.slice(0, -1), '', `${token}\n`]) {
      await expect(keys.unseal(wrong, at)).rejects.toThrow(UnsealingFailed);
    }
  });

  it('says that a key is unknown, which is not the same as destroyed', async () => {
    const token = (await seal(keys)).replace(/\.[^.]+\./, `.${unknownKey}.`);
    await expect(keys.unseal(token, at)).rejects.toMatchObject({ why: 'unknown-key' });
  });

  it('unseals many at once, in the order given', async () => {
    const fields = ['phone', 'email'].map((field) => ({ plain: field.toUpperCase(), at: { ...at, field } }));
    const tokens = await keys.seal(contact, fields);
    const sealed = fields.map((field, index) => ({ token: tokens[index] as string, at: field.at }));
    const name = { token: await seal(keys), at };
    expect(await keys.unsealAll([name, ...sealed.reverse()]))
      .toEqual([{ plain: '王小明' }, { plain: 'EMAIL' }, { plain: 'PHONE' }]);
    expect(await keys.unsealAll([])).toEqual([]);
  });

  it('makes one key when many processes seal for a new person at the same time', async () => {
    const owner = { subject: '55555555-5555-4555-8555-555555555555', purpose: 'identity' };
    const tokens = await Promise.all(Array.from({ length: 20 }, () => seal(process(), owner)));
    expect(new Set(tokens.map(keyIdOf)).size).toBe(1);
    for (const token of tokens) expect(await keys.unseal(token, at)).toEqual({ plain: '王小明' });
  });

  describe('once a person’s keys are destroyed', () => {
    const owner = { subject: erased, purpose: 'identity' };
    let token: string;
    let others: string;

    beforeAll(async () => {
      token = await seal(keys, owner);
      others = await seal(keys);
      await keys.unseal(token, at);
      await keys.destroy(erased);
    });

    it('what was sealed reads as a tombstone, at once in the same process', async () => {
      expect(await keys.unseal(token, at)).toEqual({ destroyed: true });
    });

    it('refuses to seal for them, also for a purpose never used', async () => {
      await expect(seal(keys, owner)).rejects.toThrow(SubjectErased);
      await expect(seal(keys, { subject: erased, purpose: 'account' })).rejects.toThrow(SubjectErased);
    });

    it('still opens everybody else’s', async () => {
      expect(await keys.unseal(others, at)).toEqual({ plain: '王小明' });
    });

    it('may be told so again', async () => {
      await keys.destroy(erased);
      expect(await keys.unseal(token, at)).toEqual({ destroyed: true });
    });

    it('also one for whom nothing was ever sealed is refused', async () => {
      const stranger = '66666666-6666-4666-8666-666666666666';
      await keys.destroy(stranger);
      await expect(seal(keys, { subject: stranger, purpose: 'identity' })).rejects.toThrow(SubjectErased);
    });
  });

  it('reads a tombstone in every other process within seconds, and seals nothing there at all', async () => {
    const owner = { subject: '77777777-7777-4777-8777-777777777777', purpose: 'identity' };
    const another = process();
    const token = await seal(keys, owner);
    await another.unseal(token, at);
    await keys.destroy(owner.subject);
    await expect(seal(another, owner)).rejects.toThrow(SubjectErased);
    clock += 5_000;
    expect(await another.unseal(token, at)).toEqual({ destroyed: true });
  });

  it('leaves no key behind when one is made while all are being destroyed', async () => {
    const subject = '88888888-8888-4888-8888-888888888888';
    const purposes = Array.from({ length: 12 }, (_, index) => `purpose-${index}`);
    const sealing = (purpose: string) =>
      seal(process(), { subject, purpose }).catch((error: unknown) => error);
    const outcomes = await Promise.all([
      ...purposes.slice(0, 6).map(sealing), process().destroy(subject), ...purposes.slice(6).map(sealing),
    ]);
    for (const outcome of outcomes) {
      if (typeof outcome === 'string') expect(await keys.unseal(outcome, at)).toEqual({ destroyed: true });
      else if (outcome !== undefined) expect(outcome).toBeInstanceOf(SubjectErased);
    }
  });

  it('opens nothing with another master key, and says so', async () => {
    const token = await seal(keys);
    const foreign = new SealingKeys(opened.table(), MasterKey.random());
    await expect(foreign.unseal(token, at)).rejects.toThrow('master key');
    await expect(seal(foreign)).rejects.toThrow('master key');
  });
}

describe('personal keys in memory', () => {
  holdsTheContract(async () => {
    const table = new InMemoryKeyTable();
    return { table: () => table, close: async () => undefined };
  });
});

describe('personal keys in PostgreSQL', () => {
  holdsTheContract(async () => {
    const database = await createTestDatabase();
    const pool = createPool(database.url, { applicationName: 'personal keys' });
    return {
      table: () => new PostgresKeyTable(pool),
      close: async () => { await pool.end(); await database.drop(); },
    };
  });
});
