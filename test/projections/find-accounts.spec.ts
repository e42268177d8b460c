import 'reflect-metadata';
import { accountIdOf, accountStream, bankCodeDirectoryStream } from '../../src/application/stream-names.js';
import type { DomainFact } from '../../src/domain/facts.js';
import { accountHistory } from '../../src/projections/accounts/account-history.projection.js';
import { accounts } from '../../src/projections/accounts/accounts.projection.js';
import { FindAccountsOf, FindAccountsOfHandler } from '../../src/projections/accounts/find-accounts-of.js';
import { FindReview, FindReviewHandler } from '../../src/projections/accounts/find-review.js';
import type { ReviewsQuestion } from '../../src/projections/accounts/find-reviews.js';
import { FindReviews, FindReviewsHandler } from '../../src/projections/accounts/find-reviews.js';
import { bankDirectory } from '../../src/projections/bank-directory/bank-directory.projection.js';
import type { ReadSide } from './support/read-side.js';
import { caughtUp, openReadSide, record } from './support/read-side.js';
import { person } from '../../src/projections/viewer.js';

const ming = 'b0000000-0000-4000-8000-000000000001';
const hua = 'b0000000-0000-4000-8000-000000000002';
const applicationId = 'c0000000-0000-4000-8000-000000000001';
const at = '2024-05-10T01:00:00.000Z';
const nameOf = new Map([[ming, '王小明'], [hua, '李小華']]);

const applied = (applicantId: string, bankCode: string, accountNumber: string): [string, DomainFact[]] => {
  const accountId = accountIdOf(applicantId, bankCode, accountNumber);
  return [accountStream(accountId), [{
    type: 'AccountApplied',
    data: {
      accountId, applicationId, applicantId, bankCode, accountNumber, warnings: [],
      accountName: { plain: nameOf.get(applicantId) ?? '' }, appliedBy: applicantId, appliedAt: at,
    },
  }]];
};
const approved = (accountId: string): [string, DomainFact[]] => [accountStream(accountId), [
  { type: 'AccountApproved', data: { accountId, approvedBy: 'reviewer', approvedAt: at } },
]];
const rejected = (accountId: string): [string, DomainFact[]] => [accountStream(accountId), [{
  type: 'AccountRejected',
  data: {
    accountId, applicantId: ming, reason: '其他', explanation: { plain: '存摺影本不清' }, rejectedBy: 'reviewer',
    rejectedAt: at,
  },
}]];
const opened = (bankCode: string, name: string): DomainFact =>
  ({ type: 'BankCodeOpened', data: { bankCode, name, effectiveDate: '2006-11-20' } });

const shared = ['0040037', '12345678'] as const;
const mings = accountIdOf(ming, ...shared);
const huas = accountIdOf(hua, ...shared);
const mingsSecond = accountIdOf(ming, '0050015', '99');
const mingsThird = accountIdOf(ming, '9999999', '1');

let side: ReadSide;
beforeAll(async () => {
  side = await openReadSide();
  await record(side.log, new Map([[bankCodeDirectoryStream, [
    opened('0040037', '臺灣銀行營業部'), opened('0050015', '土地銀行總行'),
    { type: 'BankCodeClosed', data: { bankCode: '0050015', effectiveDate: '2024-01-01' } },
  ]]]));
  await record(side.log, new Map([applied(hua, ...shared)]));
  await record(side.log, new Map([
    applied(ming, '0050015', '99'), applied(ming, '0040037', '00012345678'), applied(ming, '9999999', '1'),
  ]));
  await record(side.log, new Map([approved(huas), rejected(mingsSecond)]));
  await caughtUp(side, [accounts, accountHistory, bankDirectory]);
});
afterAll(() => side.close());

