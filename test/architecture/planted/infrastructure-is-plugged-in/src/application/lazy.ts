export const lazily = () => import('../infrastructure/postgres/pool.js');
