import type { KeyOwner } from '../../application/personal-keys.js';
import type { KeyRow, KeyTable, NewKey } from './key-table.js';

/** For tests and for a service that keeps nothing. */
export class InMemoryKeyTable implements KeyTable {
  private readonly rows: KeyRow[] = [];
  private readonly destroyed = new Set<string>();

  async obtain(owner: KeyOwner, candidate: NewKey): Promise<KeyRow | null> {
    if (this.destroyed.has(owner.subject)) return null;
    const known = this.rows.find((row) => row.subject === owner.subject && row.purpose === owner.purpose);
    if (known) return known;
    const row = { ...owner, ...candidate };
    this.rows.push(row);
    return row;
  }

  async find(keyIds: readonly string[]): Promise<readonly KeyRow[]> {
    return this.rows.filter(({ keyId }) => keyIds.includes(keyId));
  }

  async destroy(subject: string): Promise<void> {
    this.destroyed.add(subject);
    for (const [index, row] of this.rows.entries()) {
      if (row.subject === subject) this.rows[index] = { ...row, wrapped: null };
    }
  }
}
