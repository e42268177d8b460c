import { origin } from '../src/infrastructure/origin.js';

export const signed = origin;
