import type { KeyObject } from 'node:crypto';

export interface UsableKey {
  readonly subject: string;
  /** null: destroyed. */
  readonly key: KeyObject | null;
}

/** A page of 50 cases touches a few hundred keys; a thousand of them take 0.3 MB. */
const maxEntries = 1_000;
/** How long another process may still read what was destroyed. Seconds, so that no message is needed. */
const ttlMs = 5_000;

/** Least recently used goes first. Entries are forgotten by age also when they are used. */
export class KeyCache {
  private readonly entries = new Map<string, UsableKey & { readonly until: number }>();
  private forgotten = 0;

  constructor(private readonly now: () => number) {}

  /** What `put` needs to notice that a subject was forgotten while its key was being loaded. */
  get moment(): number {
    return this.forgotten;
  }

  get(keyId: string): UsableKey | undefined {
    const entry = this.entries.get(keyId);
    if (entry === undefined) return undefined;
    this.entries.delete(keyId);
    if (entry.until <= this.now()) return undefined;
    this.entries.set(keyId, entry);
    return entry;
  }

  /** Ignored when anything was forgotten since `moment`: the key may date from before its destruction. */
  put(keyId: string, { subject, key }: UsableKey, moment: number): void {
    if (moment !== this.forgotten) return;
    this.entries.set(keyId, { subject, key, until: this.now() + ttlMs });
    if (this.entries.size <= maxEntries) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }

  forget(subject: string): void {
    this.forgotten++;
    for (const [keyId, entry] of this.entries) if (entry.subject === subject) this.entries.delete(keyId);
  }
}
