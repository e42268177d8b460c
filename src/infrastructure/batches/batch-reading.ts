import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchCharset } from '../../application/payment-batches/batch-intake.js';
import type { BatchErrors } from '../../application/payment-batches/batch-errors.js';
import { isCsvRefusal, readCsv } from '../csv/csv-records.js';
import type { BatchLineSink } from './batch-records.js';
import { BatchRecords } from './batch-records.js';

export interface BatchFile {
  /** From the beginning, each time: a file is read at least twice. */
  open(): AsyncIterable<Uint8Array>;
  readonly charset: BatchCharset;
}
export interface BatchReading {
  readonly knownBankCodes: ReadonlySet<string>;
  readonly errors: BatchErrors;
  readonly sink: BatchLineSink;
}

/**
 * Reads a batch file from end to end; yields after every 64 KB or so, when the sink may be emptied. In
 * between the event loop turns: what was read before is on its way to the database meanwhile, and whoever
 * else is served by this process need not wait for a megabyte.
 */
export async function* readBatch(file: BatchFile, reading: BatchReading): AsyncGenerator<BatchRecords> {
  const records = new BatchRecords(reading.knownBankCodes, reading.errors, reading.sink);
  for await (const item of readCsv(file.open(), file.charset)) {
    if (isCsvRefusal(item)) {
      reading.errors.add(item.line, item.refused);
      yield records;
      return;
    }
    for (let i = 0; i < item.records.length; i++) records.add(item.records[i], item.lines[i]);
    yield records;
    await nextTurn();
  }
  records.end();
  yield records;
}
