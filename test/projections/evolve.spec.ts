import type { DomainFact, FactOf } from '../../src/domain/facts.js';
import { accountHistory } from '../../src/projections/accounts/account-history.projection.js';
import { accounts } from '../../src/projections/accounts/accounts.projection.js';
import { applicants } from '../../src/projections/applicants/applicants.projection.js';
import { bankDirectory } from '../../src/projections/bank-directory/bank-directory.projection.js';
import { paymentBatches } from '../../src/projections/payment-batches/payment-batches.projection.js';
import { rowsAfter, stored } from './support/stored.js';

const at = '2024-05-10T01:00:00.000Z';
const factId = (nth: number): string => stored({} as DomainFact, nth).id;

describe('an account', () => {
  const accountId = 'a0000000-0000-4000-8000-000000000001';
  const applicantId = 'b0000000-0000-4000-8000-000000000001';
  const applied = (applicationId: string): FactOf<'AccountApplied'> => ({
    type: 'AccountApplied',
    data: {
      accountId, applicationId, applicantId, bankCode: '7000021', accountNumber: '12345',
      accountName: { sealed: `name of ${applicationId}` }, warnings: ['account-number/unusual-length'],
      appliedBy: 'payee', appliedAt: at,
    },
  });
  const approved: DomainFact =
    { type: 'AccountApproved', data: { accountId, approvedBy: 'reviewer', approvedAt: at } };
  const rejected: DomainFact = {
    type: 'AccountRejected',
    data: {
      accountId, applicantId, reason: '其他', explanation: { sealed: 'why' }, rejectedBy: 'reviewer',
      rejectedAt: at,
    },
  };
  const removed: DomainFact = { type: 'AccountRemoved', data: { accountId, removedBy: 'me', removedAt: at } };
  const withdrawn: DomainFact =
    { type: 'ApplicationWithdrawn', data: { accountId, withdrawnBy: 'payee', withdrawnAt: at } };

  it('waits for review from its application on', () => {
    expect(rowsAfter(accounts, applied('one'))).toMatchObject([{
      account_id: accountId, applicant_id: applicantId, application_id: 'one', status: '審核中',
      account_key: '700002100000000012345', account_number: '12345', account_name: 'name of one',
      applied_fact: factId(1), applied_ordinal: '1', warnings: '["account-number/unusual-length"]',
    }]);
  });

  it.each([
    ['已核准', approved, 'reviewer'], ['已撤回', withdrawn, 'payee'],
  ] as const)('becomes %s, and by whom', (status, fact, by) => {
    expect(rowsAfter(accounts, applied('one'), fact)).toMatchObject([
      { status, decided_by: by, decided_at: at, reason: null, explanation: null },
    ]);
  });

  it('says why it was rejected, in words that open at the fact that brought them', () => {
    expect(rowsAfter(accounts, applied('one'), rejected)).toMatchObject([
      { status: '未核准', reason: '其他', explanation: 'why', decided_fact: factId(2) },
    ]);
  });

  it('starts afresh when it is applied for again, at the end of the queue', () => {
    expect(rowsAfter(accounts, applied('one'), rejected, applied('two'))).toMatchObject([{
      application_id: 'two', status: '審核中', applied_ordinal: '3', account_name: 'name of two',
      applied_fact: factId(3), reason: null, explanation: null, decided_by: null, decided_fact: null,
    }]);
  });

  it('stays as a row when it is removed', () => {
    expect(rowsAfter(accounts, applied('one'), approved, removed)).toMatchObject([{ status: '已刪除' }]);
  });

  it('keeps every step of its story', () => {
    const steps = [applied('one'), rejected, applied('two'), approved, removed];
    expect(rowsAfter(accountHistory, ...steps)).toMatchObject([
      { ordinal: '1', event: 'AccountApplied', done_by: 'payee', happened_at: at },
      { ordinal: '2', event: 'AccountRejected', done_by: 'reviewer', reason: '其他', explanation: 'why' },
      { ordinal: '3', event: 'AccountApplied' }, { ordinal: '4', event: 'AccountApproved' },
      { ordinal: '5', event: 'AccountRemoved', reason: null, explanation: null },
    ]);
  });

  it('cannot be decided on before it was applied for', () => {
    expect(() => rowsAfter(accounts, approved)).toThrow('before it was applied for');
  });

  it('never takes a name in clear', () => {
    const clear = { ...applied('one').data, accountName: { plain: '王小明' } };
    expect(() => rowsAfter(accounts, { type: 'AccountApplied', data: clear })).toThrow('in clear');
  });
});

