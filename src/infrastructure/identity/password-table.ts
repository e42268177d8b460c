import { hash, verify } from '@node-rs/argon2';
import type { Pool } from 'pg';
import type { Passwords, PasswordsInTurn, TriedFrom } from '../../application/identity/identity-stores.js';
import { normalPassword } from '../../domain/identity/password-policy.js';
import { PasswordTurns } from './password-turns.js';

/** argon2id. Tests of what surrounds it take less. */
export interface HashingCost { readonly memoryKib: number; readonly passes: number }
/** One of OWASP's equivalents; 19 MiB. */
export const usualCost: HashingCost = { memoryKib: 19_456, passes: 2 };

export interface PasswordWiring {
  readonly pool: Pool;
  /** Mixed into every hash and in no database: a stolen table alone cannot be guessed at. */
  readonly pepper: Buffer;
  readonly cost: HashingCost;
  /** Each hash takes 19 MiB and ten milliseconds or more of a core. */
  readonly hashesAtOnce: number;
  /** Tries and changes under way, with all that is read and recorded around their hashes. */
  readonly turns: number;
  readonly now: () => number;
}

interface Row { readonly hash: string; readonly set_at: Date }

/** Of the turns, so that a flood from machines that are not enrolled leaves some to those that are. */
const mostElsewhere = 12;

export class PasswordTable implements Passwords {
  private readonly turns: PasswordTurns;
  /** Apart from the turns: while one is hashed, facts of others are read and recorded. */
  private readonly hashes: PasswordTurns;
  /** Tries from machines that are not enrolled, before their hashes: a flood is made of these. */
  private readonly elsewhere: PasswordTurns;
  private nobodys: Promise<string> | null = null;

  constructor(private readonly wiring: PasswordWiring) {
    const { turns, hashesAtOnce } = wiring;
    this.turns = new PasswordTurns({ inWork: turns, waiting: 0 });
    // Only who has a turn comes here, so there is always room to wait.
    this.hashes = new PasswordTurns({ inWork: hashesAtOnce, waiting: turns });
    // A third of one core at most is theirs; the rest is left to enrolled machines, and to queries.
    this.elsewhere = new PasswordTurns({ inWork: 1, waiting: turns, rest: 2 });
  }

  inTurn<T>(work: (passwords: PasswordsInTurn) => Promise<T>): Promise<T | null> {
    return this.turns.take(() => work({
      set: (registrationId, password) => this.set(registrationId, password),
      rightSince: (registrationId, password, from) => this.rightSince(registrationId, password, from),
      isBusyElsewhere: () => this.elsewhere.taken >= mostElsewhere,
    }));
  }

  get isBusy(): boolean {
    return this.turns.isFull;
  }

  async isStillSince(registrationId: string, since: string): Promise<boolean> {
    const { rows: [row] } = await this.wiring.pool.query<Pick<Row, 'set_at'>>(
      'SELECT set_at FROM identity.passwords WHERE registration_id = $1', [registrationId]);
    return row?.set_at.toISOString() === since;
  }

  async remove(registrationId: string): Promise<void> {
    await this.wiring.pool.query(
      'DELETE FROM identity.passwords WHERE registration_id = $1', [registrationId]);
  }

  /** Never at the moment of the one before, whatever the clock says: the moment tells them apart. */
  private async set(registrationId: string, password: string): Promise<void> {
    await this.wiring.pool.query(
      `INSERT INTO identity.passwords AS known (registration_id, hash, set_at) VALUES ($1, $2, $3)
       ON CONFLICT (registration_id) DO UPDATE SET hash = excluded.hash,
         set_at = greatest(excluded.set_at, known.set_at + interval '1 millisecond')`,
      [registrationId, await this.hashed(password), new Date(this.wiring.now()).toISOString()]);
  }

  /** For nobody the same look-up and the same work, against a password that was never set. */
  private async rightSince(
    registrationId: string | null, password: string, from: TriedFrom,
  ): Promise<string | null> {
    const { rows: [row] } = await this.wiring.pool.query<Row>(
      'SELECT hash, set_at FROM identity.passwords WHERE registration_id = $1', [registrationId]);
    const stored = row?.hash ?? await this.hashOfNobody();
    const compare = (): Promise<boolean> => this.hashing(() =>
      verify(stored, normalPassword(password), { secret: this.wiring.pepper }));
    const matches = from === 'enrolled' ? await compare() : await this.elsewhere.take(compare);
    if (!row || !matches || registrationId === null) return null;
    if (!stored.startsWith(this.costPrefix())) await this.hashAnew(registrationId, password, stored);
    return row.set_at.toISOString();
  }

  /** The same password by another hash; where another password was set meanwhile, it stays. */
  private async hashAnew(registrationId: string, password: string, stored: string): Promise<void> {
    await this.wiring.pool.query(
      'UPDATE identity.passwords SET hash = $3 WHERE registration_id = $1 AND hash = $2',
      [registrationId, stored, await this.hashed(password)]);
  }

  private hashOfNobody(): Promise<string> {
    this.nobodys ??= this.hashed(crypto.randomUUID());
    return this.nobodys;
  }

  private hashed(password: string): Promise<string> {
    const { cost: { memoryKib, passes }, pepper } = this.wiring;
    return this.hashing(() => hash(normalPassword(password), {
      memoryCost: memoryKib, timeCost: passes, parallelism: 1, secret: pepper,
    }));
  }

  private async hashing<T>(work: () => Promise<T>): Promise<T> {
    const result = await this.hashes.take(async () => ({ value: await work() }));
    if (result === null) throw new Error('more hashes than turns');
    return result.value;
  }

  /** A hash of another cost is made anew when its password comes by. */
  private costPrefix(): string {
    const { memoryKib, passes } = this.wiring.cost;
    return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$`;
  }
}
