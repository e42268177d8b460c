import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import type { CardType } from '../../domain/delegations/delegation.events.js';
import { instantAfter } from '../../domain/instants.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { nameOfApplicant } from '../identity/applicant-name.js';
import type { IdentityStores, Person } from '../identity/identity-stores.js';
import { IDENTITY_STORES } from '../identity/identity-stores.js';
import type { TryRefusal } from '../identity/password-tries.js';
import { tryPassword } from '../identity/password-tries.js';
import { registerFromCard } from '../identity/register-from-card.js';
import { acceptCertificate, personOf, refuseCertificate } from '../identity/shown-certificates.js';
import type { VerifiedCard } from '../identity/verified-card.js';
import type { CertificateSubject } from '../identity/verified-certificate.js';
import type { DelegateVerifications, VerifiedIn } from './delegate-verifications.js';
import { DELEGATE_VERIFICATIONS } from './delegate-verifications.js';
import { companyOf } from './delegations.js';

const validMs = 5 * 60_000;
const purpose = 'delegate-verification';

/** 健保卡 and its password, or a certificate that signed; read for this very purpose. */
export type DelegateProof =
  | { readonly card: VerifiedCard; readonly password: string } | { readonly subject: CertificateSubject };

export interface Verification {
  readonly verificationId: string;
  readonly name: string;
  readonly cardType: CardType;
  readonly expiresAt: string;
}
export type VerificationRefused =
  TryRefusal | ApplicantRefusal | 'sign-in/certificate-refused' | 'delegation/company-only';
type Refused = Exclude<Outcome<VerificationRefused>, { outcome: 'done' }>;
export type VerificationOutcome =
  | Extract<Outcome, { outcome: 'done' }> & { readonly verification: Verification } | Refused;

/** 檢核憑證: the second person at the company's machine shows who they are, and is signed in nowhere. */
export class VerifyDelegate extends Command<VerificationOutcome> {
  constructor(
    readonly context: CommandContext, readonly shownIn: VerifiedIn, readonly proof: DelegateProof,
  ) {
    super();
  }
}

@CommandHandler(VerifyDelegate)
export class VerifyDelegateHandler implements ICommandHandler<VerifyDelegate> {
  constructor(
    @Inject(IDENTITY_STORES) private readonly stores: IdentityStores,
    @Inject(DELEGATE_VERIFICATIONS) private readonly verifications: DelegateVerifications,
  ) {}

  async execute({ context, shownIn, proof }: VerifyDelegate): Promise<VerificationOutcome> {
    const { isCompany } = await companyOf(this.stores.log, shownIn.companyId);
    if (!isCompany) return { outcome: 'refused', code: 'delegation/company-only' };
    const shown = 'card' in proof
      ? await this.withCard(context, proof) : await this.withCertificate(context, proof.subject);
    if ('outcome' in shown) return shown;
    const { person: { applicantId: delegateId }, cardType } = shown;
    const name = await nameOfApplicant(this.stores, delegateId);
    // Erased between the password and here.
    if (name === null) return { outcome: 'refused', code: 'sign-in/failed' };
    const expiresAt = instantAfter(context.at, validMs) ?? context.at;
    const verificationId =
      await this.verifications.issue({ ...shownIn, delegateId, cardType, expiresAt });
    const verification = { verificationId, name, cardType, expiresAt };
    return { outcome: 'done', position: null, replayed: false, verification };
  }

  /** Counted and recorded among the delegate's own tries. The machine is the company's: enrolled nowhere. */
  private async withCard(
    context: CommandContext, { card, password }: Extract<DelegateProof, { card: VerifiedCard }>,
  ): Promise<{ readonly person: Person; readonly cardType: CardType } | Refused> {
    const tried = await tryPassword(this.stores, context, { card, password, purpose });
    if (tried.outcome !== 'accepted') return tried;
    const { person } = tried.registration;
    const registered = await registerFromCard(this.stores, context, { card, person });
    return registered.outcome === 'done' ? { person, cardType: '健保卡' } : registered;
  }

  /** Whom we know by number and name; being on the staff list makes nobody a delegate. */
  private async withCertificate(
    context: CommandContext, subject: CertificateSubject,
  ): Promise<{ readonly person: Person; readonly cardType: CardType } | Refused> {
    const refused = { outcome: 'refused', code: 'sign-in/certificate-refused' } as const;
    if (subject.kind === 'company') return refused;
    const { person, isSame } = await personOf(this.stores, subject);
    if (person === null || !isSame) {
      await refuseCertificate(this.stores, { context, purpose }, person);
      return refused;
    }
    const accepted = await acceptCertificate(
      this.stores, { context, purpose }, { personId: person.personId, memberId: null });
    return accepted.outcome === 'done' ? { person, cardType: '自然人憑證' } : accepted;
  }
}
