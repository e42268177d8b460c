import type {
  AppendMeta, AppendResult, CaughtUp, EventLog, Position, ReadAllOptions, StoredFact, StreamName,
  SubscribeOptions, Write,
} from '../../application/event-log.js';
import { isCaughtUp } from '../../application/event-log.js';
import type { PersonalKeys } from '../../application/personal-keys.js';
import { SubjectErased } from '../../application/personal-keys.js';
import { factIdsOf } from '../../application/stream-names.js';
import type { EncodedEvent, EncodedMeta, EncodedWrite, EventStore, RecordedEvent } from './event-store.js';
import { MetadataReader, metadataToStored } from './fact-metadata.js';
import type { FactSchema } from './schema/fact-schema.js';
import { currentVersion, fromStored, namesBeside, schemaOf, toStored } from './schema/registry.js';
import { sealedData } from './sealing-facts.js';

/** Facts in, facts out: checks and seals what a store keeps as text, reads what any version ever wrote. */
export class DomainEventLog implements EventLog {
  constructor(private readonly store: EventStore, private readonly keys: PersonalKeys) {}

  async append(writes: readonly Write[], meta: AppendMeta): Promise<AppendResult> {
    const encodedMeta = encodeMeta(meta);
    let encoded: EncodedWrite[];
    try {
      encoded = await this.encode(writes, meta.commandId);
    } catch (error) {
      if (!(error instanceof SubjectErased)) throw error;
      return this.answerOfBeforeErasure(error, encodedMeta);
    }
    return this.store.append(encoded, encodedMeta);
  }

  /** A retry of what was done before the person was erased still gets its old answer. */
  private async answerOfBeforeErasure(error: SubjectErased, meta: EncodedMeta): Promise<AppendResult> {
    const earlier = await this.store.receipt(meta.commandId, meta.fingerprint);
    if (earlier === null) throw error;
    return earlier;
  }

  receipt(commandId: string, fingerprint: string): Promise<AppendResult | null> {
    return this.store.receipt(commandId, fingerprint);
  }

  readStream(stream: StreamName): AsyncIterable<StoredFact> {
    return facts(this.store.readStream(stream));
  }

  readStreams(streams: readonly StreamName[]): AsyncIterable<StoredFact> {
    return facts(this.store.readStreams(streams));
  }

  readAll(after: Position, { types, until }: ReadAllOptions = {}): AsyncIterable<StoredFact> {
    return facts(this.store.readAll(after, { except: types && namesBeside(types), until }));
  }

  async *subscribe(
    after: Position, { types, signal }: SubscribeOptions = {},
  ): AsyncIterable<StoredFact | CaughtUp> {
    const except = types && namesBeside(types);
    const metadata = new MetadataReader();
    for await (const item of this.store.subscribe(after, { except, signal })) {
      yield isCaughtUp(item) ? item : decode(item, metadata);
    }
  }

  head(): Promise<Position> {
    return this.store.head();
  }

  /** Awaits nothing for facts without personal fields: a batch appends thousands at a time. */
  private async encode(writes: readonly Write[], commandId: string): Promise<EncodedWrite[]> {
    const idOf = factIdsOf(commandId);
    const encoded: EncodedWrite[] = [];
    let index = 0;
    for (const { stream, expectedRevision, facts: made } of writes) {
      const events: EncodedEvent[] = [];
      for (const fact of made) {
        const id = idOf(index++);
        const schema = schemaOf(fact.type);
        const data = schema.personal.length === 0 ? fact.data
          : await sealedData(this.keys, schema, fact.data, { stream, eventId: id });
        events.push(encodeFact(id, schema, data));
      }
      encoded.push({ stream, expectedRevision, events });
    }
    return encoded;
  }
}

const encodeMeta = (meta: AppendMeta): EncodedMeta => ({
  commandId: meta.commandId, fingerprint: meta.fingerprint, metadata: metadataToStored(meta),
  independent: meta.independent,
});

const encodeFact = (id: string, schema: FactSchema, data: unknown): EncodedEvent => ({
  id, type: schema.type, version: currentVersion(schema), payload: toStored(schema, data),
});

async function* facts(events: AsyncIterable<RecordedEvent>): AsyncIterable<StoredFact> {
  const metadata = new MetadataReader();
  for await (const event of events) yield decode(event, metadata);
}

/** What the registry let through has the type its name promises: the two are compared at build time. */
function decode(event: RecordedEvent, metadata: MetadataReader): StoredFact {
  const { position, stream, revision, id, type } = event;
  const data = fromStored(event, event.payload);
  const meta = metadata.read(event, event.metadata);
  return { type, data, position, stream, revision, id, meta } as StoredFact;
}
