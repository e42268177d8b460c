import type { CardType } from '../domain/delegations/delegation.events.js';
import type { AppendMeta } from './event-log.js';

/** Roles a principal may hold. One person may hold several, but never acts in two on the same case. */
export const roles = [
  'payee', 'reviewer', 'operator', 'auditor',
  // Programs: a company's own, which reads its payments, and an operator's, which delivers batches.
  'company-system', 'delivery-system',
] as const;
export type Role = (typeof roles)[number];

/** Accounts named once: an approval that came later is not what they were named for. */
export interface Confines { readonly accountIds: readonly string[]; readonly since: string }

/** Who asks. Random ids only; `applicantId` is the payee's own record. */
export interface Principal {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly applicantId?: string;
  /** What a browser's session was begun with, as a person; left out where there is no session. */
  readonly card?: CardType;
  /** Of a program: no other accounts, whatever its company may read. */
  readonly onlyAccounts?: Confines;
}

/** What comes with every command besides its own fields: the domain reads no clock and makes no id. */
export interface CommandContext {
  readonly principal: Principal;
  /** UUIDv5 of principal and Idempotency-Key. */
  readonly commandId: string;
  /** Keyed hash of route and body. */
  readonly fingerprint: string;
  /** ISO UTC. */
  readonly at: string;
  readonly correlationId?: string;
}

/** What of the context is stored beside every fact. */
export function appendMeta(context: CommandContext): AppendMeta {
  const { principal, commandId, fingerprint, at, correlationId } = context;
  return { commandId, fingerprint, by: principal.id, at, correlationId };
}
