import { rocDate } from '../../domain/roc-date.js';
import type { DemoAgency } from './demo-agencies.js';
import { agencyCount, demoAgency, demoPurpose } from './demo-agencies.js';
import { workingDays } from './demo-calendar.js';
import { LaterStatuses } from './demo-later-statuses.js';
import type { DemoPayee } from './demo-payees.js';
import { DemoPayees } from './demo-payees.js';
import { demoPeople } from './demo-people.js';
import { SeededRandom } from './seeded-random.js';

export interface DemoBatchOptions {
  readonly payments: number;
  readonly seed: number;
  /** Codes of real branches to pay to. */
  readonly bankCodes: readonly string[];
  /** ISO date of the last day; payments are spread over the twelve months before it. */
  readonly until?: string;
}

/** Fixed, so that the same command writes the same file on any day. */
export const defaultUntil = '2026-10-30';
const pieceLength = 64 * 1024;

type Named = Omit<DemoBatchOptions, 'bankCodes'>;

/** Says that it is made up, and differs with anything that makes its content different. */
export const demoBatchId = ({ payments, seed, until = defaultUntil }: Named): string =>
  `DEMO-${until.replaceAll('-', '')}-${seed}-${payments}`;

/**
 * A year of a treasury that does not exist, as one batch file, in pieces: bank branches are real, agencies
 * and payees are not. Nothing is kept but what is still to happen to payments already written.
 */
export function* generateBatch(options: DemoBatchOptions): Generator<string> {
  const until = options.until ?? defaultUntil;
  yield `H,1,${demoBatchId(options)},${until}T18:00:00+08:00\r\n`;
  yield* new DemoBatch(options, workingDays(until)).pieces();
}

interface Voucher {
  readonly agency: DemoAgency; readonly number: string; readonly receipt: string; readonly day: number;
}
interface Invoice { readonly number: string; readonly date: string; readonly amount: number }

class DemoBatch {
  private readonly random: SeededRandom;
  private readonly payees: DemoPayees;
  private readonly later: LaterStatuses;
  private readonly prefix: string;
  private text = '';
  private payments = 0;
  private invoices = 0;
  private amount = 0;
  private vouchers = 0;

  constructor(private readonly options: DemoBatchOptions, private readonly days: readonly string[]) {
    const { payments, seed, bankCodes } = options;
    const until = days[days.length - 1];
    this.random = new SeededRandom(seed);
    this.payees = new DemoPayees(demoPeople(seed), bankCodes, seed, payments);
    this.later = new LaterStatuses(days, new SeededRandom(seed ^ 0x5bd1e995));
    // Batches of other seeds, sizes and days must not name the same payments.
    const whatDiffers = seed ^ Math.imul(payments, 31) ^ Date.parse(until) / 1_000;
    this.prefix = new SeededRandom(whatDiffers).digits(5);
  }

  *pieces(): Generator<string> {
    while (this.payments < this.options.payments) {
      this.addVoucher();
      if (this.text.length < pieceLength) continue;
      yield this.text;
      this.text = '';
    }
    this.text += this.later.dueUntil(this.days.length - 1).join('');
    yield `${this.text}T,${this.payments},${this.invoices},${this.amount}\r\n`;
  }

  private addVoucher(): void {
    const { random } = this;
    const day = Math.floor(this.payments * this.days.length / this.options.payments);
    this.text += this.later.dueUntil(day - 1).join('');
    const payee = this.payees.payeeOf(this.vouchers, random);
    const serial = String(++this.vouchers).padStart(7, '0');
    const voucher = {
      agency: demoAgency(random.below(agencyCount)), number: this.prefix + serial,
      receipt: `08${serial}`, day,
    };
    if (payee.personal) this.addPersonalPayments(voucher, payee);
    else this.addInvoicedPayments(voucher, payee);
  }

  /** One voucher, a list of people, no invoices. */
  private addPersonalPayments(voucher: Voucher, first: DemoPayee): void {
    const wanted = Math.min(this.random.between(1, 4), this.options.payments - this.payments);
    for (let seq = 1; seq <= wanted; seq++) {
      const payee = seq === 1 ? first : this.payees.payeeOf(Number.MAX_SAFE_INTEGER, this.random);
      const amount = this.random.between(500, 60_000);
      const invoices = payee.personal ? [] : [this.invoice(voucher, amount)];
      this.addPayment(voucher, seq, payee, { amount, invoices });
    }
  }

  /** Every way in which payments and invoices meet in real life: 1–1, 1–n, n–1, and a part of one. */
  private addInvoicedPayments(voucher: Voucher, payee: DemoPayee): void {
    const { random } = this;
    const way = random.below(100);
    const left = this.options.payments - this.payments;
    if (way < 26) {
      const count = random.between(2, 5);
      const invoices = Array.from({ length: count }, () => this.invoice(voucher, this.someAmount()));
      const amount = invoices.reduce((sum, each) => sum + each.amount, 0);
      this.addPayment(voucher, 1, payee, { amount, invoices });
    } else if (way < 42 && left >= 3) {
      const parts = Array.from({ length: random.between(2, 3) }, () => this.someAmount());
      const shared = this.invoice(voucher, parts.reduce((sum, part) => sum + part, 0));
      parts.forEach((amount, i) => this.addPayment(voucher, i + 1, payee, { amount, invoices: [shared] }));
    } else {
      const amount = this.someAmount();
      const invoiced = way < 48 ? amount * random.between(2, 4) + random.below(100) : amount;
      this.addPayment(voucher, 1, payee, { amount, invoices: [this.invoice(voucher, invoiced)] });
    }
  }

  private addPayment(
    voucher: Voucher, seq: number, payee: DemoPayee, paid: { amount: number; invoices: readonly Invoice[] },
  ): void {
    const { agency, number, receipt, day } = voucher;
    const date = rocDate(this.days[day]);
    const year = String(Number(date.slice(0, 3)));
    const status = this.later.firstStatusOf(`${agency.code},${year},${number},${seq}`, day);
    const purpose = quoted(demoPurpose(this.random, payee.personal));
    const { code, name, phone } = agency;
    this.text += `P,${code},${name},${phone},${year},${number},${seq},${date},${receipt},`
      + `${payee.bankCode},${payee.accountNumber},${paid.amount},${status},${purpose}\r\n`;
    for (const each of paid.invoices) this.text += `I,${each.number},${each.date},${each.amount}\r\n`;
    this.payments++;
    this.invoices += paid.invoices.length;
    this.amount += paid.amount;
  }

  /** Dated up to a month before the payment; the letters change every two months, as real ones do. */
  private invoice({ day }: Voucher, amount: number): Invoice {
    const { random } = this;
    const date = this.days[Math.max(0, day - random.between(3, 22))];
    const period = Math.floor((Number(date.slice(5, 7)) - 1) / 2);
    return { number: `${'ZYXWVU'[period]}${'ABCDEFGH'[random.below(8)]}${random.digits(8)}`, date, amount };
  }

  /** Most are small, some very large: the number of digits is drawn first. */
  private someAmount(): number {
    const magnitude = 10 ** this.random.pick([2, 3, 3, 4, 4, 4, 4, 5, 5, 6]);
    return this.random.between(magnitude, magnitude * 10 - 1);
  }
}

const quoted = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
