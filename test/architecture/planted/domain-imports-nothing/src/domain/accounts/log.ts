export type { EventLog } from '../../application/event-log.js';
