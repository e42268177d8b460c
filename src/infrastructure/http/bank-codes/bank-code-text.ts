import iconv from 'iconv-lite';
import type { OnlineBankCode } from '../../../projections/bank-directory/list-online-bank-codes.js';

export const textEncodings = ['big5', 'utf-8'] as const;
export type TextEncoding = (typeof textEncodings)[number];

/** Wide enough for every name there is (56); a name's width in Big5 bytes is its width in columns. */
const nameColumns = 60;
const lastAsciiCode = 0x7f;

/**
 * BANK_yyyMMdd.txt (PRODUCT decision 7): seven digits, the name filled up to 60 columns, `*`, CRLF.
 * The layout beyond the manual's picture of it is ours: the treasury has not published one.
 */
export function bankCodeText(codes: readonly OnlineBankCode[], encoding: TextEncoding): Buffer {
  const text = codes.map(({ code, name }) => `${code}${inColumns(name)}*\r\n`).join('');
  return encoding === 'big5' ? iconv.encode(text, 'cp950') : Buffer.from(text, 'utf8');
}

/** A name that is too long is cut: a line of another length would shift every field behind it. */
function inColumns(name: string): string {
  let width = 0;
  let shown = '';
  for (const character of name) {
    const columns = (character.codePointAt(0) ?? 0) > lastAsciiCode ? 2 : 1;
    if (width + columns > nameColumns) break;
    width += columns;
    shown += character;
  }
  return shown + ' '.repeat(nameColumns - width);
}
