import 'reflect-metadata';
import fc from 'fast-check';
import { paymentStream } from '../../src/application/stream-names.js';
import { accountKey } from '../../src/domain/identifiers/account-number.js';
import { paymentStatuses } from '../../src/domain/payments/payment.events.js';
import type {
  ReconciledAccount, ReconciliationFilter, ReconciliationQuestion,
} from '../../src/projections/reconciliation/find-reconciliations.js';
import {
  FindReconciliations, FindReconciliationsHandler,
} from '../../src/projections/reconciliation/find-reconciliations.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import type { Answer } from './support/naive-reconciliation.js';
import { naiveAnswer } from './support/naive-reconciliation.js';
import {
  factsOf, paymentStories, storyAccounts, storyAgencies, storyAmounts, storyDays, storyInvoices, storyStream,
} from './support/payment-stories.js';
import type { ReadSide } from './support/read-side.js';
import { caughtUp, openReadSide, record } from './support/read-side.js';
import { paymentRecorded } from './support/stored.js';
import { person } from '../../src/projections/viewer.js';

const stories = paymentStories(900, 20_240_510);
const more = 10_000;

const allAccounts: ReconciledAccount[] = storyAccounts.map(([bankCode, accountNumber], i) => ({
  accountId: `a000000${i}-0000-4000-8000-000000000000`, accountKey: accountKey(bankCode, accountNumber),
}));
/** Approved, but nothing was ever paid to it. */
const quietAccount: ReconciledAccount =
  { accountId: 'affffff0-0000-4000-8000-000000000000', accountKey: accountKey('0040037', '5') };

let side: ReadSide;
let handler: FindReconciliationsHandler;

beforeAll(async () => {
  side = await openReadSide();
  await record(side.log, new Map(stories.map((story) => [storyStream(story), factsOf(story)])));
  await caughtUp(side, [reconciliation]);
  handler = new FindReconciliationsHandler(side.readStore);
}, 60_000);
afterAll(() => side.close());

const questionOf = (question: ReconciliationQuestion) =>
  new FindReconciliations(question, person({ accounts: question.accounts }));

async function ask(question: ReconciliationQuestion): Promise<Answer> {
  const answer = await handler.execute(questionOf(question));
  if ('refused' in answer) throw new Error(answer.refused);
  return JSON.parse(answer.json) as Answer;
}

async function throughAllPages(question: ReconciliationQuestion): Promise<Answer[]> {
  const pages = [await ask(question)];
  for (let last = pages.at(-1); last?.next; last = pages.at(-1)) {
    pages.push(await ask({ ...question, cursor: last.next }));
  }
  return pages;
}

const filters: fc.Arbitrary<ReconciliationFilter> = fc.record({
  from: fc.constantFrom(...storyDays),
  to: fc.constantFrom(...storyDays),
  agencyName: fc.constantFrom('財政部', '台灣', '署', '部', '%', '_', ...storyAgencies),
  statuses: fc.subarray([...paymentStatuses], { minLength: 1 }),
  amountMin: fc.constantFrom(...storyAmounts, 201),
  amountMax: fc.constantFrom(...storyAmounts, 201),
  invoiceNumber: fc.constantFrom(...storyInvoices),
  invoiceAmountMin: fc.constantFrom(...storyAmounts, 201),
  invoiceAmountMax: fc.constantFrom(...storyAmounts, 201),
}, { requiredKeys: [] });

/** Most filters leave half of everything out: with all nine at once nothing would be left to compare. */
const someFilters = fc.tuple(filters, fc.subarray([
  'from', 'to', 'agencyName', 'statuses', 'amountMin', 'amountMax', 'invoiceNumber', 'invoiceAmountMin',
  'invoiceAmountMax',
] as const, { maxLength: 4 })).map(([filter, kept]) =>
  Object.fromEntries(kept.filter((name) => name in filter).map((name) => [name, filter[name]])));

const questions = fc.record({
  accounts: fc.shuffledSubarray([...allAccounts, quietAccount], { minLength: 1 }),
  filter: someFilters,
  sort: fc.constantFrom('account-date', 'date-account'),
  pages: fc.integer({ min: 1, max: 15 }),
});

