import { rebuild } from '../commands/rebuild.js';

export const again = rebuild;
