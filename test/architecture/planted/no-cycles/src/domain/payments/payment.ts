import type { Batch } from './payment-batch.js';

export interface Payment { readonly batch: Batch }
