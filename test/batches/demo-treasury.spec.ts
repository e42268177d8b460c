import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchErrors } from '../../src/application/payment-batches/batch-errors.js';
import type { BatchLine, PaymentLine } from '../../src/application/payment-batches/batch-lines.js';
import { isPaymentLine } from '../../src/application/payment-batches/batch-lines.js';
import { isIdNumber } from '../../src/domain/identifiers/id-number.js';
import { hasPostOfficeCheckDigits, postOfficeSavings } from '../../src/domain/identifiers/account-number.js';
import { isUbn } from '../../src/domain/identifiers/ubn.js';
import { readBatch } from '../../src/infrastructure/batches/batch-reading.js';
import { defaultUntil, demoBatchId, generateBatch } from '../../src/infrastructure/demo/demo-batch.js';
import {
  demoBankCodes, demoBatchFile, demoFile, writeDemoFile,
} from '../../src/infrastructure/demo/demo-data.js';
import type { DemoApplicant } from '../../src/infrastructure/demo/demo-people.js';
import { demoPeople } from '../../src/infrastructure/demo/demo-people.js';

const applicants = (seed: number): DemoApplicant[] =>
  demoPeople(seed).flatMap(({ applicant }) => (applicant ? [applicant] : []));

interface Read {
  readonly lines: readonly BatchLine[];
  readonly payments: readonly PaymentLine[];
  readonly errors: BatchErrors;
}

async function readDemo(options: { payments: number; seed: number; until?: string }): Promise<Read> {
  const lines: BatchLine[] = [];
  const errors = new BatchErrors();
  const sink = { line: (line: BatchLine) => void lines.push(line), wrongPayment: () => undefined };
  const knownBankCodes = new Set(await demoBankCodes());
  const file = { open: () => demoBatchFile(options), charset: 'utf-8' } as const;
  let lineCount = 0;
  for await (const { lastLine } of readBatch(file, { knownBankCodes, errors, sink })) lineCount = lastLine;
  expect(lineCount).toBeGreaterThan(options.payments);
  return { lines, payments: lines.filter(isPaymentLine), errors };
}

const digest = async (options: { payments: number; seed: number; until?: string }): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of demoBatchFile(options)) hash.update(piece);
  return hash.digest('hex');
};

describe('the demo people', () => {
  it('are two persons, two companies and one officer of each role, the same for the same seed', () => {
    const people = demoPeople(7);
    expect(people).toEqual(demoPeople(7));
    expect(people.map(({ roles }) => roles.join())).toEqual(
      ['payee', 'payee', 'payee', 'payee', 'reviewer', 'operator', 'auditor']);
    expect(applicants(7).map(({ kind }) => kind)).toEqual(['person', 'person', 'company', 'company']);
    expect(new Set(people.map(({ id }) => id)).size).toBe(people.length);
    expect(demoPeople(8)[0].id).not.toBe(people[0].id);
  });

  it('are marked as made up, and carry numbers with right check digits', () => {
    for (let seed = 0; seed < 50; seed++) {
      for (const { name } of demoPeople(seed)) expect(name).toMatch(/^(測試|示範)/);
      for (const { kind, idNumber, accounts } of applicants(seed)) {
        expect(kind === 'person' ? isIdNumber(idNumber, '2025-01-01') : isUbn(idNumber)).toBe(true);
        for (const { bankCode, accountNumber } of accounts) {
          expect(accountNumber).toMatch(/^\d{1,14}$/);
          if (bankCode === postOfficeSavings) expect(hasPostOfficeCheckDigits(accountNumber)).toBe(true);
        }
      }
    }
  });

  it('bank with branches that exist', async () => {
    const codes = new Set(await demoBankCodes());
    for (const { bankCode } of applicants(1).flatMap(({ accounts }) => accounts)) {
      expect(codes).toContain(bankCode);
    }
  });
});

