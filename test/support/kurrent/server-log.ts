import { Buffer } from 'node:buffer';

export interface ProposedRecord {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}
export interface LogRecord extends ProposedRecord {
  /** Byte offset in the log, as in the real server: increasing, never dense. */
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly createdTicks: bigint;
}
/** Where a reader stands. A record at p lies beyond it when (p, p) is greater than (commit, prepare). */
export interface Place { readonly commit: bigint; readonly prepare: bigint }

export type AppendVerdict =
  | { readonly kind: 'stored' | 'known'; readonly revision: number; readonly position: bigint }
  | { readonly kind: 'wrong-revision'; readonly current: number };

const noStream = -1;
const headerBytes = 61;
const ticksPerMillisecond = 10_000n;

/** What the nodes of one cluster share: the records, in order, and what a write may do to them. */
export class ServerLog {
  readonly records: LogRecord[] = [];
  readonly #streams = new Map<string, LogRecord[]>();
  #end: bigint;
  #writes = 0;
  #wakeUps: (() => void)[] = [];

  /** `from`: the byte it begins at, for a log that has grown for long. */
  constructor(from = 0n) {
    this.#end = from;
    // A real log begins with records of the server's own, so that nobody's first event is at 0.
    this.#record('$scavenges', systemRecord('$metadata'));
    this.#record('$users', systemRecord('$user'));
  }

  get lastPosition(): bigint {
    return this.records.at(-1)?.position ?? -1n;
  }

  /** For controls: what a server never does. */
  forget(streams: RegExp): void {
    for (const name of this.#streams.keys()) if (streams.test(name)) this.#streams.delete(name);
  }

  stream(name: string): readonly LogRecord[] | undefined {
    return this.#streams.get(name);
  }

  /**
   * An expected revision that is not the current one is still right if the very same events stand right after
   * it: the write is then a repetition, whoever stored it first.
   */
  append(stream: string, expected: number, proposed: readonly ProposedRecord[]): AppendVerdict {
    const history = this.#streams.get(stream) ?? [];
    const current = history.length + noStream;
    if (expected > current) return { kind: 'wrong-revision', current };
    if (expected < current) {
      const stored = history.slice(expected + 1, expected + 1 + proposed.length);
      const last = stored.at(-1);
      const same = stored.every(({ id }, index) => id === proposed[index]?.id);
      if (!last || !same || stored.length < proposed.length) return { kind: 'wrong-revision', current };
      return { kind: 'known', revision: last.revision, position: last.position };
    }
    for (const event of proposed) this.#record(stream, event);
    // Servers write records of their own at any time; nobody may take them for facts.
    if (++this.#writes % 5 === 0) this.#record('$stats-127.0.0.1:2113', systemRecord('$statsCollected'));
    this.#wake();
    const last = this.#streams.get(stream)?.at(-1);
    if (!last) throw new Error('nothing was appended');
    return { kind: 'stored', revision: last.revision, position: last.position };
  }

  #record(stream: string, proposed: ProposedRecord): void {
    const history = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, history);
    const createdTicks = BigInt(Date.now()) * ticksPerMillisecond;
    const record = { ...proposed, position: this.#end, stream, revision: history.length, createdTicks };
    history.push(record);
    this.records.push(record);
    this.#end += BigInt(headerBytes + stream.length + 2 * proposed.type.length
      + proposed.data.length + proposed.metadata.length);
  }

  /** Index of the first record beyond the place; the number of records when there is none. */
  indexAfter({ commit, prepare }: Place): number {
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const position = this.records[middle]?.position ?? 0n;
      if (position > commit || (position === commit && position > prepare)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Resolves at the next append, or when the signal aborts. */
  untilGrown(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const done = (): void => {
        stop.removeEventListener('abort', done);
        resolve();
      };
      this.#wakeUps.push(done);
      stop.addEventListener('abort', done);
    });
  }

  #wake(): void {
    for (const wake of this.#wakeUps.splice(0)) wake();
  }
}

function systemRecord(type: string): ProposedRecord {
  return {
    id: '00000000-0000-4000-8000-000000000000', type, contentType: 'application/json',
    data: Buffer.from('{}'), metadata: new Uint8Array(),
  };
}
