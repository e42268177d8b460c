import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FoundCardAgent } from './demo-card-agent.js';

export interface ReadyToBeFound {
  /** Of the API; null where this process has none. */
  readonly url: string | null;
  readonly managementUrl: string;
  /** Of the demo; null while it is not there. */
  readonly cardAgent: FoundCardAgent | null;
  readonly principals: readonly {
    readonly name: string; readonly roles: readonly string[]; readonly token: string;
  }[];
}

/**
 * Tells programs of this machine where the service is, once it serves. Only where it is asked for or where
 * the service keeps files anyway: a process of many needs no disk.
 */
export class ReadyFile {
  constructor(private readonly path: string | null) {}

  remove(): void {
    if (this.path !== null) rmSync(this.path, { force: true });
  }

  write(content: ReadyToBeFound): void {
    if (this.path === null) return;
    mkdirSync(dirname(this.path), { recursive: true });
    // Whole or not at all, and for its owner alone: whoever reads it is everybody in the demo.
    writeFileSync(`${this.path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }
}
