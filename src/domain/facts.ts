import type { AccountFact } from './accounts/account.events.js';
import type { ApplicantFact } from './applicants/applicant.events.js';
import type { ApiCredentialFact } from './api-credentials/api-credential.events.js';
import type { BankCodeFact } from './bank-codes/bank-code.events.js';
import type { DelegationOfferFact } from './delegations/delegation-offer.events.js';
import type { DelegationFact } from './delegations/delegation.events.js';
import type { CertificateSignInFact } from './identity/certificate-sign-in.events.js';
import type { RegistrationFact } from './identity/registration.events.js';
import type { SignInFact } from './identity/sign-in.events.js';
import type { StaffListFact } from './identity/staff-list.events.js';
import type { PaymentBatchFact } from './payment-batches/payment-batch.events.js';
import type { PaymentFact } from './payments/payment.events.js';

/** Every fact the service knows today. A new one fails to compile until it has a schema and a reader. */
export type DomainFact =
  | AccountFact | ApplicantFact | PaymentFact | PaymentBatchFact | BankCodeFact | RegistrationFact
  | SignInFact | CertificateSignInFact | StaffListFact | DelegationFact | ApiCredentialFact
  | DelegationOfferFact;
export type FactType = DomainFact['type'];
export type FactOf<Type extends FactType> = Extract<DomainFact, { type: Type }>;
