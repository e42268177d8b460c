import { bankOf } from '../identifiers/bank-code.js';
import { hasPostOfficeCheckDigits, postOfficeSavings } from '../identifiers/account-number.js';
import type { AccountWarning } from './account.events.js';

/**
 * How long account numbers of a bank usually are. Known for some banks only, and incompletely: a bank that
 * once refused by such a table had to switch it off. So it warns the reviewer and refuses nobody.
 */
const usualLengths: Readonly<Record<string, readonly number[]>> = {
  '004': [12, 14], '005': [12, 13], '006': [13], '007': [11], '008': [12], '009': [14], '011': [14],
  '012': [12, 14], '013': [11, 12, 14], '050': [11], '081': [12, 14], '700': [8, 14], '803': [12, 14],
  '805': [14], '806': [14], '807': [14], '808': [13], '812': [14], '822': [12, 13, 14],
};

/** What a reviewer should look at twice before approving. */
export function accountWarningsFor(bankCode: string, accountNumber: string): AccountWarning[] {
  const warnings: AccountWarning[] = [];
  if (bankCode === postOfficeSavings && !hasPostOfficeCheckDigits(accountNumber)) {
    warnings.push('account-number/post-office-check-digit');
  }
  const lengths = usualLengths[bankOf(bankCode)];
  if (lengths && !lengths.includes(accountNumber.length)) warnings.push('account-number/unusual-length');
  return warnings;
}
