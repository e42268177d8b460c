import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { CertificateSignInCommand } from '../../domain/identity/certificate-sign-in.js';
import { certificateSignInDecider } from '../../domain/identity/certificate-sign-in.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { applicantStream, certificateSignInStream } from '../stream-names.js';
import { isSameName, nameOfApplicant } from './applicant-name.js';
import type { IdentityStores, Person } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { stepOf } from './registrations.js';
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

/** 工商憑證 or 自然人憑證, whose signature over this attempt's nonce was verified. */
export class SignInWithCertificate extends Command<CertificateOutcome> {
  constructor(readonly context: CommandContext, readonly certificate: VerifiedCertificate) {
    super();
  }
}

@CommandHandler(SignInWithCertificate)
export class SignInWithCertificateHandler implements ICommandHandler<SignInWithCertificate> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  execute({ context, certificate }: SignInWithCertificate): Promise<CertificateOutcome> {
    const { subject } = certificate;
    return subject.kind === 'company'
      ? this.company(context, subject) : this.person(context, certificate, subject);
  }

  /** The certificate says the whole number: who comes for the first time becomes an applicant. */
  private async company(
    context: CommandContext, { ubn: idNumber, name }: CertifiedCompany,
  ): Promise<CertificateOutcome> {
    const { personId, applicantId } = await this.stores.people.obtain(idNumber);
    const registered = await handle(this.stores.log, applicantDecider, applicantStream(applicantId), {
      command: { type: 'RegisterApplicant', applicantId, kind: 'company', idNumber, name, at: context.at },
      meta: stepOf(context, 'applicant'),
    });
    if (registered.outcome !== 'done') return registered;
    return this.accepted(context, { personId, applicantId, memberId: null, isPayee: true });
  }

  /**
   * The certificate says four digits of the number, which thousands share: it lets in only whom we know under
   * the typed number by the same name, or whom an operator listed with exactly this certificate and number.
   */
  private async person(
    context: CommandContext, certificate: VerifiedCertificate, { idNumber, name }: CertifiedPerson,
  ): Promise<CertificateOutcome> {
    const member = await staffMemberWith(this.stores, certificate, idNumber);
    const known = await this.stores.people.find(idNumber);
    const knownName = known && await nameOfApplicant(this.stores, known.applicantId);
    const isPayee = typeof knownName === 'string' && isSameName(knownName, name);
    if (member === null && !isPayee) return this.refused(context, known);
    const { personId, applicantId } = known ?? await this.stores.people.obtain(idNumber);
    return this.accepted(context, { personId, applicantId, memberId: member?.memberId ?? null, isPayee });
  }

  private async accepted(context: CommandContext, who: CertificateHolder): Promise<CertificateOutcome> {
    const { personId, memberId } = who;
    const outcome = await this.recorded(context, {
      type: 'AcceptCertificate', personId, attemptId: context.commandId, memberId, at: context.at,
    });
    return outcome.outcome === 'done' ? { ...outcome, who } : outcome;
  }

  /** Whoever is unknown has nobody to be told. */
  private async refused(context: CommandContext, known: Person | null): Promise<CertificateOutcome> {
    if (known) {
      await this.recorded(context, {
        type: 'RefuseCertificate', personId: known.personId, attemptId: context.commandId,
        reason: 'other-name', at: context.at,
      });
    }
    return { outcome: 'refused', code: 'sign-in/certificate-refused' };
  }

  private recorded(context: CommandContext, command: CertificateSignInCommand): Promise<Outcome<never>> {
    return handle(this.stores.log, certificateSignInDecider, certificateSignInStream(command.personId), {
      command, meta: stepOf(context, 'attempt'),
    });
  }
}
