import type pg from 'pg';
import type {
  BatchIntake, DeliveredBy, Delivery, ReceivedBatch,
} from '../../application/payment-batches/batch-intake.js';
import { isUuid } from '../../application/name-based-uuid.js';
import { pause } from '../postgres/connection-loss.js';
import { BatchFileStore } from './batch-file-store.js';
import { Deliveries } from './deliveries.js';

/** A file of a few lines is done in some 30 ms; of a large one nobody minds a fifth of a second. */
const askAgainMs = { first: 10, longest: 200 };

export interface IntakeWiring {
  readonly pool: pg.Pool;
  /** ISO UTC. */
  readonly now: () => string;
  /** Tells a worker of this process that there is work; those of other processes are notified. */
  readonly wake: () => void;
  /** Once aborted nobody waits for an outcome any more: the delivery is told as it stands. */
  readonly stopping?: AbortSignal;
}

export class PostgresBatchIntake implements BatchIntake {
  private readonly files: BatchFileStore;
  private readonly deliveries: Deliveries;

  constructor(private readonly wiring: IntakeWiring) {
    this.files = new BatchFileStore(wiring.pool);
    this.deliveries = new Deliveries(wiring.pool);
  }

  /** Each file holds a connection until its last byte: how many come at once is bounded at the door. */
  async receive(file: AsyncIterable<Uint8Array>, by: DeliveredBy): Promise<ReceivedBatch> {
    const received = await this.files.keep(file, by, this.wiring.now());
    this.wiring.wake();
    return received;
  }

  delivery(deliveryId: string): Promise<Delivery | null> {
    return isUuid(deliveryId) ? this.deliveries.find(deliveryId) : Promise.resolve(null);
  }

  latestOf(batchId: string): Promise<Delivery | null> {
    return this.deliveries.latestOf(batchId);
  }

  async waitForOutcome(deliveryId: string, timeoutMs: number): Promise<Delivery | null> {
    const { stopping } = this.wiring;
    const until = performance.now() + timeoutMs;
    for (let askMs = askAgainMs.first; ; askMs = Math.min(askMs * 2, askAgainMs.longest)) {
      const delivery = await this.deliveries.find(deliveryId);
      const left = until - performance.now();
      if (!delivery || delivery.phase === 'finished' || left <= 0 || stopping?.aborted) return delivery;
      await pause(Math.min(left, askMs), stopping);
    }
  }
}
