import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** From a read out of memory to the longest a request may take. */
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From one flush of a fast disk to the longest a writer waits for a lock. */
const appendBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const groupBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The states of a projector in one process; a gauge has one series for each of them. */
export const projectorStates = ['waiting', 'rebuilding', 'working', 'stopped', 'superseded'] as const;
export type ProjectorState = (typeof projectorStates)[number];

export const appendOutcomes = [
  'appended', 'replayed', 'conflict', 'command-id-reused', 'unknown', 'failed',
] as const;
export const refusalReasons = [
  'queue-full', 'uploads-full', 'database-unreachable', 'shutdown', 'deadline',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];
/** What usually comes of a try; rarer refusals have their series once they happen. */
export const signInResults = [
  'done', 'unknown', 'sign-in/failed', 'sign-in/suspended', 'sign-in/revoked', 'sign-in/busy',
  'sign-in/new-device', 'sign-in/certificate-refused',
] as const;
export const batchOutcomes = ['completed', 'already-recorded', 'refused'] as const;
export type BatchOutcome = (typeof batchOutcomes)[number];

/** Every figure this process tells of itself. One registry per process, never the library's global one. */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  readonly appendSeconds = new Histogram({
    name: 'treasury_append_seconds', labelNames: ['outcome'], buckets: appendBuckets,
    registers: this.registers,
    help: 'From asking the log to append until its answer, by outcome: '
      + appendOutcomes.join(', '),
  });
  readonly appendsInWork = new Gauge({
    name: 'treasury_appends_in_work', registers: this.registers,
    help: 'Appends asked for and not yet answered, those that queue for the head of the log included',
  });
  readonly groupAppends = new Histogram({
    name: 'treasury_append_group_size', buckets: groupBuckets, registers: this.registers,
    help: 'Appends that shared one transaction (group commit); PostgreSQL only',
  });
  readonly requestSeconds = new Histogram({
    name: 'treasury_http_request_seconds', labelNames: ['method', 'route', 'status'], buckets: requestBuckets,
    registers: this.registers,
    help: 'From a request until the last byte of its answer, by route pattern ("none": no such route)',
  });
  readonly requestsRefused = new Counter({
    name: 'treasury_http_refused_total', labelNames: ['reason'], registers: this.registers,
    help: 'Requests answered 503 before any work: queue-full, uploads-full, database-unreachable, shutdown '
      + '(while the process stops, full or not); or given up: deadline',
  });
  readonly signIns = new Counter({
    name: 'treasury_sign_ins_total', labelNames: ['result'], registers: this.registers,
    help: 'Tries to sign in with a card whose attestation was right, by what came of them: done, or the '
      + 'code of the refusal (sign-in/failed, sign-in/suspended, sign-in/busy, …)',
  });
  readonly batches = new Counter({
    name: 'treasury_batches_total', labelNames: ['outcome'], registers: this.registers,
    help: 'Delivered files finished by the worker of this process: ' + batchOutcomes.join(', '),
  });
  readonly batchSeconds = new Histogram({
    name: 'treasury_batch_seconds', buckets: [0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800],
    registers: this.registers,
    help: 'From taking up a delivered file until it is finished',
  });
  readonly batchInterruptions = new Counter({
    name: 'treasury_batch_interruptions_total', registers: this.registers,
    help: 'Times the worker had to let go of a file (lost connection, error); it is taken up again',
  });
  readonly projectorState = new Gauge({
    name: 'treasury_projector_state', labelNames: ['projection', 'state'], registers: this.registers,
    help: 'The projectors of this process: 1 for the state each is in '
      + '(waiting, rebuilding, working, stopped, superseded)',
  });
  readonly projectorTroubles = new Counter({
    name: 'treasury_projector_troubles_total', labelNames: ['projection'], registers: this.registers,
    help: 'Times a projector had to begin again after a passing error',
  });

  /** A series that begins with its first event has no rate() for it: an alert would sleep through it. */
  constructor() {
    for (const outcome of appendOutcomes) this.appendSeconds.zero({ outcome });
    for (const reason of refusalReasons) this.requestsRefused.inc({ reason }, 0);
    for (const result of signInResults) this.signIns.inc({ result }, 0);
    for (const outcome of batchOutcomes) this.batches.inc({ outcome }, 0);
  }

  /** Memory, CPU, event loop and garbage collection of the process. Once per process: it starts observers. */
  collectProcessMetrics(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** With it the troubles of a projector of this process are counted, from none on. */
  setProjectorState(projection: string, current: ProjectorState): void {
    for (const state of projectorStates) {
      this.projectorState.set({ projection, state }, state === current ? 1 : 0);
    }
    this.projectorTroubles.inc({ projection }, 0);
  }
}
