import type {
  sendUnaryData, ServerReadableStream, ServerWritableStream, UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Fault, Faults } from './faults.js';
import type { LogRecord, Place, ProposedRecord, ServerLog } from './server-log.js';
import { Subscription } from './subscription.js';
import {
  accessDenied, appendAnswer, eventMessage, invalid, notFoundMessage, notLeader, refusal, streamNameOf, timedOut,
  tooBusy, tooLarge,
} from './wire-messages.js';

export interface NodeState {
  readonly log: ServerLog;
  readonly faults: Faults;
  /** What it answers whoever wants the leader; undefined when it is the leader itself. */
  leader: { readonly host: string; readonly port: number } | undefined;
  readonly maxAppendBytes: number;
  /** `user:password`; undefined: everybody is welcome. */
  readonly credentials: string | undefined;
  cut(): void;
  readonly counts: { appends: number; reads: number; subscriptions: number; eventsSent: number };
}
type Call = ServerWritableStream<ReadReq, ReadResp> | ServerReadableStream<AppendReq, AppendResp>;

const noStream = -1;
const expectations = streams.AppendReq.Options.ExpectedStreamRevisionCase;
const defaultWindow = 32;
const backwards = streams.ReadReq.Options.ReadDirection.BACKWARDS;

export function streamsService(node: NodeState): UntypedServiceImplementation {
  const unimplemented = (_: unknown, answer?: sendUnaryData<never>): void =>
    answer?.(refusal(status.UNIMPLEMENTED, 'not part of this server'));
  return {
    append: (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>) =>
      append(node, call, answer),
    read: (call: ServerWritableStream<ReadReq, ReadResp>) => void read(node, call),
    delete: unimplemented, tombstone: unimplemented, batchAppend: unimplemented,
  };
}

/** What keeps a node from answering at all; a node that does not lead refuses only those who insist on the leader. */
function unwilling(node: NodeState, call: Call) {
  const [authorization] = call.metadata.get('authorization');
  if (node.credentials !== undefined) {
    const expected = `Basic ${Buffer.from(node.credentials).toString('base64')}`;
    if (authorization !== expected) return accessDenied();
  }
  const insists = call.metadata.get('requires-leader').includes('true');
  return node.leader && insists ? notLeader(node.leader) : undefined;
}

function faultAnswer(node: NodeState, fault: Fault | undefined, moment: 'before' | 'after') {
  switch (fault?.kind) {
    case 'not-leader': return moment === 'before' ? notLeader(node.leader ?? { host: '127.0.0.1', port: 1 }) : undefined;
    case 'busy': return moment === 'before' ? tooBusy() : undefined;
    case 'denied': return moment === 'before' ? accessDenied() : undefined;
    case 'time-out-before': return moment === 'before' ? timedOut() : undefined;
    case 'time-out-after': return moment === 'after' ? timedOut() : undefined;
    case 'cut-before': return moment === 'before' ? (node.cut(), 'silence') : undefined;
    case 'cut-after': return moment === 'after' ? (node.cut(), 'silence') : undefined;
    case 'hang-before': return moment === 'before' ? 'silence' : undefined;
    case 'hang-after': return moment === 'after' ? 'silence' : undefined;
    case 'drop': case undefined: return undefined;
  }
}

function append(
  node: NodeState, call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>,
): void {
  let options: AppendReq.Options | undefined;
  const proposed: ProposedRecord[] = [];
  call.on('data', (message: AppendReq) => {
    if (message.hasOptions()) options = message.getOptions();
    else proposed.push(proposedOf(message.getProposedMessage()));
  });
  call.on('error', () => undefined);
  call.on('end', () => {
    node.counts.appends++;
    const stream = streamNameOf(options?.getStreamIdentifier());
    const fault = node.faults.take('append', stream);
    const refused = unwilling(node, call) ?? faultAnswer(node, fault, 'before') ?? wrongRequest(node, options, proposed);
    if (refused === 'silence') return;
    if (refused) return answer(refused);
    const expected = expectedOf(options);
    const verdict = node.log.append(stream, expected, proposed);
    const spoilt = faultAnswer(node, fault, 'after');
    if (spoilt === 'silence') return;
    if (spoilt) return answer(spoilt);
    answer(null, appendAnswer(verdict, expected));
  });
}

function wrongRequest(node: NodeState, options: AppendReq.Options | undefined, proposed: readonly ProposedRecord[]) {
  const kind = options?.getExpectedStreamRevisionCase();
  // A real server takes these; nobody who appends facts may ever ask for them, so here they are refused.
  if (kind !== expectations.REVISION && kind !== expectations.NO_STREAM) return invalid('an explicit revision, please');
  if (proposed.length === 0) return invalid('nothing to append');
  const bytes = proposed.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + 2 * type.length, 0);
  return bytes > node.maxAppendBytes ? tooLarge(node.maxAppendBytes) : undefined;
}

