import { resolve } from 'node:path';
import root from '../jest.config.mjs';

// The agent's tests by themselves: with the repository's tools, without its database.
const { globalSetup: _, globalTeardown: __, ...shared } = root;

export default {
  ...shared,
  rootDir: resolve(import.meta.dirname, '..'),
  testMatch: ['<rootDir>/card-agent/test/**/*.spec.ts'],
};
