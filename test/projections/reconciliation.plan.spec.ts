import 'reflect-metadata';
import type { ReadStore } from '../../src/projections/projection.js';
import type { ReconciliationQuestion } from '../../src/projections/reconciliation/find-reconciliations.js';
import {
  FindReconciliations, FindReconciliationsHandler,
} from '../../src/projections/reconciliation/find-reconciliations.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import type { ReadSide } from './support/read-side.js';
import { caughtUp, openReadSide } from './support/read-side.js';
import { person, staff } from '../../src/projections/viewer.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Heap Fetches'?: number;
  readonly 'Subplan Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/**
 * 5,000 accounts over a year, a few of them with thousands of payments; every third payment has an invoice.
 */
const fill = `
  INSERT INTO read.reconciliation (amount, invoice_amount, ordinal, line, payment_date, status_date,
    invoice_date, fiscal_year, payment_id, account_key, bank_code, account_number, agency_code, agency_name,
    agency_phone, status, return_reason, voucher_no, seq, treasury_receipt_no, invoice_number, purpose)
  SELECT 100 + i % 90000, CASE WHEN i % 3 = 0 THEN i % 5000 END, i, 0,
    date '2024-01-01' + i * 366 / 100000, NULL,
    CASE WHEN i % 3 = 0 THEN date '2023-12-20' + i * 366 / 100000 END, 113, md5(i::text)::uuid,
    lpad((CASE WHEN i % 10 = 0 THEN i / 10 % 5 ELSE i * 7919 % 5000 END)::text, 21, '0'),
    '0040037', '12345678', 'A' || i % 400, '財政部第' || i % 400 || '局', '02-23228000',
    CASE WHEN i % 97 = 0 THEN '退匯' ELSE '已匯款' END,
    NULL, lpad(i::text, 8, '0'), '001', 'R' || i,
    CASE WHEN i % 3 = 0 THEN 'AB' || lpad((i / 2)::text, 8, '0') END, '採購案第' || i || '批'
  FROM generate_series(1, 100000) AS i`;

let side: ReadSide;
beforeAll(async () => {
  side = await openReadSide();
  await caughtUp(side, [reconciliation]);
  await side.pool.query(fill);
  await side.pool.query('VACUUM (ANALYZE) read.reconciliation');
}, 60_000);
afterAll(() => side.close());

const accounts = Array.from({ length: 20 }, (_, i) =>
  ({ accountId: `a${i}`, accountKey: String(i).padStart(21, '0') }));
const threeMonths = { from: '2024-03-01', to: '2024-05-31' };
const year = { from: '2024-01-01', to: '2024-12-31' };

