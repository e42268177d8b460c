import type { Pool } from 'pg';

export type Account = Pool;
