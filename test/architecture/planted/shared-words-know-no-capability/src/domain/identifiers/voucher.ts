import type { Payment } from '../payments/payment.js';

export const voucherOf = (payment: Payment): string => payment.voucherNo;