describe('a bank code', () => {
  const bankCode = '0040037';
  const opened: DomainFact =
    { type: 'BankCodeOpened', data: { bankCode, name: '臺灣銀行營業部', effectiveDate: '2006-11-20' } };
  const renamed: DomainFact = {
    type: 'BankCodeRenamed',
    data: { bankCode, name: '臺灣銀行總行', previousName: '臺灣銀行營業部', effectiveDate: '2012-06-05' },
  };
  const closed: DomainFact = { type: 'BankCodeClosed', data: { bankCode, effectiveDate: '2020-01-01' } };
  const reopened: DomainFact =
    { type: 'BankCodeReopened', data: { bankCode, name: '臺灣銀行', effectiveDate: '2021-01-01' } };

  it.each([
    ['上線', [opened], { name: '臺灣銀行營業部', state: '上線', changed_on: '2006-11-20' }],
    ['更名', [opened, renamed], { name: '臺灣銀行總行', state: '上線', changed_on: '2012-06-05' }],
    ['停用', [opened, renamed, closed], { name: '臺灣銀行總行', state: '停用', changed_on: '2020-01-01' }],
    ['恢復', [opened, closed, reopened], { name: '臺灣銀行', state: '上線', changed_on: '2021-01-01' }],
  ])('shows %s as its last change, and 上線日 for ever', (change_reason, facts, row) => {
    expect(rowsAfter(bankDirectory, ...facts)).toEqual([
      { code: bankCode, bank: '004', opened_on: '2006-11-20', change_reason, ...row },
    ]);
  });

  it('stands under its bank, which has a row and a name of its own', () => {
    const named = (name: string, effectiveDate: string): DomainFact =>
      ({ type: 'BankNamed', data: { bank: '004', name, effectiveDate } });
    expect(rowsAfter(bankDirectory, named('臺灣銀行', '2006-01-01'), named('臺銀', '2024-01-01'))).toEqual([{
      code: '004', bank: '004', name: '臺銀', state: '上線', opened_on: '2006-01-01', changed_on: '2024-01-01',
      change_reason: '更名',
    }]);
  });

  it('cannot close before it was opened', () => {
    expect(() => rowsAfter(bankDirectory, closed)).toThrow('never opened');
  });
});

describe('a payment batch', () => {
  const batchId = 'b-1';
  const refused = (fileHash: string): DomainFact => ({
    type: 'PaymentBatchRefused',
    data: {
      batchId, fileHash, errors: [{ line: 3, code: 'batch/bad-date', field: 'paymentDate' }], errorCount: 1,
      deliveredBy: 'operator', refusedAt: at,
    },
  });
  const accepted = (fileHash: string): DomainFact => ({
    type: 'PaymentBatchAccepted',
    data: {
      batchId, fileHash, issuedAt: at, totals: { payments: 2, invoices: 3, amount: 500 }, statusChanges: 1,
      deliveredBy: 'operator', acceptedAt: at,
    },
  });
  const completed: DomainFact = {
    type: 'PaymentBatchCompleted',
    data: { batchId, recorded: { payments: 2, statusChanges: 1, alreadyKnown: 0 }, completedAt: at },
  };

  it('shows what is wrong with a refused file', () => {
    expect(rowsAfter(paymentBatches, refused('h1'))).toMatchObject([{
      status: 'refused', error_count: 1, errors: '[{"line":3,"code":"batch/bad-date","field":"paymentDate"}]',
    }]);
  });

  it('shows progress from accepted to completed', () => {
    expect(rowsAfter(paymentBatches, accepted('h1'))).toMatchObject([
      { status: 'accepted', payments: 2, invoices: 3, amount: 500, recorded_payments: null },
    ]);
    expect(rowsAfter(paymentBatches, accepted('h1'), completed)).toMatchObject([
      { status: 'completed', recorded_payments: 2, recorded_status_changes: 1, completed_at: at },
    ]);
  });

  it('keeps its place in the list, and tells the position behind all that it recorded', () => {
    const accepting = rowsAfter(paymentBatches, accepted('h1'));
    expect(accepting).toMatchObject([{ ordinal: '1', last_position: '1' }]);
    const both = rowsAfter(paymentBatches, accepted('h1'), completed);
    expect(both).toMatchObject([{ ordinal: '1', last_position: '2' }]);
  });

  it('keeps a refused file beside the corrected one that came after it', () => {
    expect(rowsAfter(paymentBatches, refused('h1'), accepted('h2'), completed)).toMatchObject([
      { file_hash: 'h1', status: 'refused' }, { file_hash: 'h2', status: 'completed' },
    ]);
  });

  it('is not touched by another file that is refused under its id', () => {
    expect(rowsAfter(paymentBatches, accepted('h1'), completed, refused('h2'))).toMatchObject([
      { file_hash: 'h1', status: 'completed' }, { file_hash: 'h2', status: 'refused' },
    ]);
  });

  it('shows the same wrong file once, however often it comes', () => {
    expect(rowsAfter(paymentBatches, refused('h1'), refused('h1'))).toMatchObject([{ ordinal: '2' }]);
  });
});

describe('an applicant', () => {
  const applicantId = 'b0000000-0000-4000-8000-000000000001';
  const registered: DomainFact = {
    type: 'ApplicantRegistered',
    data: {
      applicantId, kind: 'person', idNumber: { sealed: 'id' }, name: { sealed: 'name' }, registeredAt: at,
    },
  };
  const changed = (contact: FactOf<'ApplicantContactChanged'>['data']['contact']): DomainFact => ({
    type: 'ApplicantContactChanged',
    data: { applicantId, changeId: 'c', contact, changedBy: 'payee', changedAt: '2024-06-01T00:00:00.000Z' },
  });

  it('keeps each contact field beside the fact that it opens with', () => {
    const [row] = rowsAfter(
      applicants, registered, changed({ phone: { sealed: 'p1' }, email: { sealed: 'e1' } }),
      changed({ phone: { sealed: 'p2' }, contactPerson: { sealed: 'who' } }));
    expect(row).toMatchObject({
      id_number: 'id', name: 'name', registered_fact: factId(1), phone: 'p2', phone_fact: factId(3),
      email: 'e1', email_fact: factId(2), contact_person: 'who', contact_person_fact: factId(3),
      address: null, address_fact: null, registered_at: at, changed_at: '2024-06-01T00:00:00.000Z',
    });
  });

  it('keeps its ciphertexts when it is erased: without the key they are tombstones', () => {
    const erased: DomainFact =
      { type: 'ApplicantErased', data: { applicantId, erasedBy: 'payee', erasedAt: at } };
    expect(rowsAfter(applicants, registered, erased)).toMatchObject([{ name: 'name', erased_at: at }]);
  });
});
