import { createHash } from 'node:crypto';
import { isIsoDate } from '../../domain/roc-date.js';
import { decodeCursor, encodeCursor, lastOrdinal, ordinalIn } from '../cursor.js';

/** Between which two of an account's rows. */
export interface Seek {
  readonly paymentDate: string;
  readonly ordinal: string;
  readonly line: number;
}

/** The row after which a page goes on. */
export interface Place extends Seek { readonly accountKey: string }

/** Before every row that an account may have. */
export const beforeAll: Seek = { paymentDate: '-infinity', ordinal: '0', line: 0 };
/** The largest that the columns hold. */
export const behindAll: Seek =
  { paymentDate: 'infinity', ordinal: lastOrdinal, line: 2_147_483_647 };

/** What a cursor belongs to: with other accounts, another filter or another order it points nowhere. */
export const bindingOf = (question: unknown): string =>
  createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 22);

/** What a page belongs to. `keys`: of the accounts asked for, in order. */
export interface Bound { readonly keys: readonly string[]; readonly binding: string }

/** The account by its place among those asked for: a cursor stands in addresses, an account number not. */
export function cursorAt(place: Place, { keys, binding }: Bound): string {
  const { accountKey, paymentDate, ordinal, line } = place;
  return encodeCursor([binding, keys.indexOf(accountKey), paymentDate, ordinal, line]);
}

/** Null when the cursor is not one of ours, or of another question. */
export function placeOf(cursor: string, { keys, binding }: Bound): Place | null {
  const parts = decodeCursor(cursor);
  if (parts?.length !== 5) return null;
  const [boundTo, account, paymentDate, ordinalWord, line] = parts;
  const ordinal = ordinalIn(ordinalWord);
  const accountKey = typeof account === 'number' ? keys[account] : undefined;
  const isPlace = boundTo === binding
    && accountKey !== undefined
    && typeof paymentDate === 'string' && isIsoDate(paymentDate)
    && ordinal !== null
    && typeof line === 'number' && Number.isInteger(line) && line >= 0 && line < 2 ** 31;
  return isPlace ? { accountKey, paymentDate, ordinal, line } : null;
}
