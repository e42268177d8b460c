import { InMemoryKeyTable } from '../../../src/infrastructure/keys/in-memory-key-table.js';
import { KeyCache } from '../../../src/infrastructure/keys/key-cache.js';
import type { KeyRow } from '../../../src/infrastructure/keys/key-table.js';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../../src/infrastructure/keys/sealing-keys.js';

const ming = '11111111-1111-4111-8111-111111111111';
const at = { stream: `applicant-${ming}`, eventId: '33333333-3333-4333-8333-333333333333', field: 'name' };

describe('the cache of keys', () => {
  /** A table whose answer to `find` arrives when `answer` is called. */
  class SlowTable extends InMemoryKeyTable {
    answer: () => void = () => undefined;

    override async find(keyIds: readonly string[]): Promise<readonly KeyRow[]> {
      const rows = await super.find(keyIds);
      await new Promise<void>((resolve) => { this.answer = resolve; });
      return rows;
    }
  }

  it('does not keep a key that was read just before it was destroyed', async () => {
    const table = new SlowTable();
    const keys = new SealingKeys(table, MasterKey.random(), () => 0);
    const [token] = await keys.seal({ subject: ming, purpose: 'identity' }, [{ plain: '王小明', at }]);
    const early = keys.unseal(token as string, at);
    await new Promise(setImmediate);
    await keys.destroy(ming);
    table.answer();
    expect(await early).toEqual({ plain: '王小明' });
    const late = keys.unseal(token as string, at);
    await new Promise(setImmediate);
    table.answer();
    expect(await late).toEqual({ destroyed: true });
  });

  it('holds a thousand keys, the least recently used go first', () => {
    const cache = new KeyCache(() => 0);
    const key = { subject: ming, key: null };
    cache.put('used', key, cache.moment);
    for (let count = 0; count < 1_000; count++) {
      cache.put(`key ${count}`, key, cache.moment);
      cache.get('used');
    }
    expect(cache.get('used')).toBeDefined();
    expect(cache.get('key 0')).toBeUndefined();
    expect(cache.get('key 1')).toBeDefined();
  });
});
