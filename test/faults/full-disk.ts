import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of a PostgreSQL with two small databases, and its binaries where it cannot reach those of the checkout. */
const bytes = 256 * 1024 ** 2;
/** What is left when somebody else has filled it: less than one segment of the write-ahead log. */
const leftBytes = 2 * 1024 ** 2;

/** A file system of its own that others can fill, where the machine lets us mount one. */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  /** Null, with the reason on the console, where it cannot be mounted. */
  static mounted(): SmallDisk | null {
    const directory = mkdtempSync(join(tmpdir(), 'treasury-small-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory], { stdio: 'pipe' });
    } catch (error) {
      rmSync(directory, { recursive: true });
      process.stderr.write(`!! 未執行：磁碟已滿，無法掛載 NOT RUN: on a full disk; cannot mount: ${String(error)}\n`);
      return null;
    }
    chmodSync(directory, 0o755);
    return new SmallDisk(directory);
  }

  fill(): void {
    const { bavail, bsize } = statfsSync(this.directory);
    execFileSync('fallocate', ['-l', String(bavail * bsize - leftBytes), this.ballast]);
  }

  clear(): void {
    rmSync(this.ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.directory]);
    rmSync(this.directory, { recursive: true });
  }

  private get ballast(): string {
    return join(this.directory, 'somebody-elses');
  }
}
