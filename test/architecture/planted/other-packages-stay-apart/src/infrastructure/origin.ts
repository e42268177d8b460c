export const origin = 'http://127.0.0.1';
