import type { Pool } from '../infrastructure/postgres/pool.js';

export type ViewPool = Pool;
