/** How far a table is behind the log. */
export interface Lag {
  /** Facts not passed yet; null over a log whose positions do not count facts (KurrentDB). */
  readonly events: number | null;
  /** Age of the oldest of them; 0 when there is none. */
  readonly seconds: number;
}

/**
 * `working`: a projector holds the table. `waiting`: none does, so none is running, or it is about to take
 * over. `rebuilding`: the table is built anew beside the live one. `stopped`: it stands before a fact that no
 * projector of the running version can take in.
 */
export type ProjectionStatus = 'working' | 'waiting' | 'rebuilding' | 'stopped';

export interface RebuildUnderWay {
  readonly step: 'reading' | 'indexing' | 'swapping';
  readonly position: string;
  readonly until: string;
  readonly startedAt: string;
}

/** The fact before which a table stands, and what to do; never what the fact says. */
export interface StoppedAt {
  readonly position: string;
  readonly stream: string;
  readonly type: string;
  /** Of its schema, as stored; null when the fact cannot be found any more. */
  readonly version: number | null;
  readonly why: string;
}

export interface ProjectionReport {
  readonly projection: string;
  /** Of the table as it is, and of the definition in the code of the process that answers. */
  readonly version: number;
  readonly expectedVersion: number;
  readonly position: string;
  readonly lag: Lag;
  readonly state: ProjectionStatus;
  readonly rebuild: RebuildUnderWay | null;
  readonly stopped: StoppedAt | null;
}

/** Files that wait for a worker, and the one that is first in line. */
export interface PendingDeliveries {
  readonly pending: number;
  readonly first: {
    readonly deliveryId: string;
    readonly batchId: string | null;
    readonly phase: string;
    readonly receivedAt: string;
    readonly linesChecked: number;
    readonly linesRecorded: number;
  } | null;
}

export interface OperationsReport {
  readonly head: string;
  readonly projections: readonly ProjectionReport[];
  readonly deliveries: PendingDeliveries;
}

/** What an operator sees of the service as a whole, whichever process is asked. */
export interface Operations {
  report(): Promise<OperationsReport>;
}
export const OPERATIONS = Symbol('Operations');
