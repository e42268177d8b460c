import type { DomainFact } from '../domain/facts.js';
import type { EventLog, StoredFact, StreamName } from './event-log.js';

/** Facts of many streams in one reading; a stream that does not exist has none. */
export async function factsOf<F extends DomainFact>(
  log: EventLog, streams: readonly StreamName[],
): Promise<ReadonlyMap<StreamName, readonly StoredFact<F>[]>> {
  const facts = new Map<StreamName, StoredFact<F>[]>(streams.map((stream) => [stream, []]));
  if (facts.size === 0) return facts;
  for await (const fact of log.readStreams([...facts.keys()])) {
    facts.get(fact.stream)?.push(fact as StoredFact<DomainFact> as unknown as StoredFact<F>);
  }
  return facts;
}
