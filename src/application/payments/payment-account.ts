import { accountKey } from '../../domain/identifiers/account-number.js';
import { paymentDecider } from '../../domain/payments/payment.js';
import type { EventLog } from '../event-log.js';
import { load } from '../handle.js';
import { paymentStream } from '../stream-names.js';

/**
 * The key of the account a payment goes to as of now, or null for a payment nobody recorded. From the log: a
 * correction of the account number moves the payment out of its former payee's sight at once.
 */
export async function accountOfPayment(log: EventLog, paymentId: string): Promise<string | null> {
  const { state } = await load(log, paymentDecider, paymentStream(paymentId));
  return state.status === 'none' ? null : accountKey(state.details.bankCode, state.details.accountNumber);
}
