import type { status } from '@grpc/grpc-js';
import type { Fault, Faults } from './faults.js';
import type { Member } from './gossip-service.js';
import type { ServerLog } from './server-log.js';
import { accessDenied, notLeader, timedOut, tooBusy } from './wire-messages.js';

/** One node of a cluster: what it knows, and what a test has in store for it. */
export interface NodeState {
  readonly log: ServerLog;
  readonly faults: Faults;
  /** What it answers whoever wants the leader; undefined when it is the leader itself. */
  leader: { readonly host: string; readonly port: number } | undefined;
  /** The cluster as this node sees it. */
  members: () => readonly Member[];
  readonly maxAppendBytes: number;
  /** `user:password`; undefined: everybody is welcome. */
  readonly credentials: string | undefined;
  cut(): void;
  /** False: a server that keeps subscribers in the dark about what does not match. */
  checkpoints: boolean;
  /** True: a subscription begins with the record at its place, as a read does, instead of after it. */
  inclusive: boolean;
  readonly counts: {
    appends: number; reads: number; subscriptions: number; eventsSent: number; openReads: number;
  };
}
/** What a call is answered with instead of a result; `silence`: nothing at all. */
export type Spoilt = { readonly code?: status; readonly details?: string } | 'silence' | undefined;

interface Headers { get(name: string): readonly unknown[] }

/** Why a node does not serve a call; one that does not lead refuses only those who insist on the leader. */
export function unwilling({ credentials, leader }: NodeState, headers: Headers): Spoilt {
  const [authorization] = headers.get('authorization');
  if (credentials !== undefined) {
    const expected = `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (authorization !== expected) return accessDenied();
  }
  return leader && headers.get('requires-leader').includes('true') ? notLeader(leader) : undefined;
}

/** What a fault does to a call, before the server did what it was asked, or after. */
export function spoil(node: NodeState, fault: Fault | undefined, moment: 'before' | 'after'): Spoilt {
  if (!fault || (fault.kind.endsWith('-after') ? 'after' : 'before') !== moment) return undefined;
  switch (fault.kind) {
    case 'busy': return tooBusy();
    case 'denied': return accessDenied();
    case 'time-out-before': case 'time-out-after': return timedOut();
    case 'hang-before': case 'hang-after': return 'silence';
    case 'cut-before': case 'cut-after':
      node.cut();
      return 'silence';
    case 'drop': case 'none': return undefined;
  }
}
