import type {
  Household, HouseholdAnswer, HouseholdRegistry,
} from '../../application/identity/identity-stores.js';
import { taipeiDate } from '../../domain/roc-date.js';

/** Nobody to ask: no application is taken, rather than one that nobody checked. */
export class NoHouseholdRegistry implements HouseholdRegistry {
  async check(): Promise<null> {
    return null;
  }
}

/** The 戶號 that the demo takes for a person's: F and the last seven digits of the ID number. */
export const demoHouseholdNumber = (idNumber: string): string => `F${idNumber.slice(-7)}`;

/**
 * Stands in for the household registration, whose interface is not public, in demo mode and tests only. Any
 * address down to a 鄰 will do.
 */
export class DemoHouseholdRegistry implements HouseholdRegistry {
  constructor(private readonly now: () => number) {}

  async check({ idNumber, householdNumber, address }: Household): Promise<HouseholdAnswer> {
    const matches = householdNumber === demoHouseholdNumber(idNumber) && address.includes('鄰');
    return { matches, asOf: taipeiDate(new Date(this.now()).toISOString()) };
  }
}
