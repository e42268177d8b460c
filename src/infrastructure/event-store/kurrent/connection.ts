import { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { AppendReq, AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { CallSlots, within } from './call-slots.js';
import { connectionStringFor } from './connection-string.js';
import { SilentServer, isNotLeader } from './failures.js';
import type { ReadCall } from './incoming.js';
import { Incoming } from './incoming.js';
import type { KurrentOptions } from './options.js';

type CallMetadata = NonNullable<Parameters<StreamsClient['read']>[1]> & object;
type CallSettings = [metadata: CallMetadata, options: object];

/**
 * What the client keeps protected: connections, credentials, discovery and the change to another leader are
 * its business; the calls themselves are ours. Its own methods parse every payload (which must come back byte
 * for byte), append under a deadline the client itself does not watch, cannot filter a read of `$all`, and
 * tell of being caught up beside the events instead of between them.
 */
interface ClientCalls {
  execute<T>(stub: typeof StreamsClient, name: string, call: (stub: StreamsClient) => Promise<T>): Promise<T>;
  GRPCStreamCreator(
    stub: typeof StreamsClient, name: string, call: (stub: StreamsClient) => ReadCall,
  ): () => Promise<ReadCall>;
  callArguments(
    options: { requiresLeader: boolean; deadline?: number }, callOptions?: { deadline: number },
  ): CallSettings;
  getChannel(): Promise<{ close(): void }>;
  dispose(): Promise<void>;
}

/**
 * A refused one turns to the leader it was told of; a cluster in the middle of an election needs a moment
 * more.
 */
const maxLeaderChanges = 5;
const leaderChangePauseMs = 20;

/** Every event is a message of its own; large imports need longer than one command. */
const messagesPerDeadline = 1_000;

/** The wire to the server. Everything asks for the leader: a follower may lag behind what was promised. */
export class Connection {
  readonly #calls: ClientCalls;
  readonly #slots: CallSlots;

  constructor(url: string, readonly options: KurrentOptions) {
    const client = EventStoreDBClient.connectionString(connectionStringFor(url, options));
    this.#calls = client as unknown as ClientCalls;
    this.#slots = new CallSlots(options.parallelCalls);
  }

  /** Calls that wait for one of the places at the server. */
  get waiting(): number {
    return this.#slots.waiting;
  }

  append(messages: readonly AppendReq[]): Promise<AppendResp> {
    const deadlineMs = this.options.deadlineMs * Math.ceil(messages.length / messagesPerDeadline);
    return this.#slots.run(() => this.#askLeader(() => this.#append(messages, deadlineMs)), {
      turnMs: this.options.deadlineMs, answerMs: deadlineMs + this.#connectMs,
    });
  }

  /** Everything at once, for reads of a few events. */
  readFew(request: ReadReq): Promise<ReadResp[]> {
    const { deadlineMs } = this.options;
    return this.#slots.run(() => this.#askLeader(() => this.#readFew(request)), {
      turnMs: deadlineMs, answerMs: deadlineMs + this.#connectMs,
    });
  }

  /** Whoever opens it cancels it, however it ends. */
  async open(request: ReadReq): Promise<Incoming> {
    const settings = this.#calls.callArguments({ requiresLeader: true }, { deadline: Infinity });
    const call = (stub: StreamsClient): ReadCall => stub.read(request, ...settings);
    const opening = this.#calls.GRPCStreamCreator(StreamsClient, 'read', call)();
    try {
      return new Incoming(await within(opening, this.#connectMs));
    } catch (error) {
      opening.then((late) => late.cancel(), () => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#calls.dispose();
    // The client keeps its channel open for ever; without one there is nothing to close.
    await this.#calls.getChannel().then((channel) => channel.close(), () => undefined);
  }

  /** Finding a node and connecting to it comes on top of the deadline of the call itself. */
  get #connectMs(): number {
    return this.options.deadlineMs;
  }

  async #readFew(request: ReadReq): Promise<ReadResp[]> {
    const { deadlineMs } = this.options;
    const incoming = await this.open(request);
    const messages: ReadResp[] = [];
    try {
      for (;;) {
        const message = await incoming.next(deadlineMs);
        if (message === 'ended') return messages;
        if (message === 'quiet') throw new SilentServer(`no answer within ${deadlineMs} ms`);
        messages.push(message);
      }
    } finally {
      incoming.cancel();
    }
  }

  #append(messages: readonly AppendReq[], deadlineMs: number): Promise<AppendResp> {
    return this.#calls.execute(StreamsClient, 'append', (stub) => new Promise((resolve, reject) => {
      const settings = this.#calls.callArguments({ requiresLeader: true, deadline: deadlineMs });
      const call = stub.append(...settings, (error, answer) => (error ? reject(error) : resolve(answer)));
      call.on('error', reject);
      for (const message of messages) call.write(message);
      call.end();
    }));
  }

  /** Safe for writes too: who is not the leader refuses before it does anything. */
  async #askLeader<T>(ask: () => Promise<T>): Promise<T> {
    for (let change = 1; ; change++) {
      try {
        return await ask();
      } catch (error) {
        if (!isNotLeader(error) || change > maxLeaderChanges) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, change * leaderChangePauseMs));
    }
  }
}
