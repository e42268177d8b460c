import { readFile, stat } from 'node:fs/promises';
import { derOf } from './pem.js';
import { filesAt } from './pinned-certificates.js';
import type { RevocationList } from './revocation-list.js';
import { readRevocationList } from './revocation-list.js';

/** Lists change a few times a day; a sign-in need not look each time. */
const lookAgainMs = 30_000;
/** Held in memory. The whole of MOICA's is below that, and parts are far smaller. */
const maxListBytes = 64 * 1024 * 1024;

interface ReadFile { readonly version: string; readonly lists: readonly RevocationList[] }

export interface RevocationListFilesOptions {
  readonly path: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Names a file that is no list. Never stops a sign-in: what is missing refuses by itself. */
  readonly onUnreadable: (file: string) => void;
}

/**
 * Whatever fetches the lists puts them into a directory; this reads what is new. A file that cannot be read
 * leaves in place what it held before: that speaks for itself until its own next update.
 */
export class RevocationListFiles {
  private files = new Map<string, ReadFile>();
  private lookedAt: number | null = null;
  private looking: Promise<void> | null = null;

  constructor(private readonly options: RevocationListFilesOptions) {}

  async lists(): Promise<readonly RevocationList[]> {
    const now = this.options.now();
    if (this.lookedAt === null || now - this.lookedAt >= lookAgainMs) {
      this.looking ??= this.look(now).finally(() => { this.looking = null; });
      await this.looking;
    }
    return [...this.files.values()].flatMap(({ lists }) => lists);
  }

  private async look(now: number): Promise<void> {
    const found = new Map<string, ReadFile>();
    for (const file of this.names()) {
      const read = await this.read(file);
      if (read) found.set(file, read);
    }
    this.files = found;
    this.lookedAt = now;
  }

  private names(): readonly string[] {
    try {
      return filesAt(this.options.path);
    } catch {
      this.options.onUnreadable(this.options.path);
      return [...this.files.keys()];
    }
  }

  private async read(file: string): Promise<ReadFile | undefined> {
    const known = this.files.get(file);
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (known?.version === version) return known;
      const lists = size > maxListBytes ? null : listsIn(await readFile(file));
      if (lists) return { version, lists };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
    this.options.onUnreadable(file);
    return known;
  }
}

function listsIn(bytes: Buffer): readonly RevocationList[] | null {
  const lists = derOf(bytes, 'X509 CRL')?.map(readRevocationList) ?? [null];
  return lists.every((list) => list !== null) ? lists : null;
}
