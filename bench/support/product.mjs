import { randomBytes } from 'node:crypto';
import { openParts } from '../../dist/app.module.js';

export const quiet = {
  level: 'silent', info() {}, warn() {}, debug() {}, trace() {}, child() { return quiet; },
  error(...what) { console.error(...what); }, fatal(...what) { console.error(...what); },
};

/** The product's own parts over a database, as the composition root makes them. */
export const openProduct = (databaseUrl, masterKey = randomBytes(32).toString('base64')) =>
  openParts({ databaseUrl, masterKey, connections: 10, logger: quiet, wakeWorker: () => {} });
