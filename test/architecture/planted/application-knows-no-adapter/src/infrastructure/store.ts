export const append = 'INSERT';
