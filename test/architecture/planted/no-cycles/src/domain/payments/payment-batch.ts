import type { Payment } from './payment.js';

export interface Batch { readonly payments: readonly Payment[] }