describe('an applicant\'s accounts', () => {
  const accountsOf = (applicantId: string) =>
    new FindAccountsOfHandler(side.readStore)
      .execute(new FindAccountsOf({ applicantId }, person({ applicantId })));

  it('are all of their own, whatever their status, by account', async () => {
    expect(await accountsOf(ming)).toMatchObject([
      { accountId: mings, accountNumber: '00012345678', status: '審核中', bankName: '臺灣銀行營業部' },
      { accountId: mingsSecond, status: '未核准', reason: '其他' },
      { accountId: mingsThird, status: '審核中' },
    ]);
    expect(await accountsOf(hua)).toMatchObject([{ accountId: huas, status: '已核准' }]);
    expect(await accountsOf('b0000000-0000-4000-8000-000000000009')).toEqual([]);
  });

  it('show when the branch is closed, and when nobody knows it', async () => {
    expect((await accountsOf(ming)).map(({ bankState }) => bankState)).toEqual(['上線', '停用', null]);
  });

  it('carry sealed fields with all that is needed to open them', async () => {
    const [first, second] = await accountsOf(ming);
    if (!first || !second?.explanation) throw new Error('missing');
    expect(await side.keys.unsealAll([first.accountName, second.accountName, second.explanation])).toEqual([
      { plain: '王小明' }, { plain: '王小明' }, { plain: '存摺影本不清' },
    ]);
    expect(first.explanation).toBeNull();
  });
});

describe('the reviewers\' queue', () => {
  const queue = (question: Partial<ReviewsQuestion>) =>
    new FindReviewsHandler(side.readStore).execute(new FindReviews({ limit: 50, ...question }));

  it('holds what waits, first come first served', async () => {
    expect(await queue({})).toMatchObject({
      reviews: [{ accountId: mings }, { accountId: mingsThird }], next: null,
    });
  });

  it('shows the decided ones on request', async () => {
    expect(await queue({ status: '已核准' })).toMatchObject({ reviews: [{ accountId: huas }] });
    expect(await queue({ status: '已刪除' })).toEqual({ reviews: [], next: null });
  });

  it('goes on page by page', async () => {
    const first = await queue({ limit: 1 });
    expect(first).toMatchObject({ reviews: [{ accountId: mings }] });
    const second = await queue({ limit: 1, cursor: first?.next ?? '' });
    expect(second).toMatchObject({ reviews: [{ accountId: mingsThird }], next: null });
  });

  const cursorOf = (ordinal: string): string => Buffer.from(JSON.stringify([ordinal])).toString('base64url');

  it.each(['', 'x', cursorOf('0 OR 1'), cursorOf('9223372036854775808')])(
    'has no answer to the cursor %j', async (cursor) => {
      expect(await queue({ cursor })).toBeNull();
    });

  it('goes on from a place in a log of any length', async () =>
    expect(await queue({ cursor: cursorOf('9223372036854775807') })).toEqual({ reviews: [], next: null }));
});

describe('a case under review', () => {
  const review = (accountId: string) =>
    new FindReviewHandler(side.readStore).execute(new FindReview({ accountId }));

  it('shows for whom else the same bank account is approved, however its number was written', async () => {
    expect(await review(mings)).toMatchObject({
      account: { accountId: mings, status: '審核中' },
      approvedForOthers: [{ accountId: huas, applicantId: hua }],
    });
  });

  it('does not count one\'s own approval as another\'s', async () => {
    expect(await review(huas)).toMatchObject({ approvedForOthers: [] });
  });

  it('tells its whole story', async () => {
    const found = await review(mingsSecond);
    expect(found?.history).toMatchObject([
      { event: 'AccountApplied', by: ming, at, explanation: null },
      { event: 'AccountRejected', by: 'reviewer', reason: '其他' },
    ]);
    const explanation = found?.history[1]?.explanation;
    if (!explanation) throw new Error('missing');
    expect(await side.keys.unseal(explanation.token, explanation.at)).toEqual({ plain: '存摺影本不清' });
  });

  it('is null where there is none', async () => {
    expect(await review('a0000000-0000-4000-8000-000000000009')).toBeNull();
  });
});
