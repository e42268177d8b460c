import type { Pool } from '../postgres/pool.js';

export interface AccountsController { readonly pool: Pool }
