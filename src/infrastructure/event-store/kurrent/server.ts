import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Position, Revision } from '../../../application/event-log.js';
import { beforeFirst, noStream } from '../../../application/event-log.js';
import type { Connection } from './connection.js';
import { Patience } from './failures.js';
import type { ProposedEvent } from './messages.js';
import { appendMessages, lastFactRequest, recordOf, streamRequest } from './messages.js';

export type AppendAnswer =
  | { readonly kind: 'stored'; readonly position: Position }
  | { readonly kind: 'wrong-revision'; readonly actual: Revision };

/** What we ask the server for, apart from long reads: small questions with small answers. */
export class Server {
  constructor(private readonly connection: Connection, private readonly closing: AbortSignal) {}

  /** Never repeated here: who asked must learn that nobody knows what became of it. */
  async append(stream: string, expected: Revision, events: readonly ProposedEvent[]): Promise<AppendAnswer> {
    const answer = await this.connection.append(appendMessages(stream, expected, events));
    const position = answer.getSuccess()?.getPosition();
    if (position) return { kind: 'stored', position: position.getCommitPosition() };
    const wrong = answer.getWrongExpectedVersion();
    if (!wrong) throw new Error(`an append was answered without a position: ${stream}`);
    const actual = wrong.hasCurrentRevision() ? Number(wrong.getCurrentRevision()) : noStream;
    return { kind: 'wrong-revision', actual };
  }

  /** At most that many records of a stream; none when it ends before, or does not exist. */
  async records(stream: string, from: Revision, atMost: number) {
    const messages = await this.#read(() => this.connection.readFew(streamRequest(stream, from, atMost)));
    return messages.flatMap((message) => recordOf(message) ?? []);
  }

  async page(stream: string, from: Revision, atMost: number): Promise<readonly ReadResp[]> {
    return this.#read(() => this.connection.readFew(streamRequest(stream, from, atMost)));
  }

  async lastRevision(stream: string): Promise<Revision> {
    const messages = await this.#read(() => this.connection.readFew(streamRequest(stream, 'end')));
    return messages.map(recordOf).find((record) => record !== undefined)?.revision ?? noStream;
  }

  /** Position of the last fact there is. */
  async head(stop = this.closing): Promise<Position> {
    const messages = await this.#read(() => this.connection.readFew(lastFactRequest()), stop);
    return messages.map(recordOf).find((record) => record !== undefined)?.position ?? beforeFirst;
  }

  /** Reading may be repeated while the server is away. */
  async #read<T>(read: () => Promise<T>, stop = this.closing): Promise<T> {
    const patience = new Patience(stop);
    for (;;) {
      try {
        return await read();
      } catch (error) {
        await patience.afterLoss(error);
      }
    }
  }
}
