export const readTable = 'SELECT 1';
