import { TextDecoder } from 'node:util';

export const charsets = ['utf-8', 'big5'] as const;
export type Charset = (typeof charsets)[number];

export type DecodingRefusal = { readonly refused: 'csv/not-utf-8' | 'csv/not-big5' | 'csv/record-too-long' };

/** Decoding and parsing in pieces of this size keeps both the heap small and the event loop answering. */
const pieceBytes = 64 * 1024;
/**
 * A piece ends at a line end, so this is the longest physical line. No format here comes near it: without the
 * limit a file that never ends its first line would be gathered in memory as a whole.
 */
const maxLineBytes = 256 * 1024;
const lineFeed = 0x0a;

/**
 * The text of a byte stream, in pieces that end at line ends (the last one may not). Strict: a byte sequence
 * the charset does not know ends the text with a refusal, after everything in front of the offending line was
 * yielded. Cutting at 0x0A is safe before decoding: it is never the second byte of a Big5 character nor part
 * of a UTF-8 one.
 */
export async function* decodedText(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, charset: Charset,
): AsyncGenerator<string | DecodingRefusal> {
  const decode = decoderOf(charset);
  let carried: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytes) {
    for (const piece of piecesOf(chunk)) {
      const cut = piece.lastIndexOf(lineFeed) + 1;
      if (cut === 0) {
        carried = joined(carried, piece);
        if (carried.length > maxLineBytes) return yield { refused: 'csv/record-too-long' };
        continue;
      }
      const decoded = decode(joined(carried, piece.subarray(0, cut)));
      yield decoded.text;
      if (decoded.refused) return yield { refused: decoded.refused };
      carried = piece.subarray(cut);
    }
  }
  const last = decode(carried);
  if (last.text !== '') yield last.text;
  if (last.refused) yield { refused: last.refused };
}

function* piecesOf(chunk: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < chunk.length; from += pieceBytes) yield chunk.subarray(from, from + pieceBytes);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.length === 0 ? b : Buffer.concat([a, b]);
}

interface Decoded { readonly text: string; readonly refused?: DecodingRefusal['refused'] }

/**
 * Only the mark in front of the whole file is a byte order mark; a later U+FEFF is a character like any
 * other.
 */
function decoderOf(charset: Charset): (whole: Uint8Array) => Decoded {
  const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  let atStart = true;
  return (whole) => {
    const decoded = decodeWhole(decoder, whole, charset);
    const text = atStart && decoded.text.startsWith('\uFEFF') ? decoded.text.slice(1) : decoded.text;
    if (whole.length > 0) atStart = false;
    return { ...decoded, text };
  };
}

function decodeWhole(decoder: TextDecoder, whole: Uint8Array, charset: Charset): Decoded {
  try {
    return { text: decoder.decode(whole) };
  } catch {
    const refused = charset === 'big5' ? 'csv/not-big5' : 'csv/not-utf-8';
    return { text: linesBeforeTheBadOne(decoder, whole), refused };
  }
}

function linesBeforeTheBadOne(decoder: TextDecoder, whole: Uint8Array): string {
  let text = '';
  for (let from = 0; from < whole.length;) {
    const end = whole.indexOf(lineFeed, from) + 1 || whole.length;
    try {
      text += decoder.decode(whole.subarray(from, end));
    } catch {
      return text;
    }
    from = end;
  }
  return text;
}
