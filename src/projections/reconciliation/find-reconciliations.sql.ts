import { nameContains } from '../name-contains.js';

/**
 * What the query sends, to be read in review. Filters that were not asked for come as NULL: PostgreSQL plans
 * each question with its parameters known, so `$3 IS NULL OR …` is gone before a plan is chosen and the rest
 * can be an index condition.
 *
 * $1 account keys, in order, each once   $2 their account ids
 * $3 from   $4 to   $5 part of the agency's name   $6 statuses   $7 $8 amount from, to
 * $9 invoice number   $10 $11 invoice amount from, to   $12 rows per page
 * $13 $14 $15 after which day, ordinal and line to go on, per account: computed beside the cursor, so that
 * every account is entered at its own place in the index, however deep the page
 */
const matches = `
      ($3::date IS NULL OR r.payment_date >= $3::date)
      AND ($4::date IS NULL OR r.payment_date <= $4::date)
      AND ($5::text IS NULL OR ${nameContains('r.agency_name', '$5::text')})
      AND ($6::text[] IS NULL OR r.status = ANY ($6::text[]))
      AND ($7::bigint IS NULL OR r.amount >= $7::bigint)
      AND ($8::bigint IS NULL OR r.amount <= $8::bigint)
      AND ($9::text IS NULL OR r.invoice_number = $9::text)
      AND ($10::bigint IS NULL OR r.invoice_amount >= $10::bigint)
      AND ($11::bigint IS NULL OR r.invoice_amount <= $11::bigint)`;

/** At most a page's worth of each account, from its place on. */
const accounts = `
    FROM unnest($1::text[], $13::date[], $14::bigint[], $15::integer[]) WITH ORDINALITY
      AS a (account_key, after_date, after_ordinal, after_line, nth)
    CROSS JOIN LATERAL (
      SELECT r.*
      FROM read.reconciliation AS r
      WHERE r.account_key = a.account_key
        AND (r.payment_date, r.ordinal, r.line) > (a.after_date, a.after_ordinal, a.after_line)
        AND ${matches}
      ORDER BY r.payment_date, r.ordinal, r.line
      LIMIT $12::integer + 1
    ) AS r`;

/**
 * Walks the index account by account and stops when the page is full. With one condition on all accounts at
 * once, a key greater than the cursor's, it would begin at the first of them and pass every row up to there.
 */
const pageByAccount = `
    SELECT row_number() OVER (ORDER BY a.nth, r.payment_date, r.ordinal, r.line) AS n, r.*${accounts}
    ORDER BY a.nth, r.payment_date, r.ordinal, r.line
    LIMIT $12::integer + 1`;

/** The first of all accounts' pages together. */
const pageByDate = `
    SELECT row_number() OVER (ORDER BY r.payment_date, r.account_key, r.ordinal, r.line) AS n, r.*${accounts}
    ORDER BY r.payment_date, r.account_key, r.ordinal, r.line
    LIMIT $12::integer + 1`;

const row = `
    SELECT p.payment_id AS "paymentId",
      ($2::text[])[array_position($1::text[], p.account_key)] AS "accountId",
      p.bank_code AS "bankCode", p.account_number AS "accountNumber",
      p.agency_code AS "agencyCode", p.agency_name AS "agencyName", p.agency_phone AS "agencyPhone",
      p.status AS "status", coalesce(p.status_date, p.payment_date) AS "statusDate",
      p.return_reason AS "returnReason",
      p.fiscal_year AS "fiscalYear", p.voucher_no AS "voucherNo", p.seq AS "seq",
      p.payment_date AS "paymentDate", p.amount AS "amount", p.treasury_receipt_no AS "treasuryReceiptNo",
      p.invoice_date AS "invoiceDate", p.invoice_number AS "invoiceNumber",
      p.invoice_amount AS "invoiceAmount", p.purpose AS "purpose"`;

const pageTable = (page: string): string => `page AS MATERIALIZED (${page}
  )`;

/** `last` is the page's last row as a cursor, when a further row was found behind it. */
const pageAnswer = `
    (SELECT coalesce(json_agg(row_to_json(answered) ORDER BY p.n), '[]')::text
     FROM page AS p CROSS JOIN LATERAL (${row}) AS answered WHERE p.n <= $12::integer) AS rows,
    (SELECT json_build_array(p.account_key, p.payment_date, p.ordinal::text, p.line)::text
     FROM page AS p
     WHERE p.n = $12::integer AND EXISTS (SELECT FROM page AS more WHERE more.n > $12::integer)) AS last`;

/**
 * A payment counts once among its matching rows, its rows count each (PRODUCT decision 1). Where nothing is
 * asked of invoices all rows of a payment match or none does, and its first row stands for it: 2.5 times
 * faster.
 */
const totalsByFirstRow = `account_totals AS (
    SELECT r.account_key, count(*) FILTER (WHERE r.line = 0) AS payments,
      sum(r.amount) FILTER (WHERE r.line = 0) AS amount, count(*) AS rows
    FROM read.reconciliation AS r
    WHERE r.account_key = ANY ($1::text[]) AND ${matches}
    GROUP BY r.account_key
  )`;

/** Where invoices are asked for, any of a payment's rows may be the only one that matches. */
const totalsByPayment = `account_totals AS (
    SELECT payment.account_key, count(*) AS payments, sum(payment.amount) AS amount, sum(payment.rows) AS rows
    FROM (
      SELECT r.account_key, min(r.amount) AS amount, count(*) AS rows
      FROM read.reconciliation AS r
      WHERE r.account_key = ANY ($1::text[]) AND ${matches}
      GROUP BY r.account_key, r.payment_date, r.ordinal
    ) AS payment
    GROUP BY payment.account_key
  )`;

const totalsAnswer = `
    (SELECT row_to_json(total)::text
     FROM (
       SELECT coalesce(sum(t.payments), 0) AS payments, coalesce(sum(t.amount), 0) AS amount,
         coalesce(sum(t.rows), 0) AS rows
       FROM account_totals AS t
     ) AS total) AS totals,
    (SELECT coalesce(json_agg(row_to_json(subtotal) ORDER BY t.account_key), '[]')::text
     FROM account_totals AS t CROSS JOIN LATERAL (
       SELECT ($2::text[])[array_position($1::text[], t.account_key)] AS "accountId", t.payments, t.amount
     ) AS subtotal) AS subtotals`;

interface Statements {
  /** The first page, with totals. */
  readonly first: string;
  /** The same where the filter asks for invoices. */
  readonly firstOfInvoices: string;
  readonly later: string;
}

const statements = (page: string): Statements => ({
  first: `WITH ${pageTable(page)},\n  ${totalsByFirstRow}\n  SELECT ${pageAnswer}, ${totalsAnswer}`,
  firstOfInvoices: `WITH ${pageTable(page)},\n  ${totalsByPayment}\n  SELECT ${pageAnswer}, ${totalsAnswer}`,
  later: `WITH ${pageTable(page)}\n  SELECT ${pageAnswer}`,
});

export const reconciliationSql = {
  'account-date': statements(pageByAccount),
  'date-account': statements(pageByDate),
} as const satisfies Readonly<Record<string, Statements>>;

export type ReconciliationSort = keyof typeof reconciliationSql;
