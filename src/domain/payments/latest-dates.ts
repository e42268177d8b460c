import type { Instant } from '../instants.js';
import { instantAfter } from '../instants.js';
import type { IsoDate } from '../roc-date.js';
import { taipeiDate } from '../roc-date.js';

const dayMs = 86_400_000;
/**
 * A status tells what happened. A month covers what is told ahead of its day, a cheque dated to the month's
 * end; a year mistyped goes beyond it. Nothing may follow a status before its day, and no status is ever
 * corrected: one of 民國 999 would hold the payment for ever.
 */
const statusDaysAhead = 31;
/** A payment may be planned to the end of the next 會計年度, 366 days ahead at most. */
const paymentDaysAhead = 366;

export interface LatestDates { readonly status: IsoDate; readonly payment: IsoDate }

/** The last days that what is told at this time may speak of; null where the text is no instant. */
export function latestDates(toldAt: Instant): LatestDates | null {
  const status = instantAfter(toldAt, statusDaysAhead * dayMs);
  const payment = instantAfter(toldAt, paymentDaysAhead * dayMs);
  return status && payment ? { status: taipeiDate(status), payment: taipeiDate(payment) } : null;
}
