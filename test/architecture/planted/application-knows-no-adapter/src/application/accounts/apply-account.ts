import type { Pool } from 'pg';
import { readTable } from '../../projections/accounts/accounts.js';

export const apply = (pool: Pool): unknown => [pool, readTable];
