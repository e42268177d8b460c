// Usage: node --import ./test/support/typescript-loader.mjs script.ts
// Lets tests start real Node processes on the TypeScript sources, from a fresh clone, without a build.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
