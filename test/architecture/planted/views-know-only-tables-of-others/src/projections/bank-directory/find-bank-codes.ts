export const findBankCodes = 'SELECT 1';
