import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { applicantStream } from '../stream-names.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { stepOf } from './registrations.js';
import type { Showing } from './shown-certificates.js';
import { acceptCertificate, personOf, refuseCertificate } from './shown-certificates.js';
import { staffMemberWith } from './staff-list.js';
import type { CertifiedCompany, CertifiedPerson, VerifiedCertificate } from './verified-certificate.js';

export interface CertificateHolder {
  readonly personId: string;
  readonly applicantId: string;
  readonly memberId: string | null;
  readonly isPayee: boolean;
}
export type CertificateRefused = ApplicantRefusal | 'sign-in/certificate-refused';
type Result = Extract<Outcome, { outcome: 'done' }> & { readonly who: CertificateHolder };
export type CertificateOutcome = Result | Exclude<Outcome<CertificateRefused>, { outcome: 'done' }>;

type Purpose = 'sign-in' | 're-authentication';

/** 工商憑證 or 自然人憑證, whose signature over this attempt's nonce was verified. */
export class SignInWithCertificate extends Command<CertificateOutcome> {
  constructor(
    readonly context: CommandContext, readonly certificate: VerifiedCertificate, readonly purpose: Purpose,
  ) {
    super();
  }
}

@CommandHandler(SignInWithCertificate)
export class SignInWithCertificateHandler implements ICommandHandler<SignInWithCertificate> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  execute({ context, certificate, purpose }: SignInWithCertificate): Promise<CertificateOutcome> {
    const { subject } = certificate;
    const showing = { context, purpose };
    return subject.kind === 'company'
      ? this.company(showing, subject) : this.person(showing, certificate, subject);
  }

  /** The certificate says the whole number: who comes for the first time becomes an applicant. */
  private async company(
    showing: Showing, { ubn: idNumber, name }: CertifiedCompany,
  ): Promise<CertificateOutcome> {
    const { context } = showing;
    const { personId, applicantId } = await this.stores.people.obtain(idNumber);
    const registered = await handle(this.stores.log, applicantDecider, applicantStream(applicantId), {
      command: { type: 'RegisterApplicant', applicantId, kind: 'company', idNumber, name, at: context.at },
      meta: stepOf(context, 'applicant'),
    });
    if (registered.outcome !== 'done') return registered;
    return this.accepted(showing, { personId, applicantId, memberId: null, isPayee: true });
  }

  /**
   * The certificate says four digits of the number, which thousands share: it lets in only whom we know under
   * the typed number by the same name, or whom an operator listed with exactly this certificate and number.
   */
  private async person(
    showing: Showing, certificate: VerifiedCertificate, subject: CertifiedPerson,
  ): Promise<CertificateOutcome> {
    const { idNumber } = subject;
    const member = await staffMemberWith(this.stores, certificate, idNumber);
    const { person: known, isSame: isPayee } = await personOf(this.stores, subject);
    if (member === null && !isPayee) {
      await refuseCertificate(this.stores, showing, known);
      return { outcome: 'refused', code: 'sign-in/certificate-refused' };
    }
    const { personId, applicantId } = known ?? await this.stores.people.obtain(idNumber);
    return this.accepted(showing, { personId, applicantId, memberId: member?.memberId ?? null, isPayee });
  }

  private async accepted(showing: Showing, who: CertificateHolder): Promise<CertificateOutcome> {
    const outcome = await acceptCertificate(this.stores, showing, who);
    return outcome.outcome === 'done' ? { ...outcome, who } : outcome;
  }
}
