import type { ServerWritableStream } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Fault } from './faults.js';
import type { NodeState } from './node-state.js';
import { spoil, unwilling } from './node-state.js';
import type { LogRecord, Place, ServerLog } from './server-log.js';
import type { SubscriptionRequest } from './subscription.js';
import { Subscription } from './subscription.js';
import { eventMessage, invalid, notFoundMessage, refusal, streamNameOf } from './wire-messages.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;
type Send = (message: ReadResp) => Promise<void>;

const defaultWindow = 32;
const backwards = streams.ReadReq.Options.ReadDirection.BACKWARDS;

export const readService = (node: NodeState) => (call: Call): void => void read(node, call);

async function read(node: NodeState, call: Call): Promise<void> {
  const options = call.request.getOptions();
  if (!options) return void call.emit('error', invalid('options'));
  const gone = new AbortController();
  node.counts.openReads++;
  call.on('close', () => node.counts.openReads--);
  call.on('cancelled', () => gone.abort());
  call.on('error', () => gone.abort());
  const subscribes = options.hasSubscription();
  node.counts[subscribes ? 'subscriptions' : 'reads']++;
  const stream = options.hasStream() ? streamNameOf(options.getStream()?.getStreamIdentifier()) : '$all';
  const fault = node.faults.take(subscribes ? 'subscription' : 'read', stream);
  const atOnce = fault?.afterEvents === undefined ? fault : undefined;
  const spoilt = spoil(node, atOnce, 'before') ?? spoil(node, atOnce, 'after');
  const refused = unwilling(node, call.metadata) ?? spoilt;
  if (refused === 'silence') return;
  if (refused) return void call.emit('error', refused);
  const send = sender(node, call, { gone, fault });
  if (!subscribes) {
    await readOnce(node.log, options, { stream, send });
    call.end();
    return;
  }
  const told: Send = (message) =>
    (message.hasCheckpoint() && !node.checkpoints ? Promise.resolve() : send(message));
  const request = subscriptionOf(node, options);
  await new Subscription(node.log, request, { send: told, gone: gone.signal }).serve();
}

/** Waits while the client takes nothing, and lets the fault strike when its moment has come. */
function sender(
  node: NodeState, call: Call, { gone, fault }: { gone: AbortController; fault: Fault | undefined },
): Send {
  let left = fault?.afterEvents ?? Infinity;
  return async (message) => {
    if (gone.signal.aborted) return;
    if (message.hasEvent() && left-- <= 0) {
      gone.abort();
      const dropped = fault?.kind === 'drop' ? refusal(status.UNKNOWN, 'dropped') : undefined;
      const spoilt = dropped ?? spoil(node, fault, 'before');
      if (spoilt !== undefined && spoilt !== 'silence') call.emit('error', spoilt);
      return;
    }
    if (message.hasEvent()) node.counts.eventsSent++;
    if (!call.write(message)) await drained(call, gone.signal);
  };
}

function drained(call: Call, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    call.on('drain', done);
    gone.addEventListener('abort', done);
  });
}

async function readOnce(
  log: ServerLog, options: ReadReq.Options, { stream, send }: { stream: string; send: Send },
): Promise<void> {
  let left = Number(options.getCount());
  const records = options.hasStream() ? recordsOfStream(log, options, stream) : recordsOfAll(log, options);
  if (!records) return send(notFoundMessage(stream));
  for (const record of records) {
    if (left-- <= 0) return;
    await send(eventMessage(record));
  }
}

function recordsOfStream(
  log: ServerLog, options: ReadReq.Options, stream: string,
): Iterable<LogRecord> | undefined {
  const history = log.stream(stream);
  const place = options.getStream();
  if (options.getReadDirection() === backwards) return history?.slice().reverse();
  return history?.slice(place?.hasRevision() ? Number(place.getRevision()) : 0);
}

function* recordsOfAll(log: ServerLog, options: ReadReq.Options): Iterable<LogRecord> {
  if (options.getReadDirection() !== backwards) throw new Error('forwards only subscriptions read $all');
  const matches = filterOf(options);
  for (let index = log.records.length - 1; index >= 0; index--) {
    const record = log.records[index];
    if (record && matches(record)) yield record;
  }
}

function subscriptionOf({ log, inclusive }: NodeState, options: ReadReq.Options): SubscriptionRequest {
  const position = options.getAll()?.getPosition();
  const prepare = BigInt(position?.getPreparePosition() ?? 0) - (inclusive ? 1n : 0n);
  const from: Place | undefined = position && { commit: BigInt(position.getCommitPosition()), prepare };
  const end: Place | undefined = options.getAll()?.hasEnd()
    ? { commit: log.lastPosition, prepare: log.lastPosition } : undefined;
  const filter = options.getFilter();
  const window = filter?.hasMax() ? filter.getMax() : defaultWindow;
  const multiplier = filter?.getCheckpointintervalmultiplier() ?? 1;
  return { from: from ?? end, matches: filterOf(options), window, multiplier };
}

function filterOf(options: ReadReq.Options): (record: LogRecord) => boolean {
  const filter = options.getFilter();
  const expression = filter?.getEventType() ?? filter?.getStreamIdentifier();
  if (!filter || !expression) return () => true;
  const text = ({ type, stream }: LogRecord): string => (filter.hasEventType() ? type : stream);
  const prefixes = expression.getPrefixList();
  if (expression.getRegex() !== '') {
    const regex = new RegExp(expression.getRegex(), 'u');
    return (record) => regex.test(text(record));
  }
  return (record) => prefixes.some((prefix) => text(record).startsWith(prefix));
}
