import { noStream } from '../../../application/event-log.js';
import { categoryOf, uuidOf } from '../append-rules.js';
import type { EncodedWrite } from '../event-store.js';
import type { WaitingAppend } from './append-queue.js';
import type { LogNames } from './log-names.js';

/** No valid JSON, uuid or fingerprint contains it, so joined texts need no escaping. */
const separator = '\x1f';

/** Numbers and uuids only: nothing in them needs quoting. */
const arrayOf = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;

/** A group of appends as PostgreSQL takes it: an array for each column of what is to be judged and stored. */
export class GroupColumns {
  /** By the number of the write, counted over the whole group. */
  readonly streams: string[] = [];
  readonly #commandIds: string[] = [];
  readonly #fingerprints: string[] = [];
  readonly #eventCounts: number[] = [];
  readonly #eventsUpTo: number[] = [];
  readonly #write = {
    append: [] as number[], stream: [] as string[], category: [] as number[], expected: [] as number[],
  };
  /** Of the writes that go on with a stream, which therefore has an event to follow. */
  readonly #followed = { stream: [] as string[], category: [] as number[], revision: [] as number[] };
  readonly #eventOf = { append: [] as number[], index: [] as number[] };
  readonly #event = {
    stream: [] as string[], category: [] as number[], revision: [] as number[], id: [] as string[],
    type: [] as number[], version: [] as number[],
  };
  readonly #payloads: string[] = [];
  readonly #metadata: string[] = [];

  constructor(group: readonly WaitingAppend[], private readonly names: LogNames) {
    for (const append of group) this.#add(append);
  }

  /** As `log.append_group` takes them. */
  judged(): string[] {
    return [
      arrayOf(this.#commandIds), this.#fingerprints.join(separator), arrayOf(this.#eventCounts),
      ...Object.values(this.#write).map(arrayOf),
      ...Object.values(this.#eventOf).map(arrayOf), ...Object.values(this.#event).map(arrayOf),
      this.#payloads.join(separator), this.#metadata.join(separator),
    ];
  }

  /** As the statement takes them that presumes all to be well. */
  presumed(): string[] {
    return [
      arrayOf(this.#commandIds), this.#fingerprints.join(separator), arrayOf(this.#eventCounts),
      arrayOf(this.#eventsUpTo), ...Object.values(this.#followed).map(arrayOf),
      ...Object.values(this.#event).map(arrayOf),
      this.#payloads.join(separator), this.#metadata.join(separator),
    ];
  }

  #add({ writes, meta, events }: WaitingAppend): void {
    this.#commandIds.push(meta.commandId);
    this.#fingerprints.push(meta.fingerprint);
    this.#eventCounts.push(events);
    this.#eventsUpTo.push((this.#eventsUpTo.at(-1) ?? 0) + events);
    let index = 0;
    for (const write of writes) {
      this.#addWrite(write);
      for (const event of write.events) {
        this.#eventOf.append.push(this.#commandIds.length);
        this.#eventOf.index.push(++index);
        this.#event.id.push(event.id);
        this.#event.type.push(this.names.types.codeOf(event.type));
        this.#event.version.push(event.version);
        this.#payloads.push(event.payload);
        this.#metadata.push(meta.metadata);
      }
    }
  }

  #addWrite({ stream, expectedRevision, events }: EncodedWrite): void {
    const uuid = uuidOf(stream);
    const category = this.names.categories.codeOf(categoryOf(stream));
    this.streams.push(stream);
    this.#write.append.push(this.#commandIds.length);
    this.#write.stream.push(uuid);
    this.#write.category.push(category);
    this.#write.expected.push(expectedRevision);
    if (expectedRevision !== noStream) {
      this.#followed.stream.push(uuid);
      this.#followed.category.push(category);
      this.#followed.revision.push(expectedRevision);
    }
    for (let revision = expectedRevision + 1; revision <= expectedRevision + events.length; revision++) {
      this.#event.stream.push(uuid);
      this.#event.category.push(category);
      this.#event.revision.push(revision);
    }
  }
}
