import type { MigrationInterface } from 'typeorm';
import { EventLog1764000000001 } from './0001-event-log.js';
import { Keys1764000000002 } from './0002-keys.js';
import { Read1764000000003 } from './0003-read.js';
import { Batches1764000000004 } from './0004-batches.js';
import { RebuildProgress1764000000005 } from './0005-rebuild-progress.js';
import { Identity1764000000006 } from './0006-identity.js';
import { CertificateSessions1764000000007 } from './0007-certificate-sessions.js';
import { Delegations1764000000008 } from './0008-delegations.js';
import { ApiCredentials1764000000009 } from './0009-api-credentials.js';

/**
 * In the order in which they run. Named one by one: a glob would find nothing in a bundle or under a test
 * runner.
 */
export const migrations: readonly (new () => MigrationInterface & { readonly name: string })[] = [
  EventLog1764000000001, Keys1764000000002, Read1764000000003, Batches1764000000004,
  RebuildProgress1764000000005, Identity1764000000006, CertificateSessions1764000000007,
  Delegations1764000000008,
  ApiCredentials1764000000009,
];
