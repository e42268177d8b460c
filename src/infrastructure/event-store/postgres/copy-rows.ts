import type { EncodedMeta, EncodedWrite } from '../event-store.js';
import { countEvents, streamKeyOf } from '../append-rules.js';
import type { LogNames } from './log-names.js';

/** Columns in the order in which `RowEncoder` writes them. */
export const copyStatement = `COPY log.events
  (position, recorded_at, stream, id, revision, type, version, category, payload, metadata)
  FROM STDIN (FORMAT binary)`;

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const endOfRows = Buffer.from([0xff, 0xff]);

/** Every column has a fixed width but the last two, so a row is a template with numbers written into it. */
const at = {
  position: 6, recordedAt: 18, stream: 30, id: 50, revision: 70, type: 78, version: 84, category: 90,
};
const fixedBytes = 92;
const lengthBytes = 4;
const mostBytesPerCharacter = 3;
const averageRowGuess = 700;

const template = ((): Buffer => {
  const row = Buffer.alloc(fixedBytes);
  row.writeInt16BE(10, 0);
  const widths: [number, number][] = [
    [at.position, 8], [at.recordedAt, 8], [at.stream, 16], [at.id, 16], [at.revision, 4], [at.type, 2],
    [at.version, 2], [at.category, 2],
  ];
  for (const [offset, width] of widths) row.writeInt32BE(width, offset - lengthBytes);
  return row;
})();

/**
 * The rows of one large append as binary COPY wants them, complete but for what only the locked head can
 * tell.
 */
export class CopyRows {
  readonly #offsets: Uint32Array;
  #bytes: Buffer;
  #used: number;

  constructor(writes: readonly EncodedWrite[], meta: EncodedMeta, names: LogNames) {
    const events = countEvents(writes);
    this.#offsets = new Uint32Array(events);
    this.#bytes = Buffer.allocUnsafe(signature.length + events * averageRowGuess);
    this.#used = signature.copy(this.#bytes);
    this.#encode(writes, Buffer.from(meta.metadata), names);
    this.#reserve(endOfRows.length);
    this.#used += endOfRows.copy(this.#bytes, this.#used);
  }

  get count(): number {
    return this.#offsets.length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  /** Positions follow `base`; the instant counts microseconds from 2000, as PostgreSQL does. */
  place(base: bigint, recordedAtMicros: bigint): void {
    let position = base;
    for (const offset of this.#offsets) {
      this.#bytes.writeBigInt64BE(++position, offset + at.position);
      this.#bytes.writeBigInt64BE(recordedAtMicros, offset + at.recordedAt);
    }
  }

  #encode(writes: readonly EncodedWrite[], metadata: Buffer, names: LogNames): void {
    let row = 0;
    for (const { stream, expectedRevision, events } of writes) {
      const key = streamKeyOf(stream);
      const category = names.categories.codeOf(key.category);
      let revision = expectedRevision;
      for (const { id, type, version, payload } of events) {
        const texts = payload.length * mostBytesPerCharacter + metadata.length;
        this.#reserve(fixedBytes + 2 * lengthBytes + texts);
        const start = this.#used;
        this.#offsets[row++] = start;
        template.copy(this.#bytes, start);
        writeUuid(this.#bytes, start + at.stream, key.uuid);
        writeUuid(this.#bytes, start + at.id, id);
        this.#bytes.writeInt32BE(++revision, start + at.revision);
        this.#bytes.writeInt16BE(names.types.codeOf(type), start + at.type);
        this.#bytes.writeInt16BE(version, start + at.version);
        this.#bytes.writeInt16BE(category, start + at.category);
        this.#appendTexts(start + fixedBytes, payload, metadata);
      }
    }
  }

  #appendTexts(start: number, payload: string, metadata: Buffer): void {
    const written = this.#bytes.write(payload, start + lengthBytes);
    this.#bytes.writeInt32BE(written, start);
    const metadataAt = start + lengthBytes + written;
    this.#bytes.writeInt32BE(metadata.length, metadataAt);
    metadata.copy(this.#bytes, metadataAt + lengthBytes);
    this.#used = metadataAt + lengthBytes + metadata.length;
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + more));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

/** The value of a hexadecimal digit by its character code; anything else makes the uuid invalid. */
const digitOf = new Int8Array(128).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) digitOf[digit.charCodeAt(0)] = value;

/** Two per row, a million rows: Buffer.write of hex, group by group, takes five times as long. */
function writeUuid(target: Buffer, start: number, uuid: string): void {
  let offset = start;
  for (let index = 0; index < uuid.length; index++) {
    if (index === 8 || index === 13 || index === 18 || index === 23) continue;
    const high = digitOf[uuid.charCodeAt(index)] ?? -1;
    const low = digitOf[uuid.charCodeAt(++index)] ?? -1;
    if (high < 0 || low < 0) throw new RangeError(`not a uuid: ${uuid}`);
    target[offset++] = high * 16 + low;
  }
  if (offset !== start + 16) throw new RangeError(`not a uuid: ${uuid}`);
}
