export const handle = 'handle';
