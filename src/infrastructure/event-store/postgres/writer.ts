import { setImmediate as nextTurn } from 'node:timers/promises';
import type pg from 'pg';
import type { AppendResult } from '../../../application/event-log.js';
import {
  isConnectionLoss, isPassing, isRefusedByServer, retryOnConnectionLoss,
} from '../../postgres/connection-loss.js';
import { connectClient } from '../../postgres/pool.js';
import { StoreBusy } from '../store-busy.js';
import type { WaitingAppend } from './append-queue.js';
import { AppendQueue } from './append-queue.js';
import { endSilentWriters, writerName } from './silent-writers.js';

/** A server that restarts is back by then; a caller is told sooner than its own patience ends. */
const connectWithinMs = 3_000;

/**
 * Whatever happens to this connection (a cut network, a process that hangs), other writers have the head
 * within five seconds: a transaction that waits for its next statement is ended by the server; behind one
 * that waits for the rest of a COPY the next writer waits no longer than this, and ends it.
 */
const headHeld = { idleInTransactionTimeoutMs: 3_000, lockTimeoutMs: 3_000, statementTimeoutMs: 4_000 };
const lockTimedOut = '55P03';

/**
 * Plans of the writer's statements are made once, perhaps while the log is empty: they must still probe the
 * index when it holds millions.
 */
const settings = { enable_seqscan: 'off', plan_cache_mode: 'force_generic_plan', jit: 'off' };

/** How a writer puts a group into the log: in one transaction, every append answered in its place. */
export interface Writing {
  store(client: pg.ClientBase, group: readonly WaitingAppend[]): Promise<readonly AppendResult[]>;
  /** Told how many appends share each transaction. */
  grouped?(appends: number): void;
  /** Whether a group is sent while the one before is under way; needs a `store` of plain statements. */
  readonly inPairs: boolean;
}

/**
 * A writing connection. While one group is on its way to the disk the next one gathers, so the more callers
 * there are, the more of them share a flush. In pairs the next one is even sent: the server turns to it the
 * moment the first is on disk, and neither it nor Node ever waits for the other.
 */
export class Writer {
  readonly #queue = new AppendQueue();
  readonly #underWay = new Set<Promise<void>>();
  #client: pg.Client | undefined;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(private readonly url: string, private readonly writing: Writing) {}

  append(append: Omit<WaitingAppend, 'settle' | 'fail'>): Promise<AppendResult> {
    return new Promise((settle, fail) => {
      if (this.#closed) throw new Error('the store is closed');
      this.#queue.add({ ...append, settle, fail });
      this.#working ??= this.#work();
    });
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Finishes what was asked before. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await Promise.all(this.#underWay);
    await this.#client?.end();
  }

  async #work(): Promise<void> {
    const atOnce = this.writing.inPairs ? 2 : 1;
    while (!this.#queue.isEmpty) {
      // Callers answered by the last group get a turn to join this one, or every second group would be nearly
      // empty.
      await nextTurn();
      const client = await this.#connected();
      if (!client) continue;
      const written = this.#write(client, this.#taken()).finally(() => this.#underWay.delete(written));
      this.#underWay.add(written);
      if (this.#underWay.size === atOnce) await Promise.race(this.#underWay);
    }
    this.#working = undefined;
  }

  #taken(): WaitingAppend[] {
    const isFirstOfPair = this.writing.inPairs && this.#underWay.size === 0;
    const group = this.#queue.takeGroup(isFirstOfPair ? 'half' : 'all');
    this.writing.grouped?.(group.length);
    return group;
  }

  /** Without a server nothing has been sent: all who wait are told to ask again, which is always safe. */
  async #connected(): Promise<pg.Client | undefined> {
    try {
      this.#client ??= await retryOnConnectionLoss(() => this.#connect(), { withinMs: connectWithinMs });
      return this.#client;
    } catch (error) {
      for (const append of this.#queue.takeAll()) append.settle(unknown(error));
      return undefined;
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = await connectClient(this.url, {
      applicationName: writerName, settings, pipeline: this.writing.inPairs, ...headHeld,
    });
    client.once('end', () => this.#forget(client));
    return client;
  }

  #forget(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
  }

  async #write(client: pg.Client, group: readonly WaitingAppend[]): Promise<void> {
    try {
      const results = await this.writing.store(client, group);
      for (const [index, append] of group.entries()) append.settle(results[index] ?? unknown('no verdict'));
    } catch (error) {
      if (isRefusedByServer(error)) return this.#refused(client, group, error);
      this.#forget(client);
      client.end().catch(() => undefined);
      for (const append of group) {
        if (isConnectionLoss(error)) append.settle(unknown(error));
        else append.fail(error as Error);
      }
    }
  }

  /**
   * The transaction was rolled back as a whole. One bad append must not fail its neighbours: each is tried
   * alone.
   */
  async #refused(client: pg.Client, group: readonly WaitingAppend[], error: pg.DatabaseError): Promise<void> {
    if (!isPassing(error) && group.length > 1) {
      for (const append of group) await this.#write(client, [append]);
      return;
    }
    if (error.code === lockTimedOut) await endSilentWriters(this.url).catch(() => undefined);
    const failure = isPassing(error) ? new StoreBusy(error.message, { cause: error }) : error;
    for (const append of group) append.fail(failure);
  }
}

const unknown = (cause: unknown): AppendResult =>
  ({ kind: 'unknown', cause: cause instanceof Error ? cause.message : String(cause) });
