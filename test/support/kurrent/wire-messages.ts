import { Buffer } from 'node:buffer';
import type { ServiceError } from '@grpc/grpc-js';
import { Metadata, status } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendVerdict, LogRecord, Place } from './server-log.js';

/** The answers of a server, as its protocol spells them. */

function streamIdentifier(name: string) {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(name).toString('base64'));
  return identifier;
}

export const streamNameOf = (identifier: { getStreamName_asU8(): Uint8Array } | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();

export function eventMessage(record: LogRecord): ReadResp {
  const id = new shared.UUID();
  id.setString(record.id);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(streamIdentifier(record.stream));
  recorded.setStreamRevision(String(record.revision));
  recorded.setCommitPosition(String(record.position));
  recorded.setPreparePosition(String(record.position));
  recorded.setData(record.data);
  recorded.setCustomMetadata(record.metadata);
  recorded.getMetadataMap().set('type', record.type).set('content-type', record.contentType)
    .set('created', String(record.createdTicks));
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(String(record.position));
  const message = new streams.ReadResp();
  message.setEvent(event);
  return message;
}

export function notFoundMessage(stream: string): ReadResp {
  const notFound = new streams.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(streamIdentifier(stream));
  const message = new streams.ReadResp();
  message.setStreamNotFound(notFound);
  return message;
}

export function confirmationMessage(subscriptionId: string): ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(subscriptionId);
  const message = new streams.ReadResp();
  message.setConfirmation(confirmation);
  return message;
}

export function checkpointMessage({ commit, prepare }: Place): ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(commit));
  checkpoint.setPreparePosition(String(prepare));
  const message = new streams.ReadResp();
  message.setCheckpoint(checkpoint);
  return message;
}

export function caughtUpMessage(): ReadResp {
  const message = new streams.ReadResp();
  message.setCaughtUp(new streams.ReadResp.CaughtUp());
  return message;
}

export function appendAnswer(verdict: AppendVerdict, expected: number): AppendResp {
  const answer = new streams.AppendResp();
  if (verdict.kind !== 'wrong-revision') {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(verdict.position));
    position.setPreparePosition(String(verdict.position));
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(verdict.revision));
    success.setPosition(position);
    answer.setSuccess(success);
    return answer;
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (expected < 0) wrong.setExpectedNoStream(new shared.Empty());
  else wrong.setExpectedRevision(String(expected));
  if (verdict.current < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(verdict.current));
  answer.setWrongExpectedVersion(wrong);
  return answer;
}

export function refusal(
  code: status, details: string, trailers: Readonly<Record<string, string>> = {},
): Partial<ServiceError> {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return { code, details, metadata };
}

export const notLeader = (leader: { host: string; port: number }): Partial<ServiceError> =>
  refusal(status.NOT_FOUND, 'Leader info available', {
    'exception': 'not-leader',
    'leader-endpoint-host': leader.host, 'leader-endpoint-port': String(leader.port),
  });
export const timedOut = (): Partial<ServiceError> =>
  refusal(status.ABORTED, 'Operation timed out: Commit phase timeout.');
export const tooBusy = (): Partial<ServiceError> => refusal(status.UNAVAILABLE, 'Server Is Too Busy');
export const accessDenied = (): Partial<ServiceError> =>
  refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
export const tooLarge = (limit: number): Partial<ServiceError> =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    'exception': 'maximum-append-size-exceeded', 'maximum-append-size': String(limit),
  });
export const invalid = (details: string): Partial<ServiceError> => refusal(status.INVALID_ARGUMENT, details);