/** As text where it is equal, which is nearly always: a hundred times faster than walking through both. */
function expectSame(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

it('every question is answered as a naive search answers it, in one page and in many', async () => {
  let compared = 0;
  let pagesSeen = 0;
  await fc.assert(fc.asyncProperty(questions, async ({ pages, ...question }) => {
    const expected = naiveAnswer(stories, question);
    expectSame(await ask({ ...question, limit: more }), expected);
    const limit = Math.max(1, Math.ceil(expected.rows.length / pages));
    const [first, ...later] = await throughAllPages({ ...question, limit });
    expectSame([first, ...later].flatMap((page) => page?.rows ?? []), expected.rows);
    expect(first).toMatchObject({ totals: expected.totals, subtotals: expected.subtotals });
    expect(later.every(({ totals, subtotals }) => totals === null && subtotals === null)).toBe(true);
    compared += expected.rows.length;
    pagesSeen += later.length;
  }), { seed: 113_05_10, numRuns: 300 });
  // A generator that matched nothing would prove nothing.
  expect(compared).toBeGreaterThan(10_000);
  expect(pagesSeen).toBeGreaterThan(1_000);
}, 120_000);

describe('totals', () => {
  it('count a payment with several invoices once, and its rows each', async () => {
    const everything = { accounts: allAccounts, filter: {}, sort: 'account-date', limit: more } as const;
    const { rows, totals } = await ask(everything);
    const payments = new Map(rows.map(({ paymentId, amount }) => [paymentId, amount]));
    expect(payments.size).toBeLessThan(rows.length);
    const amount = [...payments.values()].reduce((sum, one) => sum + one, 0);
    expect(totals).toEqual({ payments: payments.size, amount, rows: rows.length });
  });

  it('are zero, not missing, where nothing matches', async () => {
    expect(await ask({ accounts: [quietAccount], filter: {}, sort: 'date-account', limit: 50 })).toEqual({
      rows: [], totals: { payments: 0, amount: 0, rows: 0 }, subtotals: [], next: null,
    });
  });

  it('are zero for somebody without accounts', async () => {
    expect(await ask({ accounts: [], filter: {}, sort: 'account-date', limit: 50 })).toEqual({
      rows: [], totals: { payments: 0, amount: 0, rows: 0 }, subtotals: [], next: null,
    });
  });
});

describe('two accounts of the caller that are one bank account', () => {
  const [one] = allAccounts as [ReconciledAccount];
  const twin = { ...one, accountId: 'b0000000-0000-4000-8000-000000000000' };

  it.each(['account-date', 'date-account'] as const)('double neither rows nor totals by %s', async (sort) => {
    const alone = await ask({ accounts: [one], filter: {}, sort, limit: more });
    expect(alone.rows.length).toBeGreaterThan(0);
    expect(await ask({ accounts: [one, twin, one], filter: {}, sort, limit: more })).toEqual(alone);
  });

  it('do not show up twice while paging', async () => {
    const question = { filter: {}, sort: 'date-account', limit: 7 } as const;
    const alone = await ask({ ...question, accounts: [one], limit: more });
    const pages = await throughAllPages({ ...question, accounts: [twin, one] });
    expect(pages.flatMap((page) => page.rows)).toEqual(
      alone.rows.map((row) => ({ ...row, accountId: twin.accountId })));
  });
});

it('amounts are JSON numbers and dates ISO texts', async () => {
  const [row] = (await ask({ accounts: allAccounts, filter: {}, sort: 'account-date', limit: 1 })).rows;
  expect(row).toMatchObject({
    amount: expect.any(Number) as number, fiscalYear: 113,
    paymentDate: expect.stringMatching(/^2024-\d\d-\d\d$/) as string,
  });
});

describe('a sum that JSON cannot tell', () => {
  const largest = 9_007_199_254_740_991;
  const accounts = ['71', '72'].map((accountNumber, i) => ({
    accountId: `a00000f${i}-0000-4000-8000-000000000000`, accountKey: accountKey('0050015', accountNumber),
  }));
  const [one] = accounts as [ReconciledAccount];
  const about = (changed: Partial<ReconciliationQuestion>) => handler.execute(questionOf(
    { accounts, filter: {}, sort: 'account-date', limit: 50, ...changed }));
  beforeAll(async () => {
    const paid = [['71', largest], ['72', largest], ['72', 1]] as const;
    await record(side.log, new Map(paid.map(([accountNumber, amount], i) => {
      const fact = paymentRecorded({ voucherNo: `L${i}`, bankCode: '0050015', accountNumber, amount });
      return [paymentStream(fact.data.paymentId), [fact]];
    })));
    await caughtUp(side, [reconciliation]);
  });

  it.each<[string, Partial<ReconciliationQuestion>]>([
    ['of several accounts', {}], ['of one account', { accounts: accounts.slice(1) }],
    ['in the other order', { sort: 'date-account' }], ['on a page that holds less', { limit: 1 }],
  ])('is refused %s', async (_what, changed) =>
    expect(await about(changed)).toEqual({ refused: 'reconciliation/amount-too-large' }));

  it('is told up to 2^53 − 1', async () => {
    const { totals, subtotals } = await ask({ accounts: [one], filter: {}, sort: 'account-date', limit: 50 });
    expect(totals).toEqual({ payments: 1, amount: largest, rows: 1 });
    expect(subtotals).toEqual([{ accountId: one.accountId, payments: 1, amount: largest }]);
    expect(await about({ filter: { amountMax: largest - 1 } })).toHaveProperty('json');
  });
});

describe('a cursor', () => {
  const question: ReconciliationQuestion =
    { accounts: allAccounts, filter: { from: '2024-05-02' }, sort: 'account-date', limit: 5 };
  const refused = { refused: 'reconciliation/cursor-mismatch' };
  const asked = (changed: Partial<ReconciliationQuestion>) =>
    handler.execute(questionOf({ ...question, ...changed }));
  let cursor: string;

  beforeAll(async () => {
    const { next } = await ask(question);
    if (next === null) throw new Error('one page holds everything');
    cursor = next;
  });

  it('says nothing of what it stands for to a reader in a hurry', () => expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/));

  it('goes on with another number of rows per page', async () => {
    expect(await asked({ cursor, limit: 9 })).toHaveProperty('json');
  });

  it('goes on whatever the order in which accounts and statuses are named', async () => {
    const filter = { statuses: ['退匯', '已匯款'] } as const;
    const { next } = await ask({ ...question, filter, limit: 1 });
    const again = { statuses: ['已匯款', '退匯'] } as const;
    const accounts = [...allAccounts].reverse();
    expect(await asked({ accounts, filter: again, cursor: next ?? '' })).toHaveProperty('json');
  });

  it.each<[string, Partial<ReconciliationQuestion>]>([
    ['another filter', { filter: { from: '2024-05-03' } }],
    ['no filter', { filter: {} }],
    ['another order', { sort: 'date-account' }],
    ['other accounts', { accounts: allAccounts.slice(1) }],
  ])('is refused with %s', async (_with, changed) => {
    expect(await asked({ ...changed, cursor })).toEqual(refused);
  });

  it.each<[string, (cursor: string) => string]>([
    ['empty', () => ''],
    ['not base64url', (own) => `${own}=`],
    ['cut short', (own) => own.slice(0, -2)],
    ['JSON of another shape', () => Buffer.from('{"a":1}').toString('base64url')],
    ['not JSON', () => Buffer.from('[1,').toString('base64url')],
    ['a day that no calendar has', (own) => edited(own, 2, '2024-02-30')],
    ['a date no table holds', (own) => edited(own, 2, 'infinity')],
    ['a position beyond any', (own) => edited(own, 3, '99999999999999999999')],
    ['a line that is none', (own) => edited(own, 4, 1.5)],
  ])('is refused when it is %s', async (_how, tamper) => {
    expect(await asked({ cursor: tamper(cursor) })).toEqual(refused);
  });

  function edited(own: string, part: number, value: unknown): string {
    const parts = JSON.parse(Buffer.from(own, 'base64url').toString()) as unknown[];
    return Buffer.from(JSON.stringify(parts.with(part, value))).toString('base64url');
  }
});
