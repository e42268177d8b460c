import { startRestartablePostgres } from './restartable-postgres.mjs';

/** One PostgreSQL for all suites, unless TEST_DATABASE_URL names another that may be used freely. */
export default async function globalSetup() {
  if (process.env.TEST_DATABASE_URL) {
    process.env.TEST_SERVER_URL = process.env.TEST_DATABASE_URL;
    return;
  }
  const server = await startRestartablePostgres();
  globalThis.stopTestPostgres = server.stop;
  process.env.TEST_SERVER_URL = server.url;
}
