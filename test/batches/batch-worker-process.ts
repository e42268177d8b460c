// A worker as a process of its own, for tests that kill it. Usage: batch-worker-process.ts DATABASE_URL
import { BatchTreasury } from './batch-treasury.js';

const [databaseUrl] = process.argv.slice(2);
new BatchTreasury(databaseUrl).work();
