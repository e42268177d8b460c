import { accountRefusals } from './accounts/account.js';
import { apiCredentialRefusals } from './api-credentials/api-credentials.js';
import { applicantRefusals } from './applicants/applicant.js';
import { bankCodeRefusals } from './bank-codes/bank-code-directory.js';
import { delegationOfferRefusals } from './delegations/delegation-offer.js';
import { delegationRefusals } from './delegations/delegation.js';
import { registrationRefusals } from './identity/registration.js';
import { signInRefusals } from './identity/sign-in.js';
import { staffListRefusals } from './identity/staff-list.js';
import { paymentBatchRefusals } from './payment-batches/payment-batch.js';
import { paymentRefusals } from './payments/payment.js';

/** Every expected "no" of the domain: whoever translates them for the outside can be made to miss none. */
export const domainRefusals = [
  ...accountRefusals, ...applicantRefusals, ...paymentRefusals, ...paymentBatchRefusals, ...bankCodeRefusals,
  ...registrationRefusals, ...signInRefusals, ...staffListRefusals, ...delegationRefusals,
  ...apiCredentialRefusals,
  ...delegationOfferRefusals,
] as const;
export type DomainRefusal = (typeof domainRefusals)[number];