describe('a demo batch', () => {
  const options = { payments: 20_000, seed: 1 };
  let demo: Read;
  beforeAll(async () => {
    demo = await readDemo(options);
  });

  it('is a valid file of exactly as many payments as asked for', () => {
    expect(demo.errors.first()).toEqual([]);
    expect(demo.payments).toHaveLength(20_000);
  });

  it.each([1, 2, 3, 10, 200])('is valid with %d payments as well', async (payments) => {
    const small = await readDemo({ payments, seed: 3 });
    expect(small.errors.first()).toEqual([]);
    expect(small.payments).toHaveLength(payments);
  });

  it('is the same, byte for byte, for the same seed, size and day, and another one otherwise', async () => {
    const same = await digest({ payments: 500, seed: 1 });
    expect(await digest({ payments: 500, seed: 1, until: defaultUntil })).toBe(same);
    expect(await digest({ payments: 500, seed: 2 })).not.toBe(same);
    expect(await digest({ payments: 500, seed: 1, until: '2024-02-29' })).not.toBe(same);
    expect(demoBatchId({ payments: 500, seed: 1, until: '2024-02-29' })).toBe('DEMO-20240229-1-500');
  });

  it('names no payment of a batch of another seed or size', async () => {
    const ids = new Set(demo.payments.map(({ paymentId }) => paymentId));
    expect(ids.size).toBe(20_000);
    for (const other of [{ payments: 2_000, seed: 1 }, { payments: 2_000, seed: 2 }]) {
      for (const { paymentId } of (await readDemo(other)).payments) expect(ids.has(paymentId)).toBe(false);
    }
  });

  it('pays every account of the demo people, and one company very often', () => {
    const paid = new Map<string, number>();
    for (const { command: { payment } } of demo.payments) {
      const account = `${payment.bankCode} ${payment.accountNumber}`;
      paid.set(account, (paid.get(account) ?? 0) + 1);
    }
    const countOf = (who: DemoApplicant): number[] =>
      who.accounts.map(({ bankCode, accountNumber }) => paid.get(`${bankCode} ${accountNumber}`) ?? 0);
    for (const who of applicants(1)) for (const count of countOf(who)) expect(count).toBeGreaterThan(2);
    const huge = applicants(1)[2];
    expect(countOf(huge).reduce((a, b) => a + b)).toBeGreaterThan(1_000);
  });

  it('pays every account of the demo people even when it is small', async () => {
    const { payments } = await readDemo({ payments: 30, seed: 5 });
    const paid = payments.map(({ command: { payment } }) => `${payment.bankCode} ${payment.accountNumber}`);
    for (const { bankCode, accountNumber } of applicants(5).flatMap(({ accounts }) => accounts)) {
      expect(paid).toContain(`${bankCode} ${accountNumber}`);
    }
  });

  it('has payments with no, one and several invoices, and invoices over several payments', () => {
    const counts = new Map<number, number>();
    const payers = new Map<string, number>();
    for (const { command: { payment: { invoices } } } of demo.payments) {
      counts.set(invoices.length, (counts.get(invoices.length) ?? 0) + 1);
      for (const { number } of invoices) payers.set(number, (payers.get(number) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...payers.values()].filter((payments) => payments >= 2).length).toBeGreaterThan(1_000);
    const invoices = [...counts].reduce((sum, [each, payments]) => sum + each * payments, 0);
    expect(invoices / 20_000).toBeGreaterThan(1.2);
    expect(invoices / 20_000).toBeLessThan(1.4);
  });

  it('returns about three of a thousand payments and sends most of them again', () => {
    const of = (type: string): number => demo.lines.filter(({ command }) => command.type === type).length;
    expect(of('RecordReturn')).toBeGreaterThan(40);
    expect(of('RecordReturn')).toBeLessThan(80);
    expect(of('Reissue')).toBeGreaterThan(of('RecordReturn') / 2);
    expect(of('Reissue')).toBeLessThan(of('RecordReturn'));
  });

  it('tells no status of a payment twice in the same words', () => {
    const statuses = demo.lines.filter((line) => !isPaymentLine(line))
      .map(({ command }) => JSON.stringify(command));
    expect(statuses.length).toBeGreaterThan(60);
    expect(new Set(statuses).size).toBe(statuses.length);
  });

  it('dates nothing behind its own day', () => {
    const dates = demo.lines.map(({ command }) =>
      (command.type === 'RecordPayment' ? command.payment.paymentDate : 'on' in command ? command.on : ''));
    expect(dates.filter((date) => date > defaultUntil)).toEqual([]);
  });

  it('spreads the payments over the twelve months before its day', () => {
    const months = new Set(demo.payments.map(({ command: { payment } }) => payment.paymentDate.slice(0, 7)));
    expect(months.size).toBe(13);
    expect([...months].sort()[0]).toBe('2025-10');
  });

  it('holds fields with commas and quotation marks', () => {
    const purposes = demo.payments.map(({ command: { payment } }) => payment.purpose);
    expect(purposes.some((purpose) => purpose.includes(',') && !purpose.includes('"'))).toBe(true);
    expect(purposes.some((purpose) => purpose.includes('24"'))).toBe(true);
  });
});

describe('demo:data', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-data-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes the batch to the file it names', async () => {
    const out = join(folder, 'a', 'demo.csv');
    await writeDemoFile(demoFile({ payments: '50', seed: '9', out }));
    const bankCodes = await demoBankCodes();
    const text = [...generateBatch({ payments: 50, seed: 9, bankCodes })].join('');
    expect(await readFile(out, 'utf8')).toBe(text);
  });

  it('writes 20,000 payments of the seed of npm start where nothing is said', () =>
    expect(demoFile({})).toEqual({ payments: 20_000, seed: 1, out: 'var/demo-batch-20000-1.csv' }));

  it.each([
    ['payments', '0'], ['payments', 'many'], ['seed', '-1'], ['until', '2024-02-30'], ['out', ''],
  ])('refuses --%s %j and says what it takes', (option, text) => {
    expect(() => demoFile({ [option]: text })).toThrow(new RegExp(`^--${option} 應.* --${option} is`));
  });
});
