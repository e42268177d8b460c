import type { MigrationInterface } from 'typeorm';
import { EventLog1764000000001 } from './0001-event-log.js';

/** In the order in which they run. Named one by one: a glob would find nothing in a bundle or under a test runner. */
export const migrations: readonly (new () => MigrationInterface)[] = [EventLog1764000000001];
