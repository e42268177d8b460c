import type { Identity } from '../identity/open-identity.js';

export type { Identity };
export const IDENTITY = Symbol('Identity');
