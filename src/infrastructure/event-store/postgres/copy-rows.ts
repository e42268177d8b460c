import { noStream } from '../../../application/event-log.js';
import type { EncodedMeta, EncodedWrite } from '../event-store.js';
import { categoryOf, countEvents, uuidOf } from '../append-rules.js';
import type { LogNames } from './log-names.js';

/** Columns in the order in which `RowEncoder` writes them. */
export const copyStatement = `COPY log.events
  (position, recorded_at, stream, id, revision, type, version, category, payload, metadata)
  FROM STDIN (FORMAT binary)`;

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const endOfRows = Buffer.from([0xff, 0xff]);

/** Every column has a fixed width but the last two. Each value stands behind its own width. */
const columns = 10;
const at = {
  position: 6, recordedAt: 18, stream: 30, id: 50, revision: 70, type: 78, version: 84, category: 90,
};
const widths = {
  position: 8, recordedAt: 8, stream: 16, id: 16, revision: 4, type: 2, version: 2, category: 2,
} as const satisfies Record<keyof typeof at, number>;
const fixedBytes = 92;
const lengthBytes = 4;
const mostBytesPerCharacter = 3;
const averageRowGuess = 700;

const template = ((): Uint8Array => {
  const row = Buffer.alloc(fixedBytes);
  row.writeInt16BE(columns, 0);
  for (const name of Object.keys(at) as (keyof typeof at)[]) {
    row.writeInt32BE(widths[name], at[name] - lengthBytes);
  }
  return row;
})();

/** What an append says of a stream, without the events it adds. */
export type Expectation = Omit<EncodedWrite, 'events'>;

/**
 * The rows of one large append as binary COPY wants them, complete but for what only the locked head can
 * tell. Written through a DataView: `Buffer`'s own writers take several times as long.
 */
export class CopyRows {
  /** Streams the rows are the beginning of: the log's own index refuses them where they exist. */
  readonly created: readonly Expectation[];
  /** All others: to be asked for before the rows are sent. */
  readonly checked: readonly Expectation[];
  readonly #offsets: Uint32Array;
  #bytes: Buffer;
  #view: DataView;
  #used: number;

  /** The streams are those of an append that was found to be one. */
  constructor(writes: readonly EncodedWrite[], meta: EncodedMeta, names: LogNames) {
    this.created = writes.filter(isCreated).map(expectationOf);
    this.checked = writes.filter((write) => !isCreated(write)).map(expectationOf);
    const events = countEvents(writes);
    this.#offsets = new Uint32Array(events);
    this.#bytes = Buffer.allocUnsafe(signature.length + events * averageRowGuess);
    this.#view = viewOf(this.#bytes);
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
      this.#view.setBigInt64(offset + at.position, ++position);
      this.#view.setBigInt64(offset + at.recordedAt, recordedAtMicros);
    }
  }

  #encode(writes: readonly EncodedWrite[], metadata: Buffer, names: LogNames): void {
    let row = 0;
    for (const { stream, expectedRevision, events } of writes) {
      const uuid = uuidOf(stream);
      const category = names.categories.codeOf(categoryOf(stream));
      let revision = expectedRevision;
      for (const { id, type, version, payload } of events) {
        const texts = payload.length * mostBytesPerCharacter + metadata.length;
        this.#reserve(fixedBytes + 2 * lengthBytes + texts);
        const start = this.#used;
        this.#offsets[row++] = start;
        this.#bytes.set(template, start);
        writeUuid(this.#bytes, start + at.stream, uuid);
        writeUuid(this.#bytes, start + at.id, id);
        this.#view.setInt32(start + at.revision, ++revision);
        this.#view.setInt16(start + at.type, names.types.codeOf(type));
        this.#view.setInt16(start + at.version, version);
        this.#view.setInt16(start + at.category, category);
        this.#appendTexts(start + fixedBytes, payload, metadata);
      }
    }
  }

  #appendTexts(start: number, payload: string, metadata: Buffer): void {
    const written = this.#bytes.write(payload, start + lengthBytes);
    this.#view.setInt32(start, written);
    const metadataAt = start + lengthBytes + written;
    this.#view.setInt32(metadataAt, metadata.length);
    this.#bytes.set(metadata, metadataAt + lengthBytes);
    this.#used = metadataAt + lengthBytes + metadata.length;
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + more));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

const isCreated = ({ expectedRevision, events }: EncodedWrite): boolean =>
  expectedRevision === noStream && events.length > 0;

const expectationOf = ({ stream, expectedRevision }: EncodedWrite): Expectation =>
  ({ stream, expectedRevision });

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength);

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
