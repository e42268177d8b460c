import type { DemoPrincipal } from './demo-people.js';
import { SeededRandom } from './seeded-random.js';

export interface DemoPayee {
  readonly bankCode: string; readonly accountNumber: string; readonly personal: boolean;
}

/**
 * Beside the large company among the demo people: two more payees of hospital size, in thousandths of all
 * payments.
 */
const largePayees = [40, 25];
/** On average one of the others is paid this often in a year. */
const paymentsOfOthers = 15;
const personsPerMille = 150;

/** Who is paid. Nobody is kept: the others are made anew from their number each time they are named. */
export class DemoPayees {
  private readonly accountsFirst: readonly DemoPayee[];
  private readonly others: number;

  constructor(
    private readonly people: readonly DemoPrincipal[],
    private readonly bankCodes: readonly string[],
    private readonly seed: number,
    payments: number,
  ) {
    this.accountsFirst = people.flatMap(({ applicant }) => (applicant?.accounts ?? []).map((account) => ({
      bankCode: account.bankCode, accountNumber: account.accountNumber,
      personal: applicant?.kind === 'person',
    })));
    this.others = Math.max(1, Math.floor(payments / paymentsOfOthers));
  }

  /**
   * The first payments go to each account of the demo people, so that even a small batch pays all of them.
   */
  payeeOf(voucher: number, random: SeededRandom): DemoPayee {
    if (voucher < this.accountsFirst.length) return this.accountsFirst[voucher];
    let drawn = random.below(1_000);
    for (const { applicant } of this.people) {
      if (!applicant) continue;
      if (drawn < applicant.perMille) {
        const { bankCode, accountNumber } = random.pick(applicant.accounts);
        return { bankCode, accountNumber, personal: applicant.kind === 'person' };
      }
      drawn -= applicant.perMille;
    }
    for (const [index, share] of largePayees.entries()) {
      if (drawn < share) return { ...this.other(index), personal: false };
      drawn -= share;
    }
    return this.other(largePayees.length + random.below(this.others));
  }

  private other(number: number): DemoPayee {
    const own = new SeededRandom(Math.imul(this.seed + 1, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35));
    const bankCode = own.pick(this.bankCodes);
    return {
      bankCode, accountNumber: bankCode.slice(3, 6) + own.digits(own.between(8, 11)),
      personal: own.perMille(personsPerMille),
    };
  }
}
