import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../src/application/command-context.js';
import { accountsToDelegate } from '../../../src/application/delegations/delegations.js';
import { handle } from '../../../src/application/handle.js';
import {
  applicantStream, delegationIdOf, delegationStream, paymentIdOf, paymentStream,
} from '../../../src/application/stream-names.js';
import { applicantDecider } from '../../../src/domain/applicants/applicant.js';
import type { ApplicantKind } from '../../../src/domain/applicants/applicant.events.js';
import { delegationDecider } from '../../../src/domain/delegations/delegation.js';
import type { CardType } from '../../../src/domain/delegations/delegation.events.js';
import { paymentDecider } from '../../../src/domain/payments/payment.js';
import type { PaymentCorrection, PaymentDetails } from '../../../src/domain/payments/payment.events.js';
import { projections } from '../../../src/projections/projections.js';
import type { Service } from './service.js';
import { principal } from './service.js';

const at = '2026-03-02T01:00:00.000Z';
const meta = () => ({ commandId: randomUUID(), fingerprint: 'f', by: randomUUID(), at });

export const bankList = [
  '銀行代號,分支機構代號,金融機構名稱,分支機構名稱,地址',
  '004,,臺灣銀行,,臺北市',
  '004,0037,臺灣銀行,營業部,"臺北市重慶南路一段120號"',
  '004,0059,臺灣銀行,公庫部,臺北市',
  '700,,中華郵政股份有限公司,,臺北市',
  '700,0021,中華郵政股份有限公司,儲匯處,臺北市',
].map((line) => `${line}\r\n`).join('');

export const bank = '0040037';

export interface Registration {
  readonly kind: ApplicantKind;
  readonly idNumber: string;
  readonly name: string;
}

export const person = (idNumber: string, name: string): Registration =>
  ({ kind: 'person', idNumber, name });
export const company = (idNumber: string, name: string): Registration =>
  ({ kind: 'company', idNumber, name });

/** Registered as a real sign-in will do it: who the person is comes from the credential. */
export async function registered(service: Service, who: Principal, as: Registration): Promise<Principal> {
  const { applicantId = '' } = who;
  const outcome = await handle(service.parts.log, applicantDecider, applicantStream(applicantId),
    { command: { type: 'RegisterApplicant', applicantId, ...as, at }, meta: meta() });
  if (outcome.outcome !== 'done') throw new Error(`not registered: ${JSON.stringify(outcome)}`);
  return who;
}

export async function applied(service: Service, who: Principal, accountNumber: string): Promise<string> {
  const body = { bankCode: bank, accountNumber, accountName: '測試戶名' };
  const response = await service.as(who).send('POST', '/api/v1/accounts', body);
  if (response.statusCode !== 201) throw new Error(`not applied: ${response.body}`);
  return response.json<{ accountId: string }>().accountId;
}

export async function approved(service: Service, reviewer: Principal, accountId: string): Promise<string> {
  const response = await service.as(reviewer).send('POST', `/api/v1/reviews/${accountId}/approval`);
  if (response.statusCode !== 200) throw new Error(`not approved: ${response.body}`);
  return accountId;
}

export interface Delegating {
  readonly company: Principal;
  readonly delegate: Principal;
  readonly accountIds: readonly string[];
  readonly cardType?: CardType;
  readonly expiresOn?: string;
}

/** As a company does it in its session, after the delegate's card was verified there. */
export async function delegated(service: Service, asked: Delegating): Promise<string> {
  const { company: { applicantId: companyId = '' }, delegate: { applicantId = '' } } = asked;
  const { cardType = '健保卡', expiresOn = null } = asked;
  const delegationId = delegationIdOf(companyId, applicantId, cardType);
  const accounts = (await accountsToDelegate(service.parts.log, asked.accountIds))
    .map((account) => ({ ...account, ownerId: companyId, approvedAt: account.approvedAt ?? at }));
  const outcome = await handle(service.parts.log, delegationDecider, delegationStream(delegationId), {
    command: {
      type: 'GrantDelegation', delegationId, company: { applicantId: companyId, isCompany: true },
      delegate: { applicantId, name: '測試被授權人', cardType }, accounts, expiresOn, through: 'verification',
      by: asked.company.id, at,
    },
    meta: meta(),
  });
  if (outcome.outcome !== 'done') throw new Error(`not delegated: ${JSON.stringify(outcome)}`);
  return delegationId;
}

