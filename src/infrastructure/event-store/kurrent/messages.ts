import { Buffer } from 'node:buffer';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Revision } from '../../../application/event-log.js';
import { noStream } from '../../../application/event-log.js';
import type { EncodedEvent, RecordedEvent } from '../event-store.js';

/** An event as the server keeps it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
}
/** Where in the log: of an event both are its byte offset; a checkpoint may stand between two records. */
export interface Place { readonly commit: bigint; readonly prepare: bigint }

/**
 * Types of records that are not facts: the server's own, and our receipts. No fact's name begins like that.
 */
export const receiptTypePrefix = 'receipt:';
const { BACKWARDS, FORWARDS } = streams.ReadReq.Options.ReadDirection;

/** As the server counts an event against its limit. */
export const sizeOf = ({ type, data, metadata }: ProposedEvent): number =>
  data.length + metadata.length + 2 * type.length;

/**
 * The payload stays as it was written, byte for byte; what else is to be kept goes into the event's metadata.
 */
export function proposedFact({ id, type, version, payload }: EncodedEvent, metadata: string): ProposedEvent {
  const wrapped = `{"schemaVersion":${version},"metadata":${metadata}}`;
  return { id, type, data: Buffer.from(payload), metadata: Buffer.from(wrapped) };
}

export function appendMessages(
  stream: string, expected: Revision, events: readonly ProposedEvent[],
): AppendReq[] {
  const options = new streams.AppendReq.Options();
  options.setStreamIdentifier(identifierOf(stream));
  if (expected === noStream) options.setNoStream(new shared.Empty());
  else options.setRevision(String(expected));
  const first = new streams.AppendReq();
  first.setOptions(options);
  return [first, ...events.map(proposedMessage)];
}

function proposedMessage({ id, type, data, metadata }: ProposedEvent): AppendReq {
  const uuid = new shared.UUID();
  uuid.setString(id);
  const proposed = new streams.AppendReq.ProposedMessage();
  proposed.setId(uuid);
  proposed.getMetadataMap().set('type', type).set('content-type', 'application/json');
  proposed.setData(data);
  proposed.setCustomMetadata(metadata);
  const message = new streams.AppendReq();
  message.setProposedMessage(proposed);
  return message;
}

function identifierOf(stream: string) {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  return identifier;
}

function readOptions(): ReadReq.Options {
  const uuids = new streams.ReadReq.Options.UUIDOption();
  uuids.setString(new shared.Empty());
  const options = new streams.ReadReq.Options();
  options.setUuidOption(uuids);
  options.setReadDirection(FORWARDS);
  return options;
}

function requestOf(options: ReadReq.Options): ReadReq {
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}

/** Events of one stream, forwards from a revision; from `end` its last one only. */
export function streamRequest(stream: string, from: Revision | 'end', atMost?: number): ReadReq {
  const place = new streams.ReadReq.Options.StreamOptions();
  place.setStreamIdentifier(identifierOf(stream));
  const options = readOptions();
  options.setStream(place);
  options.setNoFilter(new shared.Empty());
  if (from === 'end') {
    place.setEnd(new shared.Empty());
    options.setReadDirection(BACKWARDS);
  } else {
    place.setRevision(String(from));
  }
  options.setCount(String(from === 'end' ? 1 : atMost ?? Number.MAX_SAFE_INTEGER));
  return requestOf(options);
}

/** The last fact of the whole log. */
export function lastFactRequest(): ReadReq {
  const end = new streams.ReadReq.Options.AllOptions();
  end.setEnd(new shared.Empty());
  const options = readOptions();
  options.setAll(end);
  options.setReadDirection(BACKWARDS);
  options.setCount('1');
  options.setFilter(filterOf());
  return requestOf(options);
}

/** Facts after a place, but those so named; a checkpoint after every `window` records looked at. */
export function subscriptionRequest(after: Place, window: number, except?: readonly string[]): ReadReq {
  const place = new streams.ReadReq.Options.AllOptions();
  if (after.commit === 0n) {
    place.setStart(new shared.Empty());
  } else {
    const position = new streams.ReadReq.Options.Position();
    position.setCommitPosition(String(after.commit));
    position.setPreparePosition(String(after.prepare));
    place.setPosition(position);
  }
  const filter = filterOf(except);
  filter.setMax(window);
  filter.setCheckpointintervalmultiplier(1);
  const options = readOptions();
  options.setAll(place);
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  options.setFilter(filter);
  return requestOf(options);
}

function filterOf(except?: readonly string[]): ReadReq.Options.FilterOptions {
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  expression.setRegex(regexOf(except));
  const filter = new streams.ReadReq.Options.FilterOptions();
  filter.setEventType(expression);
  filter.setCount(new shared.Empty());
  filter.setCheckpointintervalmultiplier(1);
  return filter;
}

function regexOf(except: readonly string[] = []): string {
  const names = except.map((name) => `${name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`);
  return `^(?!${['\\$', receiptTypePrefix, ...names].join('|')})`;
}

/**
 * The protocol's positions have 64 bits without a sign; those of a log, and of the tables, one bit less. What
 * lies beyond is no place: 2^64 - 1 is how the protocol says that there is none.
 */
const lastPosition = 2n ** 63n - 1n;
const mostDigits = String(lastPosition).length;

function assertPosition(position: string): void {
  if (position.length < mostDigits || BigInt(position) <= lastPosition) return;
  throw new RangeError(`not a position that tables can hold: ${position}`);
}

const wrapping = /^\{"schemaVersion":(?<version>\d+),"metadata":(?<metadata>.*)\}$/s;

/** A record as it was appended, whatever it is; undefined for messages that carry none. */
export function recordOf(message: ReadResp) {
  const record = message.getEvent()?.getEvent();
  if (!record) return undefined;
  const position = record.getCommitPosition();
  if (position !== record.getPreparePosition()) throw new Error(`no position of its own: ${position}`);
  assertPosition(position);
  return {
    position, revision: Number(record.getStreamRevision()),
    stream: textOf(record.getStreamIdentifier()?.getStreamName_asU8()),
    id: record.getId()?.getString() ?? '', type: record.getMetadataMap().get('type') ?? '',
    data: textOf(record.getData_asU8()), metadata: textOf(record.getCustomMetadata_asU8()),
  };
}

/**
 * A record of the log as a fact. What this adapter did not write, no other may have: the log is ours alone.
 */
export function factOf(message: ReadResp): RecordedEvent | undefined {
  const record = recordOf(message);
  if (!record) return undefined;
  const { position, revision, stream, id, type, data, metadata } = record;
  const { version, metadata: wrapped } = wrapping.exec(metadata)?.groups ?? {};
  if (version === undefined || wrapped === undefined) {
    throw new Error(`not written by this service: ${type} at ${position}, ${stream}@${revision}`);
  }
  return { position, stream, revision, id, type, version: Number(version), payload: data, metadata: wrapped };
}

const textOf = (bytes: Uint8Array | undefined): string =>
  (bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString() : '');
