import type { Type } from '@nestjs/common';
import type { Command, ICommandHandler } from '@nestjs/cqrs';
import { ApplyAccount, ApplyAccountHandler } from './accounts/apply-account.js';
import { ApproveAccount, ApproveAccountHandler } from './accounts/approve-account.js';
import { RejectAccount, RejectAccountHandler } from './accounts/reject-account.js';
import { RemoveAccount, RemoveAccountHandler } from './accounts/remove-account.js';
import { WithdrawApplication, WithdrawApplicationHandler } from './accounts/withdraw-application.js';
import { ChangeContact, ChangeContactHandler } from './applicants/change-contact.js';
import { RegisterApplicant, RegisterApplicantHandler } from './applicants/register-applicant.js';
import { ImportBankCodeList, ImportBankCodeListHandler } from './bank-codes/import-bank-code-list.js';
import { IssueApiCredential, IssueApiCredentialHandler } from './api-credentials/issue-api-credential.js';
import { RevokeApiCredential, RevokeApiCredentialHandler } from './api-credentials/revoke-api-credential.js';
import type { Role } from './command-context.js';
import { AcceptOffer, AcceptOfferHandler } from './delegations/accept-offer.js';
import { GrantDelegation, GrantDelegationHandler } from './delegations/grant-delegation.js';
import { OfferDelegation, OfferDelegationHandler } from './delegations/offer-delegation.js';
import { RevokeDelegation, RevokeDelegationHandler } from './delegations/revoke-delegation.js';
import { WithdrawOffer, WithdrawOfferHandler } from './delegations/withdraw-offer.js';
import { VerifyDelegate, VerifyDelegateHandler } from './delegations/verify-delegate.js';
import { AddToStaffList, AddToStaffListHandler } from './identity/add-to-staff-list.js';
import { ApplyForRegistration, ApplyForRegistrationHandler } from './identity/apply-for-registration.js';
import { AskForTicket, AskForTicketHandler } from './identity/ask-for-ticket.js';
import { ChangeMobile, ChangeMobileHandler } from './identity/change-mobile.js';
import { ChangePassword, ChangePasswordHandler } from './identity/change-password.js';
import { ConfirmNewEmail, ConfirmNewEmailHandler } from './identity/confirm-new-email.js';
import { ConfirmRegistration, ConfirmRegistrationHandler } from './identity/confirm-registration.js';
import { DeleteRegistration, DeleteRegistrationHandler } from './identity/delete-registration.js';
import { EnrolAgent, EnrolAgentHandler } from './identity/enrol-agent.js';
import { RemoveFromStaffList, RemoveFromStaffListHandler } from './identity/remove-from-staff-list.js';
import { RequestNewEmail, RequestNewEmailHandler } from './identity/request-new-email.js';
import { ResetPassword, ResetPasswordHandler } from './identity/reset-password.js';
import { RevokeAgent, RevokeAgentHandler } from './identity/revoke-agent.js';
import { SignIn, SignInHandler } from './identity/sign-in.js';
import {
  SignInWithCertificate, SignInWithCertificateHandler,
} from './identity/sign-in-with-certificate.js';
import { DeliverPaymentBatch, DeliverPaymentBatchHandler } from './payment-batches/deliver-payment-batch.js';
import { CorrectPayment, CorrectPaymentHandler } from './payments/correct-payment.js';

export interface CommandRow {
  readonly command: Type<Command<unknown>>;
  readonly handler: Type<ICommandHandler>;
  /** `anyone`: what signing in is made of. What the caller must show is asked by the handler. */
  readonly roles: readonly Role[] | 'anyone';
}

/** Every command there is, who carries it out, and who may give it. Nothing else can be asked for. */
export const commandTable: readonly CommandRow[] = [
  { command: RegisterApplicant, handler: RegisterApplicantHandler, roles: ['payee'] },
  { command: ChangeContact, handler: ChangeContactHandler, roles: ['payee'] },
  { command: ApplyAccount, handler: ApplyAccountHandler, roles: ['payee'] },
  { command: WithdrawApplication, handler: WithdrawApplicationHandler, roles: ['payee'] },
  { command: RemoveAccount, handler: RemoveAccountHandler, roles: ['payee'] },
  { command: ApproveAccount, handler: ApproveAccountHandler, roles: ['reviewer'] },
  { command: RejectAccount, handler: RejectAccountHandler, roles: ['reviewer'] },
  { command: ImportBankCodeList, handler: ImportBankCodeListHandler, roles: ['operator'] },
  {
    command: DeliverPaymentBatch, handler: DeliverPaymentBatchHandler,
    roles: ['operator', 'delivery-system'],
  },
  { command: CorrectPayment, handler: CorrectPaymentHandler, roles: ['operator'] },
  { command: AddToStaffList, handler: AddToStaffListHandler, roles: ['operator'] },
  { command: RemoveFromStaffList, handler: RemoveFromStaffListHandler, roles: ['operator'] },
  { command: VerifyDelegate, handler: VerifyDelegateHandler, roles: ['payee'] },
  { command: GrantDelegation, handler: GrantDelegationHandler, roles: ['payee'] },
  { command: OfferDelegation, handler: OfferDelegationHandler, roles: ['payee'] },
  { command: AcceptOffer, handler: AcceptOfferHandler, roles: ['payee'] },
  { command: WithdrawOffer, handler: WithdrawOfferHandler, roles: ['payee'] },
  { command: RevokeDelegation, handler: RevokeDelegationHandler, roles: ['payee'] },
  { command: IssueApiCredential, handler: IssueApiCredentialHandler, roles: ['payee', 'operator'] },
  { command: RevokeApiCredential, handler: RevokeApiCredentialHandler, roles: ['payee', 'operator'] },
  { command: ApplyForRegistration, handler: ApplyForRegistrationHandler, roles: 'anyone' },
  { command: AskForTicket, handler: AskForTicketHandler, roles: 'anyone' },
  { command: ChangeMobile, handler: ChangeMobileHandler, roles: ['payee'] },
  { command: ChangePassword, handler: ChangePasswordHandler, roles: ['payee'] },
  { command: ConfirmNewEmail, handler: ConfirmNewEmailHandler, roles: ['payee'] },
  { command: ConfirmRegistration, handler: ConfirmRegistrationHandler, roles: 'anyone' },
  { command: DeleteRegistration, handler: DeleteRegistrationHandler, roles: 'anyone' },
  { command: EnrolAgent, handler: EnrolAgentHandler, roles: 'anyone' },
  { command: RequestNewEmail, handler: RequestNewEmailHandler, roles: ['payee'] },
  { command: ResetPassword, handler: ResetPasswordHandler, roles: 'anyone' },
  { command: RevokeAgent, handler: RevokeAgentHandler, roles: ['payee'] },
  { command: SignIn, handler: SignInHandler, roles: 'anyone' },
  { command: SignInWithCertificate, handler: SignInWithCertificateHandler, roles: 'anyone' },
];

export const commandHandlers = commandTable.map(({ handler }) => handler);

/** Nobody may give a command that is not in the table. */
export function mayGive(command: unknown, held: readonly Role[]): boolean {
  const roles = commandTable.find((row) => row.command === command)?.roles ?? [];
  return roles === 'anyone' || roles.some((role) => held.includes(role));
}