/** A payment in the log, as a batch leaves it there. */
export async function paid(
  service: Service, seq: string, details: Partial<PaymentDetails> = {},
): Promise<string> {
  const payment = {
    agencyCode: 'A01', agencyName: '測試機關', agencyPhone: '02-1234-5678', fiscalYear: 115,
    voucherNo: '000123', seq, paymentDate: '2026-03-02', treasuryReceiptNo: 'R1', bankCode: bank,
    accountNumber: '111', amount: 22860, purpose: '測試', invoices: [], ...details,
  };
  const paymentId = paymentIdOf(payment);
  const outcome = await handle(service.parts.log, paymentDecider, paymentStream(paymentId), {
    command: { type: 'RecordPayment', payment: { ...payment, paymentId, status: '已匯款', batchId: 'B1' } },
    meta: meta(),
  });
  if (outcome.outcome !== 'done') throw new Error(`not paid: ${JSON.stringify(outcome)}`);
  return paymentId;
}

export async function corrected(
  service: Service, operator: Principal, paymentId: string, correction: PaymentCorrection,
): Promise<void> {
  const body = { reason: '誤植', correction };
  const response = await service.as(operator).send('POST', `/api/v1/payments/${paymentId}/corrections`, body);
  if (response.statusCode !== 201) throw new Error(`not corrected: ${response.body}`);
}

export interface World {
  readonly people: Readonly<Record<Person, Principal>>;
  /** Approved, the payee's. */
  readonly account: string;
  /** Applied for by the reviewer who is also a payee. */
  readonly reviewersOwn: readonly [string, string];
  /** To the payee's account, and to the other payee's. */
  readonly payment: string;
  readonly othersPayment: string;
  /** The company's, which the other payee may read by this delegation. */
  readonly companysAccount: string;
  readonly delegation: string;
}
export type Person =
  'payee' | 'otherPayee' | 'company' | 'reviewer' | 'reviewerWhoApplied' | 'operator' | 'auditor';

/** Everybody who may stand before the service, each with something of their own in it. */
export async function populate(service: Service): Promise<World> {
  const operator = principal('operator');
  const imported = await service.as(operator).csv('/api/v1/bank-code-lists', bankList);
  const { position } = imported.json<{ position: string }>();
  await service.parts.readStore.waitFor('bank_directory', position, 10_000);
  const people = {
    operator, reviewer: principal('reviewer'), auditor: principal('auditor'),
    payee: await registered(service, principal('payee'), person('A123456789', '王小明')),
    otherPayee: await registered(service, principal('payee'), person('F131104093', '李大同')),
    company: await registered(service, principal('payee'), company('04595257', '測試公司')),
    reviewerWhoApplied:
      await registered(service, principal('payee', 'reviewer'), person('A800000014', '陳審核')),
  };
  const account = await approved(service, people.reviewer, await applied(service, people.payee, '111'));
  await approved(service, people.reviewer, await applied(service, people.otherPayee, '222'));
  const companysAccount =
    await approved(service, people.reviewer, await applied(service, people.company, '333'));
  const delegation = await delegated(service, {
    company: people.company, delegate: people.otherPayee, accountIds: [companysAccount],
  });
  const reviewersOwn = [
    await applied(service, people.reviewerWhoApplied, '444'),
    await applied(service, people.reviewerWhoApplied, '555'),
  ] as const;
  const payment = await paid(service, '1');
  const othersPayment = await paid(service, '2', { accountNumber: '222' });
  return { people, account, reviewersOwn, payment, othersPayment, companysAccount, delegation };
}

/** Everything written so far is in every table. */
export async function caughtUp({ parts, logged }: Service): Promise<string> {
  const head = await parts.log.head();
  for (const { name } of projections) {
    if (await parts.readStore.waitFor(name, head, 20_000)) continue;
    const projectors = logged().split('\n').filter((line) => line.includes('"projector"')).join('\n');
    throw new Error(`${name} has not caught up with ${head}:\n${projectors}`);
  }
  return head;
}
