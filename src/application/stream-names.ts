import { paddedAccountNumber } from '../domain/identifiers/account-number.js';
import type { StreamName } from './event-log.js';
import { nameBasedUuid, namespaceOf } from './name-based-uuid.js';

/** Drawn once at random, never to change: with another namespace every stored stream would be lost. */
const accountsNamespace = namespaceOf('782f60e8-f9df-4ff6-accd-b246d4db90c3');
const paymentsNamespace = namespaceOf('b9e7d33e-9511-45c1-a1ca-b32409caf11a');
const batchesNamespace = namespaceOf('519759c4-e169-4ffe-aaf9-f6e9d1c97d14');
const signInsNamespace = namespaceOf('06999fe3-ba54-4f8c-8529-62845c25384a');
const delegationsNamespace = namespaceOf('f3a1c6d2-8b47-4e0a-9c15-72d0be4f6a93');
const bankCodeDirectoryId = '00b4b4e1-80ba-412c-83ca-33bf170006a6';
const staffListId = '4c1d7a52-6f0e-4b7c-9a35-1e2f6d8b9c04';

export const streamCategories = [
  'account', 'applicant', 'payment', 'payment-batch', 'bank-code-directory', 'registration', 'sign-in',
  'certificate-sign-in', 'staff-list', 'delegation', 'api-credentials',
  'delegation-offers',
] as const;
export type StreamCategory = (typeof streamCategories)[number];

const uuidLength = 36;

const streamOf = (category: StreamCategory, id: string): StreamName => `${category}-${id}`;

/** The uuid a stream's name ends with. */
export const idOfStream = (stream: StreamName): string => stream.slice(-uuidLength);

/** What tells one payment of the treasury from every other. Opaque strings; leading zeros count. */
export interface PaymentKey {
  readonly agencyCode: string;
  /** 民國 year. */
  readonly fiscalYear: number;
  readonly voucherNo: string;
  readonly seq: string;
}

/** One stream per business key: that is what keeps the same payment from being recorded twice. */
export const paymentIdOf = ({ agencyCode, fiscalYear, voucherNo, seq }: PaymentKey): string =>
  nameBasedUuid(paymentsNamespace, JSON.stringify([agencyCode, fiscalYear, voucherNo, seq]));
export const paymentStream = (paymentId: string): StreamName => streamOf('payment', paymentId);

/** One stream per applicant and account, so applying again after a rejection continues the same history. */
export function accountIdOf(applicantId: string, bankCode: string, accountNumber: string): string {
  const key = [applicantId, bankCode, paddedAccountNumber(accountNumber)];
  return nameBasedUuid(accountsNamespace, JSON.stringify(key));
}
export const accountStream = (accountId: string): StreamName => streamOf('account', accountId);

/** The applicant's id is random, never made from an ID number. */
export const applicantStream = (applicantId: string): StreamName => streamOf('applicant', applicantId);

/** The batch id is the delivering agency's own; only a uuid may stand in a stream's name. */
export const paymentBatchStream = (batchId: string): StreamName =>
  streamOf('payment-batch', nameBasedUuid(batchesNamespace, batchId));

/** One list of codes for the whole country, so one stream: an import is compared with all of it at once. */
export const bankCodeDirectoryStream: StreamName = streamOf('bank-code-directory', bankCodeDirectoryId);

/** The registration's id is random. */
export const registrationStream = (registrationId: string): StreamName =>
  streamOf('registration', registrationId);

/** One per enrolled card agent, and one for all that are not: nobody uses up another's tries. */
export const signInStream = (registrationId: string, agentId: string | null): StreamName =>
  streamOf('sign-in', nameBasedUuid(signInsNamespace, JSON.stringify([registrationId, agentId])));

/** With a certificate there is nothing to use up: one for each person. */
export const certificateSignInStream = (personId: string): StreamName =>
  streamOf('certificate-sign-in', nameBasedUuid(signInsNamespace, JSON.stringify([personId])));

/** One list for the whole treasury: who is on it is decided by looking at all of it. */
export const staffListStream: StreamName = streamOf('staff-list', staffListId);

/** One per company, delegate and kind of card: whoever may read an account is known without a table. */
export const delegationIdOf = (companyId: string, delegateId: string, cardType: string): string =>
  nameBasedUuid(delegationsNamespace, JSON.stringify([companyId, delegateId, cardType]));
export const delegationStream = (delegationId: string): StreamName => streamOf('delegation', delegationId);

/** All of one holder, a company or a member of the staff: so that they can be counted and listed at once. */
export const apiCredentialsStream = (holderId: string): StreamName => streamOf('api-credentials', holderId);

/** One per company: its invitations of a day are counted. */
export const delegationOffersStream = (companyId: string): StreamName =>
  streamOf('delegation-offers', companyId);

/** Ids of the facts of one command, by their place in it: the same command can never be stored twice. */
export function factIdsOf(commandId: string): (index: number) => string {
  const namespace = namespaceOf(commandId);
  return (index) => nameBasedUuid(namespace, String(index));
}
