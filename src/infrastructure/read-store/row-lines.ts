import type { Row } from '../../projections/projection.js';
import type { ReadTable } from './read-table.js';

/** Large enough that a system call's cost vanishes, small enough that the server is never kept waiting. */
const chunkBytes = 64 * 1024;
/** Characters outside the basic plane take four bytes, and are two units of a string. */
const mostBytesPerUnit = 3;
const tab = 9;
const newline = 10;
const firstPrintable = 32;
const backslash = 92;

/**
 * Rows on their way into a table, as lines of COPY's text format. Written byte by byte: millions of rows pass
 * through here in a rebuild, and joining strings to encode them afterwards takes twice the time and leaves
 * the garbage collector as much again.
 */
export class RowLines {
  #bytes = Buffer.allocUnsafe(2 * chunkBytes);
  #used = 0;

  constructor(private readonly table: ReadTable) {}

  /** There is enough to be sent. */
  get isFull(): boolean {
    return this.#used >= chunkBytes;
  }

  /** A missing cell is a bug in `evolve`, not a null. */
  add(row: Row): void {
    for (const column of this.table.columns) {
      const cell = row[column];
      if (cell === undefined) throw new Error(`${this.table.projection.name}: a row without ${column}`);
      if (cell === null) this.#appendEncoded('\\N');
      else this.#append(typeof cell === 'string' ? cell : String(cell));
      this.#bytes[this.#used++] = tab;
    }
    // The last column ends the line.
    this.#bytes[this.#used - 1] = newline;
  }

  /** What was added since the last time. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#bytes = Buffer.allocUnsafe(2 * chunkBytes);
    this.#used = 0;
    return taken;
  }

  #append(text: string): void {
    this.#reserve(text);
    const bytes = this.#bytes;
    let end = this.#used;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 0x80) {
        if (unit < firstPrintable || unit === backslash) return this.#appendEncoded(escaped(text));
        bytes[end++] = unit;
      } else if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) {
        return this.#appendEncoded(escaped(text));
      } else {
        bytes[end++] = 0xe0 | (unit >> 12);
        bytes[end++] = 0x80 | ((unit >> 6) & 0x3f);
        bytes[end++] = 0x80 | (unit & 0x3f);
      }
    }
    this.#used = end;
  }

  #appendEncoded(text: string): void {
    this.#reserve(text);
    this.#used += this.#bytes.write(text, this.#used);
  }

  /** For the text and the tab behind it. */
  #reserve(text: string): void {
    const needed = this.#used + text.length * mostBytesPerUnit + 1;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, needed));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v',
};

/** What COPY's format takes for its own. */
const escaped = (text: string): string =>
  text.replace(/[\\\b\f\n\r\t\v]/g, (character) => escapes[character] as string);
