/**
 * A place in an ordered answer, as an opaque word: base64url of a JSON array. It holds no secret and grants
 * nothing.
 */
export const encodeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');

/**
 * Null for anything we did not write ourselves: Node's base64 reads many spellings of the same bytes, we read
 * one.
 */
export function decodeCursor(cursor: string): readonly unknown[] | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') !== cursor) return null;
  try {
    const place: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(place) ? place : null;
  } catch {
    return null;
  }
}

/** The largest that a column holds. */
export const lastOrdinal = '9223372036854775807';
const ordinalShape = /^[1-9]\d{0,18}$/;

/** Where a fact stands, if the cursor's word for it is one that columns hold: as large as a log may grow. */
export const ordinalIn = (word: unknown): string | null =>
  (typeof word === 'string' && ordinalShape.test(word) && BigInt(word) <= BigInt(lastOrdinal) ? word : null);
