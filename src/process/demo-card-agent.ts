import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Config } from '../infrastructure/config.js';
import type { Running } from './running.js';
import { say } from './say.js';

/** Where the card agent answers, and whether its reader is one of pcscd or only in memory. */
export interface FoundCardAgent { readonly url: string; readonly reader: 'pcsc' | 'memory' }

const greeting = z.object({ address: z.url(), reader: z.enum(['pcsc', 'memory']) });
const ended = '讀卡元件已結束，其餘服務不受影響。 The card agent has ended; everything else goes on.';
/** To close its files and its pcscd. */
const endMs = 5_000;

/** Which card of the demo is in the reader, see card-agent/README.md. */
export const readerFile = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): string =>
  `${DATA_DIR}/demo-cards/reader.json`;

/**
 * The card part of the demo: a process of its own, started beside everything else and never waited for. When
 * it fails, the service goes on without it, and says so.
 */
export class DemoCardAgent {
  private readonly child: ChildProcess;
  private isStopping = false;
  private readonly found: Promise<FoundCardAgent | null>;

  private constructor(private readonly config: Config, script: string) {
    const { DATA_DIR, DEMO_CARD_READER } = config;
    const home = resolve(DATA_DIR, 'card-agent');
    rmSync(readerFile(config), { force: true });
    const args = [script, `--file=${resolve(readerFile(config))}`, `--home=${home}`];
    if (DEMO_CARD_READER === 'memory') args.push('--memory');
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    // It may have ended before it is told where the service is.
    this.child.stdin?.on('error', () => undefined);
    this.found = this.listen();
  }

  /** Null where the demo has no cards: elsewhere than on this machine they must not work. */
  static start(config: Config, running: Running): DemoCardAgent | null {
    const script = resolve('card-agent/scripts/demo.mjs');
    const isHere = config.PUBLIC_ORIGIN === undefined || loopback.test(config.PUBLIC_ORIGIN);
    if (!config.DEMO || config.DEMO_CARD_READER === 'off' || !isHere || !existsSync(script)) return null;
    const agent = new DemoCardAgent(config, script);
    running.onStop(() => agent.stop());
    return agent;
  }

  /** Once the service's own address is known. `found` hears of the agent whenever it is there. */
  serve(url: string, found: (agent: FoundCardAgent) => void): void {
    const { port } = new URL(url);
    const origins = this.config.PUBLIC_ORIGIN === undefined
      ? [`http://127.0.0.1:${port}`, `http://localhost:${port}`] : [this.config.PUBLIC_ORIGIN];
    this.child.stdin?.write(`${JSON.stringify(origins)}\n`);
    void this.found.then((agent) => { if (agent) found(agent); });
  }

  /** The agent, when it is there within so long. */
  async within(milliseconds: number): Promise<FoundCardAgent | null> {
    return Promise.race([this.found, delay(milliseconds, null, { ref: false })]);
  }

  private async listen(): Promise<FoundCardAgent | null> {
    if (!this.child.stdout) return null;
    for await (const line of createInterface({ input: this.child.stdout })) {
      if (!line.startsWith('{')) {
        say(line.replace(/^▸ /, ''));
        continue;
      }
      const { address: url, reader } = greeting.parse(JSON.parse(line));
      this.child.stdout.resume();
      this.child.once('exit', () => { if (!this.isStopping) say(ended); });
      return { url, reader };
    }
    if (!this.isStopping) say('讀卡元件未啟動，其餘服務不受影響。 The card agent did not start; everything else does.');
    return null;
  }

  private async stop(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.stdin?.end();
    await Promise.race([ended, delay(endMs, undefined, { ref: false })]);
    child.kill('SIGKILL');
  }
}

const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
