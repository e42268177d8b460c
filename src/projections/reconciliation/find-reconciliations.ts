import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { isYuan } from '../../domain/money.js';
import type { PaymentStatus } from '../../domain/payments/payment.events.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import type { Viewer } from '../viewer.js';
import type { ReconciliationSort } from './find-reconciliations.sql.js';
import { reconciliationSql } from './find-reconciliations.sql.js';
import type { Bound, Place, Seek } from './reconciliation-cursor.js';
import { beforeAll, behindAll, bindingOf, cursorAt, placeOf } from './reconciliation-cursor.js';

/** An account the caller may see; rows are found by its key and answered with its id. */
export interface ReconciledAccount { readonly accountId: string; readonly accountKey: string }

/**
 * NSS105E's filters. They choose rows, so an invoice filter leaves out a payment's other invoices. Bounds
 * count in.
 */
export interface ReconciliationFilter {
  /** 支付日期, ISO. */
  readonly from?: string;
  readonly to?: string;
  /** Part of 付款機關名稱. */
  readonly agencyName?: string;
  readonly statuses?: readonly PaymentStatus[];
  readonly amountMin?: number;
  readonly amountMax?: number;
  readonly invoiceNumber?: string;
  readonly invoiceAmountMin?: number;
  readonly invoiceAmountMax?: number;
}

export interface ReconciliationQuestion {
  readonly accounts: readonly ReconciledAccount[];
  readonly filter: ReconciliationFilter;
  readonly sort: ReconciliationSort;
  readonly limit: number;
  readonly cursor?: string;
}

/** `json` is the whole answer, `{ rows, totals, subtotals, next }`, passed on as PostgreSQL wrote it. */
export type ReconciliationAnswer =
  | { readonly json: string }
  | { readonly refused: 'reconciliation/cursor-mismatch' | 'reconciliation/amount-too-large' };

export class FindReconciliations extends Query<ReconciliationAnswer> {
  constructor(readonly question: ReconciliationQuestion, readonly viewer: Viewer) { super(); }
}

/** Texts of JSON, ready to be put together; totals come with the first page only. */
interface Page {
  readonly rows: string;
  readonly last: string | null;
  readonly totals?: string;
  readonly subtotals?: string;
}

@QueryHandler(FindReconciliations)
export class FindReconciliationsHandler implements IQueryHandler<FindReconciliations> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ question, viewer }: FindReconciliations): Promise<ReconciliationAnswer> {
    const accounts = eachKeyOnce(question.accounts);
    const keys = accounts.map(({ accountKey }) => accountKey);
    const bound = { keys, binding: bindingOf([question.sort, keys, filterValues(question.filter)]) };
    const place = question.cursor === undefined ? null : placeOf(question.cursor, bound);
    if (question.cursor !== undefined && !place) return { refused: 'reconciliation/cursor-mismatch' };
    const [page] = await this.store.query<Page>(viewer, statementFor(question, place), [
      keys, accounts.map(({ accountId }) => accountId), ...filterValues(question.filter), question.limit,
      ...seekParameters(keys, question.sort, place),
    ]);
    if (!page) throw new Error('a query of one row answered none');
    if (!isTotalTold(page)) return { refused: 'reconciliation/amount-too-large' };
    return { json: answerText(page, bound) };
  }
}

function statementFor({ sort, filter }: ReconciliationQuestion, place: Place | null): string {
  const { first, firstOfInvoices, later } = reconciliationSql[sort];
  if (place) return later;
  const { invoiceNumber, invoiceAmountMin, invoiceAmountMax } = filter;
  return (invoiceNumber ?? invoiceAmountMin ?? invoiceAmountMax) === undefined ? first : firstOfInvoices;
}

/** Two of the caller's accounts may be the same bank account: its rows must come, and count, once. */
function eachKeyOnce(accounts: readonly ReconciledAccount[]): ReconciledAccount[] {
  const byKey = new Map<string, ReconciledAccount>();
  for (const account of accounts) if (!byKey.has(account.accountKey)) byKey.set(account.accountKey, account);
  return [...byKey.values()].sort((a, b) => (a.accountKey < b.accountKey ? -1 : 1));
}

function filterValues(filter: ReconciliationFilter): readonly unknown[] {
  return [
    filter.from ?? null, filter.to ?? null, filter.agencyName ?? null,
    filter.statuses ? [...filter.statuses].sort() : null,
    filter.amountMin ?? null, filter.amountMax ?? null,
    filter.invoiceNumber ?? null, filter.invoiceAmountMin ?? null, filter.invoiceAmountMax ?? null,
  ];
}

function seekParameters(
  keys: readonly string[], sort: ReconciliationSort, place: Place | null,
): readonly unknown[] {
  const seeks = keys.map((key) => (place ? seekWithin(key, sort, place) : beforeAll));
  return [seeks.map((s) => s.paymentDate), seeks.map((s) => s.ordinal), seeks.map((s) => s.line)];
}

/** Where an account's rows go on, which may be before the first of them or behind the last. */
function seekWithin(accountKey: string, sort: ReconciliationSort, place: Place): Seek {
  if (accountKey === place.accountKey) return place;
  const isDone = accountKey < place.accountKey;
  switch (sort) {
    case 'account-date': return isDone ? behindAll : beforeAll;
    // On the cursor's day the accounts before its own are done, those behind it still to come.
    case 'date-account': return { ...(isDone ? behindAll : beforeAll), paymentDate: place.paymentDate };
  }
}

/**
 * From 2^53 on a reader of JSON would take another sum for it. No subtotal is larger than
 * the total.
 */
function isTotalTold({ totals }: Page): boolean {
  return totals === undefined || isYuan((JSON.parse(totals) as { amount: number }).amount);
}

function answerText({ rows, last, totals = 'null', subtotals = 'null' }: Page, bound: Bound): string {
  return `{"rows":${rows},"totals":${totals},"subtotals":${subtotals},"next":${nextText(last, bound)}}`;
}

function nextText(last: string | null, bound: Bound): string {
  if (last === null) return 'null';
  const [accountKey, paymentDate, ordinal, line] = JSON.parse(last) as [string, string, string, number];
  return JSON.stringify(cursorAt({ accountKey, paymentDate, ordinal, line }, bound));
}
