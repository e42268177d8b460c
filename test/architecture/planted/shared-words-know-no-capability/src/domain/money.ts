import type { Payment } from './payments/payment.js';

export const amountOf = (payment: Payment): number => payment.amount;
