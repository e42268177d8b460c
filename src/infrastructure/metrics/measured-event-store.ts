import type { AppendResult, CaughtUp, Position, StreamName } from '../../application/event-log.js';
import type {
  EncodedMeta, EncodedWrite, EventStore, RecordedEvent, StoreReadOptions, StoreSubscribeOptions,
} from '../event-store/event-store.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Metrics } from './metrics.js';

/** Any store, with its appends measured and traced. */
export class MeasuredEventStore implements EventStore {
  constructor(
    private readonly store: EventStore, private readonly metrics: Metrics, private readonly tracing: Tracing,
  ) {}

  append(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    return this.tracing.during('append', () => this.measured(writes, meta), ({ kind }) => ({
      'treasury.outcome': kind, 'treasury.streams': writes.length,
      'treasury.facts': writes.reduce((sum, { events }) => sum + events.length, 0),
      ...correlationOf(meta),
    }));
  }

  private async measured(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    const { appendSeconds, appendsInWork } = this.metrics;
    const took = appendSeconds.startTimer();
    appendsInWork.inc();
    try {
      const result = await this.store.append(writes, meta);
      took({ outcome: result.kind === 'appended' && result.replayed ? 'replayed' : result.kind });
      return result;
    } catch (error) {
      took({ outcome: 'failed' });
      throw error;
    } finally {
      appendsInWork.dec();
    }
  }

  receipt(commandId: string, fingerprint: string): Promise<AppendResult | null> {
    return this.store.receipt(commandId, fingerprint);
  }

  readStream(stream: StreamName): AsyncIterable<RecordedEvent> {
    return this.store.readStream(stream);
  }

  readStreams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent> {
    return this.store.readStreams(streams);
  }

  readAll(after: Position, options?: StoreReadOptions): AsyncIterable<RecordedEvent> {
    return this.store.readAll(after, options);
  }

  subscribe(after: Position, options?: StoreSubscribeOptions): AsyncIterable<RecordedEvent | CaughtUp> {
    return this.store.subscribe(after, options);
  }

  head(): Promise<Position> {
    return this.store.head();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** Ours or a UUID: what else callers send is never taken (`correlationIdOf`). */
function correlationOf({ metadata }: EncodedMeta): { 'treasury.correlation_id'?: string } {
  const { correlationId } = JSON.parse(metadata) as { correlationId?: string };
  return correlationId === undefined ? {} : { 'treasury.correlation_id': correlationId };
}