/** Every node of the plan by which PostgreSQL really answered the question. */
async function planOf(question: Partial<ReconciliationQuestion>): Promise<PlanNode[]> {
  let plan: PlanNode[] = [];
  const explaining: ReadStore = {
    query: async (viewer, sql, parameters) => {
      const [row] = await side.readStore.query<{ 'QUERY PLAN': string }>(
        viewer, `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, parameters);
      const [explained] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as [{ Plan: PlanNode }];
      plan = nodesOf(explained.Plan);
      return side.readStore.query(viewer, sql, parameters);
    },
    waitFor: () => Promise.resolve(true),
  };
  await new FindReconciliationsHandler(explaining).execute(new FindReconciliations({
    accounts, filter: threeMonths, sort: 'account-date', limit: 50, ...question,
  }, person({ accounts })));
  return plan;
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const onTable = (plan: readonly PlanNode[]): PlanNode[] =>
  plan.filter((node) => node['Index Name'] || node['Relation Name'] === 'reconciliation');
const scans = (plan: readonly PlanNode[]): string[] =>
  onTable(plan).map((node) => `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name']}`);
const rowsRead = (plan: readonly PlanNode[], scan: string): number =>
  onTable(plan).filter((node) => node['Node Type'] === scan)
    .reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);

/** Rows passed over do not show among the rows read; the blocks they lie in do. */
const blocksRead = (plan: readonly PlanNode[]): number =>
  onTable(plan).reduce((sum, node) => sum + node['Shared Hit Blocks'] + node['Shared Read Blocks'], 0);

async function cursorAfter(pages: number, sort: ReconciliationQuestion['sort']): Promise<string> {
  const handler = new FindReconciliationsHandler(side.readStore);
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const question = { accounts, filter: year, sort, limit: 50, cursor };
    const answer = await handler.execute(new FindReconciliations(question, person({ accounts })));
    cursor = 'json' in answer ? (JSON.parse(answer.json) as { next: string }).next : '';
  }
  return cursor ?? '';
}

describe('a page by account and date', () => {
  /** The page's own rows, and at most the first of the account behind it. */
  const rowsOfPage = 2 * 51;
  /** Every row may lie in a block of its own, and every account is found through three of the index. */
  const blocksOfPage = rowsOfPage + 4 * accounts.length;

  it('walks the index in order and stops when it is full', async () => {
    const plan = await planOf({});
    expect(scans(plan)).toContain('Index Scan reconciliation_by_account');
    expect(scans(plan).join()).not.toContain('Seq Scan');
    expect(rowsRead(plan, 'Index Scan')).toBeLessThanOrEqual(rowsOfPage);
  });

  it('costs the same however deep it lies', async () => {
    for (const pages of [40, 200]) {
      const plan = await planOf({ filter: year, cursor: await cursorAfter(pages, 'account-date') });
      expect(scans(plan)).toEqual(['Index Scan reconciliation_by_account']);
      expect(rowsRead(plan, 'Index Scan')).toBeLessThanOrEqual(rowsOfPage);
      expect(blocksRead(plan)).toBeLessThanOrEqual(blocksOfPage);
    }
  });
});

describe('a page by date and account', () => {
  it('reads no more than a page of each account', async () => {
    const plan = await planOf({ sort: 'date-account' });
    expect(scans(plan).join()).not.toContain('Seq Scan');
    expect(rowsRead(plan, 'Index Scan')).toBeLessThanOrEqual(accounts.length * 51);
  });

  it('costs the same however deep it lies', async () => {
    const cursor = await cursorAfter(100, 'date-account');
    const plan = await planOf({ filter: year, sort: 'date-account', cursor });
    expect(scans(plan)).toEqual(['Index Scan reconciliation_by_account']);
    expect(rowsRead(plan, 'Index Scan')).toBeLessThanOrEqual(accounts.length * 51);
  });
});

it('the totals of twenty accounts over a year never leave the index', async () => {
  const plan = await planOf({ filter: year, limit: 1 });
  const [scan] = onTable(plan).filter((node) => node['Node Type'] === 'Index Only Scan');
  expect(scan).toMatchObject({ 'Index Name': 'reconciliation_by_account', 'Heap Fetches': 0 });
  expect(scan?.['Actual Rows']).toBeGreaterThan(10_000);
  expect(scans(plan).join()).not.toContain('Seq Scan');
});

it('the totals of one status never leave the index', async () => {
  const plan = await planOf({ filter: { ...year, statuses: ['退匯'] }, limit: 1 });
  expect(scans(plan)).toContain('Index Only Scan reconciliation_by_account');
});

const sorts = ['account-date', 'date-account'] as const;

it.each(sorts)('an invoice number is found by its index, by %s', async (sort) => {
  const plan = await planOf({ filter: { invoiceNumber: 'AB00000030' }, sort });
  expect(new Set(scans(plan))).toEqual(new Set(['Index Scan reconciliation_by_invoice']));
});

it('a table read from its first to its last row would be noticed', async () => {
  const [row] = await side.readStore.query<{ 'QUERY PLAN': string }>(
    staff,
    'EXPLAIN (ANALYZE, FORMAT JSON) SELECT count(*) FROM read.reconciliation WHERE agency_code = $1', ['A1']);
  const [explained] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as [{ Plan: PlanNode }];
  expect(scans(nodesOf(explained.Plan)).join()).toContain('Seq Scan');
});
