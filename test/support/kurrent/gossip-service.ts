import type { sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { NodeState } from './node-state.js';

export interface Member {
  readonly host: string;
  readonly port: number;
  readonly leads: boolean;
}

const { FOLLOWER, LEADER } = gossip.MemberInfo.VNodeState;

/** Who is in the cluster and who leads it, as far as this node has heard. */
export function gossipService(node: NodeState): UntypedServiceImplementation {
  return {
    read: (_: unknown, answer: sendUnaryData<ClusterInfo>) => {
      const info = new gossip.ClusterInfo();
      info.setMembersList(node.members().map(memberInfo));
      answer(null, info);
    },
  };
}

function memberInfo({ host, port, leads }: Member) {
  const endpoint = new gossip.EndPoint();
  endpoint.setAddress(host);
  endpoint.setPort(port);
  const id = new shared.UUID();
  id.setString('00000000-0000-4000-8000-000000000001');
  const member = new gossip.MemberInfo();
  member.setInstanceId(id);
  member.setHttpEndPoint(endpoint);
  member.setIsAlive(true);
  member.setState(leads ? LEADER : FOLLOWER);
  member.setTimeStamp(String(Date.now() * 10_000));
  return member;
}
