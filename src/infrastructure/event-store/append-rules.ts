import type { StreamName } from '../../application/event-log.js';
import { noStream } from '../../application/event-log.js';
import { isUuid } from '../../application/name-based-uuid.js';
import type { EncodedMeta, EncodedWrite } from './event-store.js';

/** The head of the log is locked while an append is written: this many take about a second. */
export const maxEventsPerAppend = 50_000;

const uuidLength = 36;
const categoryPattern = /^[a-z][a-z0-9-]*$/;
const fingerprintPattern = /^[\x21-\x7e]{1,200}$/;

/** A stream's name taken apart: `payment-batch-6f1c…` is the category `payment-batch` and a uuid. */
export interface StreamKey {
  readonly category: string;
  readonly uuid: string;
}

export function streamKeyOf(stream: StreamName): StreamKey {
  const uuid = uuidOf(stream);
  const category = categoryOf(stream);
  if (stream.at(-uuidLength - 1) !== '-' || !isUuid(uuid) || !categoryPattern.test(category)) {
    throw new RangeError(`not <category>-<uuid>: ${stream}`);
  }
  return { category, uuid };
}

/** Of a name that was found to be one: an append looks at each several times, and judges it once. */
export const uuidOf = (stream: StreamName): string => stream.slice(-uuidLength);
export const categoryOf = (stream: StreamName): string => stream.slice(0, -uuidLength - 1);

export const streamNameOf = (category: string, uuid: string): StreamName => `${category}-${uuid}`;

export const countEvents = (writes: readonly EncodedWrite[]): number =>
  writes.reduce((count, write) => count + write.events.length, 0);

/** What no store accepts: mistakes of the caller, not circumstances, hence thrown. */
export function assertAppendable(writes: readonly EncodedWrite[], meta: EncodedMeta): void {
  if (!isUuid(meta.commandId)) throw new RangeError('a command id is a UUID in lower case');
  if (!fingerprintPattern.test(meta.fingerprint)) {
    throw new RangeError('a fingerprint is 1 to 200 visible ASCII characters');
  }
  const streams = new Set<StreamName>();
  for (const { stream, expectedRevision } of writes) {
    streamKeyOf(stream);
    if (streams.has(stream)) throw new RangeError(`written twice in one append: ${stream}`);
    streams.add(stream);
    if (!Number.isSafeInteger(expectedRevision) || expectedRevision < noStream) {
      throw new RangeError(`not a revision: ${expectedRevision}`);
    }
  }
  const count = countEvents(writes);
  if (count > maxEventsPerAppend) {
    throw new RangeError(`${count} events in one append, at most ${maxEventsPerAppend}`);
  }
}
