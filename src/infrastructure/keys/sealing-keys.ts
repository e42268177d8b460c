import { randomUUID } from 'node:crypto';
import type {
  KeyOwner, PersonalKeys, PlainField, SealedAt, SealedField, Unsealed,
} from '../../application/personal-keys.js';
import { SubjectErased, UnsealingFailed } from '../../application/personal-keys.js';
import type { UsableKey } from './key-cache.js';
import { KeyCache } from './key-cache.js';
import type { KeyTable } from './key-table.js';
import type { MasterKey } from './master-key.js';
import type { Token } from './sealed-token.js';
import { openToken, parseToken, sealText } from './sealed-token.js';

interface Opening { readonly token: Token; readonly at: SealedAt }

/** AES-256-GCM under keys of a table, each wrapped by the master key. */
export class SealingKeys implements PersonalKeys {
  private readonly cache: KeyCache;

  constructor(
    private readonly table: KeyTable,
    private readonly masterKey: MasterKey,
    now: () => number = () => performance.now(),
  ) {
    this.cache = new KeyCache(now);
  }

  /** Asks the table every time: a cached key might be one that another process has just destroyed. */
  async seal(owner: KeyOwner, fields: readonly PlainField[]): Promise<readonly string[]> {
    const keyId = randomUUID();
    const row = await this.table.obtain(owner, { keyId, wrapped: this.masterKey.wrapNewKey(owner, keyId) });
    if (row === null || row.wrapped === null) throw new SubjectErased(owner.subject);
    const key = this.masterKey.unwrap(owner, row.keyId, row.wrapped);
    return fields.map(({ plain, at }) => sealText(key, row.keyId, plain, at));
  }

  async unseal(token: string, at: SealedAt): Promise<Unsealed> {
    const [unsealed] = await this.unsealAll([{ token, at }]);
    return unsealed as Unsealed;
  }

  async unsealAll(fields: readonly SealedField[]): Promise<readonly Unsealed[]> {
    const openings = fields.map(parse);
    const keys = await this.keys(new Set(openings.map(({ token }) => token.keyId)));
    return openings.map((opening) => open(opening, keys.get(opening.token.keyId)));
  }

  /** Forgets afterwards: before that the key was still there, and a load under way may bring it back. */
  async destroy(subject: string): Promise<void> {
    await this.table.destroy(subject);
    this.cache.forget(subject);
  }

  private async keys(keyIds: ReadonlySet<string>): Promise<ReadonlyMap<string, UsableKey>> {
    const found = new Map<string, UsableKey>();
    for (const keyId of keyIds) {
      const cached = this.cache.get(keyId);
      if (cached) found.set(keyId, cached);
    }
    const missing = [...keyIds].filter((keyId) => !found.has(keyId));
    if (missing.length > 0) for (const [keyId, key] of await this.load(missing)) found.set(keyId, key);
    return found;
  }

  private async load(keyIds: readonly string[]): Promise<[string, UsableKey][]> {
    const moment = this.cache.moment;
    const rows = await this.table.find(keyIds);
    return rows.map(({ keyId, wrapped, ...owner }) => {
      const key = wrapped === null ? null : this.masterKey.unwrap(owner, keyId, wrapped);
      const usable = { subject: owner.subject, key };
      this.cache.put(keyId, usable, moment);
      return [keyId, usable];
    });
  }
}

function parse({ token, at }: SealedField): Opening {
  const parsed = parseToken(token);
  if (parsed === null) throw new UnsealingFailed(at, 'malformed');
  return { token: parsed, at };
}

function open({ token, at }: Opening, usable: UsableKey | undefined): Unsealed {
  if (usable === undefined) throw new UnsealingFailed(at, 'unknown-key');
  if (usable.key === null) return { destroyed: true };
  const plain = openToken(usable.key, token, at);
  if (plain === null) throw new UnsealingFailed(at, 'not-sealed-here');
  return { plain };
}
