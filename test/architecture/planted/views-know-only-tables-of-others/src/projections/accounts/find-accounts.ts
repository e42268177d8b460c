import { findBankCodes } from '../bank-directory/find-bank-codes.js';

export const findAccounts = findBankCodes;
