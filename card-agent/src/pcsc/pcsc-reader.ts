import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AgentError } from '../agent-error.js';
import type { Card, CardReader, ReaderStatus } from '../card/card-reader.js';
import type { ReaderAnswer, ReaderFailure, ReaderGreeting, ReaderRequest } from './reader-messages.js';

/** How long each step may take; after it the process is killed. */
export interface PcscLimits {
  readonly startMs: number;
  readonly statusMs: number;
  readonly connectMs: number;
  /** A 健保卡 answers within some hundred milliseconds; a person waits no longer than this for a dead one. */
  readonly transmitMs: number;
}

const usualLimits: PcscLimits = { startMs: 10_000, statusMs: 3000, connectMs: 8000, transmitMs: 8000 };

type Asked = ReaderRequest extends infer R ? R extends { id: number } ? Omit<R, 'id'> : never : never;

interface Waiting {
  readonly resolve: (answer: ReaderAnswer) => void;
  readonly reject: (error: AgentError) => void;
}

// The consent page asks every second: without a rest a missing pcscd would cost a process each time.
const restMs = 1000;

const readerProcess = () => fileURLToPath(new URL('./reader-process.js', import.meta.url));

/**
 * PC/SC through a process of its own, because the binding can block its event loop and abort. Operations come
 * one after the other; a failing process is not mended but replaced.
 */
export class PcscReader implements CardReader {
  readonly kind = 'pcsc';
  private child: ReaderChild | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private operating = 0;
  private seen: ReaderStatus[] = [];
  private restAfterFailure: { readonly until: number; readonly error: AgentError } | null = null;

  constructor(
    private readonly file = readerProcess(), private readonly limits: PcscLimits = usualLimits,
  ) {}

  /** While a card is being read, as last seen: it may block the binding's loop, which is no failure. */
  async statuses(): Promise<ReaderStatus[]> {
    if (this.operating > 0) return this.seen;
    const child = await this.ready();
    const { statuses } = await child.ask({ do: 'statuses' }, this.limits.statusMs, 'pcsc-unavailable');
    this.seen = [...statuses ?? []];
    return this.seen;
  }

  withCard<T>(reader: string, use: (card: Card) => Promise<T>): Promise<T> {
    this.operating += 1;
    const turn = this.last.then(() => this.connected(reader, use)).finally(() => {
      this.operating -= 1;
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  close(): Promise<void> {
    this.child?.kill();
    this.child = null;
    return Promise.resolve();
  }

  /** For whoever watches over the process: its id while it runs. */
  get processId(): number | null {
    return this.child?.isAlive ? this.child.processId : null;
  }

  private async connected<T>(reader: string, use: (card: Card) => Promise<T>): Promise<T> {
    const { connectMs, transmitMs } = this.limits;
    const child = await this.ready();
    await child.ask({ do: 'connect', reader }, connectMs, 'card-silent');
    try {
      return await use({
        transmit: async (command) => {
          const { answer } = await child.ask({ do: 'transmit', command }, transmitMs, 'card-silent');
          return answer ?? new Uint8Array();
        },
      });
    } finally {
      // When it fails the process has ended or been killed, and the connection with it.
      await child.ask({ do: 'disconnect' }, connectMs, 'reader-failed').catch(() => undefined);
    }
  }

  private async ready(): Promise<ReaderChild> {
    const rest = this.restAfterFailure;
    if (rest && Date.now() < rest.until) throw rest.error;
    if (!this.child?.isAlive) this.child = new ReaderChild(this.file, this.limits.startMs);
    const { child } = this;
    try {
      await child.started;
      return child;
    } catch (error) {
      if (error instanceof AgentError) this.restAfterFailure = { until: Date.now() + restMs, error };
      throw error;
    }
  }
}

class ReaderChild {
  readonly started: Promise<void>;
  isAlive = true;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(file: string, startMs: number) {
    // No output: a native part that fails could print what a card said. No options of ours, no debugger.
    this.child = fork(file, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced', execArgv: [], env: process.env,
    });
    this.started = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail('pcsc-unavailable', reject), startMs);
      this.child.on('message', (message: ReaderAnswer | ReaderGreeting) => {
        if ('id' in message) return this.settle(message);
        clearTimeout(timer);
        if (message.greeting === 'ready') return resolve();
        return this.fail(message.greeting, reject);
      });
      this.child.on('error', () => this.fail('pcsc-unavailable', reject));
      this.child.on('exit', () => {
        clearTimeout(timer);
        this.fail('pcsc-unavailable', reject);
      });
    });
    // Heard by whoever waits for it; nobody may be waiting when the process ends by itself later.
    this.started.catch(() => undefined);
  }

  get processId(): number | null {
    return this.child.pid ?? null;
  }

  ask(request: Asked, limitMs: number, late: ReaderFailure): Promise<ReaderAnswer> {
    return new Promise((resolve, reject) => {
      if (!this.isAlive) return reject(new AgentError('pcsc-unavailable'));
      const id = this.nextId++;
      const timer = setTimeout(() => this.fail(late), limitMs);
      const ended = <T>(then: (result: T) => void) => (result: T) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        then(result);
      };
      this.waiting.set(id, { resolve: ended(resolve), reject: ended(reject) });
      return this.child.send({ ...request, id } as ReaderRequest, (error) => {
        if (error) this.fail('pcsc-unavailable');
      });
    });
  }

  kill(): void {
    this.fail('pcsc-unavailable');
  }

  private settle({ id, failure, ...content }: ReaderAnswer): void {
    const waiting = this.waiting.get(id);
    if (failure) waiting?.reject(new AgentError(failure));
    else waiting?.resolve({ id, ...content });
  }

  /** The end of this process: everyone who waits hears why, and it is not asked again. */
  private fail(why: ReaderFailure, reject?: (error: AgentError) => void): void {
    this.isAlive = false;
    this.child.kill('SIGKILL');
    for (const { reject: tell } of [...this.waiting.values()]) tell(new AgentError(why));
    reject?.(new AgentError(why));
  }
}
