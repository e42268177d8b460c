/** What kind of question a delegate asked about a company's account. */
export const accessKinds = ['reconciliation', 'payment-history', 'account-list'] as const;
export type AccessKind = (typeof accessKinds)[number];
export const isAccessKind = (text: string): text is AccessKind => accessKinds.some((kind) => kind === text);

export interface DelegateAccess {
  readonly delegationId: string;
  readonly accountId: string;
}
export interface RecordedAccess {
  readonly accountId: string;
  readonly kind: AccessKind;
  /** ISO UTC; first and last reading within one hour. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly reads: number;
}
export interface AccessesAsked {
  readonly delegationId: string; readonly limit: number; readonly cursor?: string;
}
export interface AccessPage { readonly accesses: readonly RecordedAccess[]; readonly next: string | null }

/** Who looked at what, and when. Written down before the answer: an answer nobody wrote down is not given. */
export interface DelegateAccesses {
  record(accesses: readonly DelegateAccess[], kind: AccessKind, at: string): Promise<void>;
  /** The latest first; null for a cursor that is not one of ours. */
  list(asked: AccessesAsked): Promise<AccessPage | null>;
}
export const DELEGATE_ACCESSES = Symbol('DelegateAccesses');
