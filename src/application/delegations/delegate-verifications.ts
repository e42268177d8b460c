import type { CardType } from '../../domain/delegations/delegation.events.js';

/** Somebody showed a card inside a company's session. No sign-in: it opens nothing by itself. */
export interface VerifiedDelegate {
  readonly delegateId: string;
  readonly cardType: CardType;
}
/** The session it was shown in, and nobody else's. */
export interface VerifiedIn { readonly sessionId: string; readonly companyId: string }

export interface NewVerification extends VerifiedDelegate, VerifiedIn { readonly expiresAt: string }

export interface PresentedVerification extends VerifiedIn {
  readonly verificationId: string;
  readonly commandId: string;
  readonly at: string;
}

/** Each good for one grant, for five minutes, in the session in which the card was shown. */
export interface DelegateVerifications {
  issue(verification: NewVerification): Promise<string>;
  /** Null for one of another session, one that is over, and one that another command used. */
  find(presented: PresentedVerification): Promise<VerifiedDelegate | null>;
  /** Null as well when another command was faster. The same may come again: its answer was perhaps lost. */
  use(presented: PresentedVerification): Promise<VerifiedDelegate | null>;
}
export const DELEGATE_VERIFICATIONS = Symbol('DelegateVerifications');