const expectedOf = (options: AppendReq.Options | undefined): number =>
  options?.getExpectedStreamRevisionCase() === expectations.REVISION ? Number(options.getRevision()) : noStream;

function proposedOf(message: AppendReq.ProposedMessage | undefined): ProposedRecord {
  if (!message) throw new Error('a message of an append that proposes nothing');
  const metadata = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: metadata.get('type') ?? '',
    contentType: metadata.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

async function read(node: NodeState, call: ServerWritableStream<ReadReq, ReadResp>): Promise<void> {
  const options = call.request.getOptions();
  const gone = new AbortController();
  call.on('cancelled', () => gone.abort());
  call.on('error', () => gone.abort());
  if (!options) return void call.emit('error', invalid('options'));
  const on = options.hasSubscription() ? 'subscription' : 'read';
  node.counts[options.hasSubscription() ? 'subscriptions' : 'reads']++;
  const stream = options.hasStream() ? streamNameOf(options.getStream()?.getStreamIdentifier()) : '$all';
  const fault = node.faults.take(on, stream);
  const refused = unwilling(node, call)
    ?? (fault?.afterEvents === undefined ? faultAnswer(node, fault, 'before') : undefined);
  if (refused === 'silence') return;
  if (refused) return void call.emit('error', refused);
  const send = sender(node, call, { gone, fault });
  if (!options.hasSubscription()) return readOnce(node.log, options, stream, send).then(() => void call.end());
  const { from, matches, window, multiplier } = subscriptionOf(options);
  await new Subscription(node.log, { from, matches, window, multiplier }, { send, gone: gone.signal }).serve();
}

/** Waits while the client takes nothing, and lets the fault strike when its moment has come. */
function sender(
  node: NodeState, call: ServerWritableStream<ReadReq, ReadResp>, { gone, fault }: { gone: AbortController; fault?: Fault },
): (message: ReadResp) => Promise<void> {
  let left = fault?.afterEvents ?? Infinity;
  return async (message) => {
    if (gone.signal.aborted) return;
    if (message.hasEvent() && left-- <= 0) {
      gone.abort();
      if (fault?.kind === 'drop') return void call.emit('error', refusal(status.UNKNOWN, 'dropped'));
      const answer = faultAnswer(node, fault, 'before');
      if (answer !== undefined && answer !== 'silence') call.emit('error', answer);
      return;
    }
    if (message.hasEvent()) node.counts.eventsSent++;
    if (call.write(message)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        call.off('drain', done);
        gone.signal.removeEventListener('abort', done);
        resolve();
      };
      call.on('drain', done);
      gone.signal.addEventListener('abort', done);
    });
  };
}

async function readOnce(
  log: ServerLog, options: ReadReq.Options, stream: string, send: (message: ReadResp) => Promise<void>,
): Promise<void> {
  let left = Number(options.getCount());
  const records = options.hasStream() ? recordsOfStream(log, options, stream) : recordsOfAll(log, options);
  if (!records) return send(notFoundMessage(stream));
  for (const record of records) {
    if (left-- <= 0) return;
    await send(eventMessage(record));
  }
}

function recordsOfStream(log: ServerLog, options: ReadReq.Options, stream: string): Iterable<LogRecord> | undefined {
  const history = log.stream(stream);
  const place = options.getStream();
  if (options.getReadDirection() === backwards) return history?.slice().reverse();
  return history?.slice(place?.hasRevision() ? Number(place.getRevision()) : 0);
}

function* recordsOfAll(log: ServerLog, options: ReadReq.Options): Iterable<LogRecord> {
  if (options.getReadDirection() !== backwards) throw new Error('$all is read forwards by subscriptions only');
  const matches = filterOf(options);
  for (let index = log.records.length - 1; index >= 0; index--) {
    const record = log.records[index];
    if (record && matches(record)) yield record;
  }
}

function subscriptionOf(options: ReadReq.Options) {
  const position = options.getAll()?.getPosition();
  const from: Place | undefined = position
    && { commit: BigInt(position.getCommitPosition()), prepare: BigInt(position.getPreparePosition()) };
  const filter = options.getFilter();
  const window = filter?.hasMax() ? filter.getMax() : defaultWindow;
  return { from, matches: filterOf(options), window, multiplier: filter?.getCheckpointintervalmultiplier() ?? 1 };
}

function filterOf(options: ReadReq.Options): (record: LogRecord) => boolean {
  const filter = options.getFilter();
  const expression = filter?.getEventType() ?? filter?.getStreamIdentifier();
  if (!filter || !expression) return () => true;
  const text = ({ type, stream }: LogRecord): string => (filter.hasEventType() ? type : stream);
  const prefixes = expression.getPrefixList();
  if (expression.getRegex() === '') return (record) => prefixes.some((prefix) => text(record).startsWith(prefix));
  const regex = new RegExp(expression.getRegex(), 'u');
  return (record) => regex.test(text(record));
}
