import { isApproved } from '../accounts/account.js';

export const mayPay = isApproved;
