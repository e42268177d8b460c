export const rebuild = 'rebuild';
