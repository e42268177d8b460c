import type { handleClientStreamingCall, sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { NodeState, Spoilt } from './node-state.js';
import { spoil, unwilling } from './node-state.js';
import type { ProposedRecord } from './server-log.js';
import { appendAnswer, invalid, streamNameOf, tooLarge } from './wire-messages.js';

const noStream = -1;
const { NO_STREAM, REVISION } = streams.AppendReq.Options.ExpectedStreamRevisionCase;

type Options = AppendReq.Options | undefined;

export const appendService = (node: NodeState): handleClientStreamingCall<AppendReq, AppendResp> =>
  (call, answer) => {
    let options: Options;
    const proposed: ProposedRecord[] = [];
    call.on('data', (message: AppendReq) => {
      if (message.hasOptions()) options = message.getOptions();
      else proposed.push(proposedOf(message.getProposedMessage()));
    });
    call.on('error', () => undefined);
    call.on('end', () => append(node, call, { options, proposed, answer }));
  };

function append(
  node: NodeState, call: ServerReadableStream<AppendReq, AppendResp>,
  { options, proposed, answer }: {
    options: Options; proposed: readonly ProposedRecord[]; answer: sendUnaryData<AppendResp>;
  },
): void {
  node.counts.appends++;
  const stream = streamNameOf(options?.getStreamIdentifier());
  const fault = node.faults.take('append', stream);
  const refused = unwilling(node, call.metadata) ?? spoil(node, fault, 'before')
    ?? wrong(node, options, proposed);
  if (refused === 'silence') return;
  if (refused) return answer(refused);
  const continues = options?.getExpectedStreamRevisionCase() === REVISION;
  const expected = continues ? Number(options?.getRevision()) : noStream;
  const verdict = node.log.append(stream, expected, proposed);
  const spoilt = spoil(node, fault, 'after');
  if (spoilt === 'silence') return;
  answer(spoilt ?? null, spoilt ? null : appendAnswer(verdict, expected));
}

function wrong({ maxAppendBytes }: NodeState, options: Options, proposed: readonly ProposedRecord[]): Spoilt {
  const kind = options?.getExpectedStreamRevisionCase();
  // A real server takes these; nobody who appends facts may ever ask for them, so here they are refused.
  if (kind !== REVISION && kind !== NO_STREAM) return invalid('an explicit revision, please');
  if (proposed.length === 0) return invalid('nothing to append');
  let bytes = 0;
  for (const { data, metadata, type } of proposed) bytes += data.length + metadata.length + 2 * type.length;
  return bytes > maxAppendBytes ? tooLarge(maxAppendBytes) : undefined;
}

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
