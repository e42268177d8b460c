import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { isUuid } from '../../application/name-based-uuid.js';
import type { DeliveredBy, ReceivedBatch } from '../../application/payment-batches/batch-intake.js';
import { copyOutBytes } from './copy-out.js';

/** Large enough that a round trip does not count, small enough that two of them in memory do not either. */
const pieceBytes = 1024 * 1024;
/** A client that sends nothing for this long is gone; its connection to the database is needed by others. */
const stalledUploadMs = 120_000;

/**
 * Delivered files in pieces, in the database: on no local disk, and there for whichever process works on
 * them.
 */
export class BatchFileStore {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * One transaction around the whole upload: a client that disconnects, a process that dies, a server that
   * restarts, and nothing was ever there.
   */
  async keep(file: AsyncIterable<Uint8Array>, by: DeliveredBy, receivedAt: string): Promise<ReceivedBatch> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL idle_in_transaction_session_timeout = ${stalledUploadMs}`);
      const deliveryId = randomUUID();
      const { fileHash, bytes } = await writePieces(client, deliveryId, file);
      await client.query(
        `INSERT INTO work.batch_deliveries
           (delivery_id, file_hash, bytes, charset, delivered_by, correlation_id, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [deliveryId, fileHash, bytes, by.charset, by.deliveredBy, by.correlationId ?? null, receivedAt]);
      await client.query(`NOTIFY ${batchReceived}`);
      await client.query('COMMIT');
      return { deliveryId, fileHash, bytes };
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw failure;
    } finally {
      // A connection whose transaction failed is closed: that rolls back for certain.
      client.release(failure);
    }
  }

  /** The file's bytes; the next piece is on its way while the last one is worked on. */
  async *read(deliveryId: string): AsyncGenerator<Uint8Array> {
    let next = this.piece(deliveryId, 0);
    for (let number = 1; ; number++) {
      const piece = await next;
      if (!piece) return;
      next = this.piece(deliveryId, number);
      // A reader that stops early never awaits it; it must not fail unheard then.
      next.catch(() => undefined);
      yield piece;
    }
  }

  private async piece(deliveryId: string, number: number): Promise<Uint8Array | undefined> {
    if (!isUuid(deliveryId)) throw new RangeError('a delivery id is a UUID');
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      return await copyOutBytes(client, `SELECT bytes FROM work.batch_file_chunks
        WHERE delivery_id = '${deliveryId}' AND number = ${number}`);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw failure;
    } finally {
      client.release(failure);
    }
  }
}

/** Channel on which workers in other processes hear of a new delivery. */
export const batchReceived = 'batch_received';

async function writePieces(
  client: pg.PoolClient, deliveryId: string, file: AsyncIterable<Uint8Array>,
): Promise<{ fileHash: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  let number = 0;
  let writing: Promise<unknown> = Promise.resolve();
  for await (const piece of inPieces(file)) {
    bytes += piece.length;
    hash.update(piece);
    await writing;
    writing = client.query({
      name: 'keep-batch-file-piece',
      text: 'INSERT INTO work.batch_file_chunks (delivery_id, number, bytes) VALUES ($1, $2, $3)',
      values: [deliveryId, number++, piece],
    });
    writing.catch(() => undefined);
  }
  await writing;
  return { fileHash: hash.digest('hex'), bytes };
}

/**
 * Pieces of one size whatever sizes the network delivers; each has a buffer of its own until it is written.
 */
async function* inPieces(file: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(pieceBytes);
  let used = 0;
  for await (const chunk of file) {
    for (let from = 0; from < chunk.length;) {
      const taken = Math.min(chunk.length - from, pieceBytes - used);
      piece.set(chunk.subarray(from, from + taken), used);
      used += taken;
      from += taken;
      if (used < pieceBytes) continue;
      yield piece;
      piece = Buffer.allocUnsafe(pieceBytes);
      used = 0;
    }
  }
  if (used > 0) yield piece.subarray(0, used);
}
