// @ts-expect-error Planted: there is no such file.
import { nowhere } from './not-there.js';

export const apply: unknown = nowhere;
