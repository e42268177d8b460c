import pg from 'pg';
import { reconciliation } from '../../dist/projections/reconciliation/reconciliation.projection.js';
import { ReadTable } from '../../dist/infrastructure/read-store/read-table.js';
import { policySql } from '../../dist/infrastructure/read-store/row-policies.js';
import { createReadTables } from '../../dist/infrastructure/read-store/read-tables.js';
import { projections } from '../../dist/projections/projections.js';

/** One payee's twenty accounts, to which every fifth payment goes. */
export const bigPayeeAccounts = Array.from({ length: 20 }, (_, n) => ({
  bankCode: '0040037', accountNumber: String(10_000_000_000 + n),
}));

const everybodyElse = 40_000;

/** A year of payments in the order of their dates; three in ten have two invoices, one in ten none. */
const rows = `
  SELECT p AS payment, line,
    CASE WHEN p % 5 = 0 THEN '0040037' ELSE '0099689' END AS bank,
    CASE WHEN p % 5 = 0 THEN 10000000000 + (p / 5) % 20
      ELSE 20000000000 + p % ${everybodyElse} END AS account,
    date '2025-01-01' + (p * 365 / ($1::bigint + 1))::integer AS day
  FROM generate_series(1, $1::bigint) AS p
  CROSS JOIN LATERAL generate_series(0, CASE WHEN p % 10 < 3 THEN 1 ELSE 0 END) AS line`;

const columns = {
  amount: '1000 + r.payment % 100000',
  invoice_amount: 'CASE WHEN r.payment % 10 < 9 THEN 500 + r.payment % 50000 END',
  ordinal: 'r.payment',
  line: 'r.line',
  payment_date: 'r.day',
  status_date: 'NULL::date',
  invoice_date: 'CASE WHEN r.payment % 10 < 9 THEN r.day - 20 END',
  fiscal_year: '114',
  payment_id: "md5('payment ' || r.payment)::uuid",
  account_key: "r.bank || lpad(r.account::text, 14, '0')",
  bank_code: 'r.bank',
  account_number: 'r.account::text',
  agency_code: "'D' || lpad((r.payment % 785)::text, 4, '0')",
  agency_name: "'示範機關第' || r.payment % 785 || '處'",
  agency_phone: "'02-0000-' || lpad((r.payment % 785)::text, 4, '0')",
  status: "CASE WHEN r.payment % 300 = 0 THEN '退匯' ELSE '已匯款' END",
  return_reason: "CASE WHEN r.payment % 300 = 0 THEN '帳號錯誤' END",
  voucher_no: "(500000 + r.payment / 3)::text",
  seq: '(1 + r.payment % 3)::text',
  treasury_receipt_no: "lpad((r.payment % 100000)::text, 6, '0')",
  invoice_number: `CASE WHEN r.payment % 10 < 9
    THEN 'KS' || lpad(((r.payment * 2 + r.line) % 100000000)::text, 8, '0') END`,
  purpose: "'業務費-辦公用品採購'",
};

/** The read tables of a service with so many payments, filled without facts: only reading is measured. */
export async function fillReconciliation(databaseUrl, payments) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  await createReadTables(pool, projections);
  const table = new ReadTable(reconciliation, 'read');
  const names = Object.keys(columns);
  await pool.query(`DROP TABLE ${table.name}`);
  await pool.query(`${table.createSql}; ${policySql(table)}`);
  await pool.query({
    text: `INSERT INTO ${table.name} (${names.join(', ')})
      SELECT ${names.map((name) => columns[name]).join(', ')} FROM (${rows}) AS r`,
    values: [payments],
  });
  await pool.query("SET maintenance_work_mem = '512MB'");
  for (const sql of [table.primaryKeySql, ...table.indexSql]) await pool.query(sql);
  await pool.query(`VACUUM (ANALYZE) ${table.name}`);
  await pool.end();
}
