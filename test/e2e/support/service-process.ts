import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type Role = 'api' | 'projector' | 'worker';

export interface Ready {
  readonly url: string | null;
  readonly managementUrl: string;
  readonly principals: readonly { readonly roles: readonly string[]; readonly token: string }[];
}

const startMs = 200_000;
const lookMs = 20;

/** One process of many, started as `npm run start:<role>` does. */
export class ServiceProcess {
  output = '';
  private child: ChildProcess | undefined;

  constructor(
    private readonly directory: string,
    readonly role: Role,
    private readonly name: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  get ready(): Ready {
    return JSON.parse(readFileSync(this.readyFile, 'utf8')) as Ready;
  }

  start(): void {
    rmSync(this.readyFile, { force: true });
    const { PATH, HOME, LANG, TMPDIR } = process.env;
    const env = { PATH, HOME, LANG, TMPDIR, ...this.environment, READY_FILE: this.readyFile };
    this.child = spawn(process.execPath, ['scripts/start.mjs', this.role], { cwd: this.directory, env });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    }
  }

  async isReady(): Promise<Ready> {
    const deadline = Date.now() + startMs;
    while (!existsSync(this.readyFile)) {
      if (this.hasEnded || Date.now() > deadline) {
        throw new Error(`${this.name} is not ready:\n${this.output}`);
      }
      await delay(lookMs);
    }
    return this.ready;
  }

  get hasEnded(): boolean {
    const { exitCode, signalCode } = this.running;
    return exitCode !== null || signalCode !== null;
  }

  async kill(): Promise<void> {
    await this.endBy('SIGKILL');
  }

  /** Answers the exit code. */
  async stop(): Promise<number | null> {
    await this.endBy('SIGTERM');
    return this.running.exitCode;
  }

  signal(name: NodeJS.Signals): void {
    this.running.kill(name);
  }

  private get running(): ChildProcess {
    if (this.child === undefined) throw new Error(`${this.name} was not started`);
    return this.child;
  }

  private get readyFile(): string {
    return join(this.directory, `${this.name}.json`);
  }

  private async endBy(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.running, 'exit');
    this.running.kill(signal);
    await ended;
  }
}
