import iconv from 'iconv-lite';
import type { Charset } from '../../src/infrastructure/csv/decoded-text.js';
import { isCsvRefusal, readCsv } from '../../src/infrastructure/csv/csv-records.js';

type Read = { records: string[][]; lines: number[]; refusal?: { refused: string; line: number } };

async function read(bytes: Uint8Array, charset: Charset = 'utf-8', chunk = bytes.length || 1): Promise<Read> {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += chunk) chunks.push(bytes.subarray(from, from + chunk));
  const result: Read = { records: [], lines: [] };
  for await (const item of readCsv(chunks, charset)) {
    if (isCsvRefusal(item)) return { ...result, refusal: item };
    result.records.push(...item.records.map((record) => [...record]));
    result.lines.push(...item.lines);
  }
  return result;
}
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('reading CSV records', () => {
  it('accepts CRLF and LF line ends, and a last line without one', async () => {
    expect(await read(utf8('a,b\r\nc,d\ne,f'))).toEqual({
      records: [['a', 'b'], ['c', 'd'], ['e', 'f']], lines: [1, 2, 3],
    });
  });

  it('keeps commas, doubled quotes and line breaks of quoted fields, and counts their lines', async () => {
    expect(await read(utf8('"a,1","say ""hi"""\r\n"two\r\nlines\nhere",x\r\nlast,y\r\n'))).toEqual({
      records: [['a,1', 'say "hi"'], ['two\r\nlines\nhere', 'x'], ['last', 'y']], lines: [1, 2, 5],
    });
  });

  it('counts blank lines and leaves them out', async () => {
    expect(await read(utf8('a\r\n\r\n\nb\n\n'))).toEqual({ records: [['a'], ['b']], lines: [1, 4] });
  });

  it('takes a quote inside an unquoted field as a character', async () => {
    expect((await read(utf8('6" pipe,x\n'))).records).toEqual([['6" pipe', 'x']]);
  });

  it('drops a byte order mark at the start, and only there', async () => {
    expect((await read(utf8('\uFEFFa,b\n\uFEFFc,d\n'))).records).toEqual([['a', 'b'], ['\uFEFFc', 'd']]);
  });

  it('reads Big5', async () => {
    const text = 'P,測試機關,已匯款\r\nP,示範國小許功蓋,"支,出"\r\n';
    expect((await read(iconv.encode(text, 'big5'), 'big5')).records)
      .toEqual([['P', '測試機關', '已匯款'], ['P', '示範國小許功蓋', '支,出']]);
  });

  it('reads the same records however the bytes are cut', async () => {
    const text = '\uFEFFH,1,"多\r\n行"\r\n許功蓋,"a""b",""\r\n\r\n"x,\ny",6" z\r\n';
    const whole = await read(utf8(text));
    expect(whole.lines).toEqual([1, 3, 5]);
    for (let size = 1; size <= 12; size++) expect(await read(utf8(text), 'utf-8', size)).toEqual(whole);
    const big5 = iconv.encode(text.slice(1), 'big5');
    for (let size = 1; size <= 12; size++) expect(await read(big5, 'big5', size)).toEqual(whole);
  });

  it('reads the same records from a file of many pieces', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `P,機關${row},"備註 ${row}\n第二行",x`);
    const whole = await read(utf8(rows.join('\r\n') + '\r\n'));
    expect(whole.records).toHaveLength(20_000);
    expect(whole.records[19_999]).toEqual(['P', '機關19999', '備註 19999\n第二行', 'x']);
    expect(whole.lines[19_999]).toBe(39_999);
  });

  it('refuses bytes that are not of the charset, at their line, after the records before', async () => {
    const bad = Buffer.concat([utf8('a,b\nc,d\n'), Buffer.from([0x41, 0xff, 0x0a]), utf8('e,f\n')]);
    expect(await read(bad)).toEqual({
      records: [['a', 'b'], ['c', 'd']], lines: [1, 2], refusal: { refused: 'csv/not-utf-8', line: 3 },
    });
    expect((await read(utf8('a\n中文字\n'), 'big5')).refusal).toEqual({ refused: 'csv/not-big5', line: 2 });
    expect((await read(iconv.encode('a\n中文', 'big5'))).refusal)
      .toEqual({ refused: 'csv/not-utf-8', line: 2 });
  });

  it('refuses malformed quotes at the line their record begins on', async () => {
    expect((await read(utf8('a\n"b"c,d\ne\n'))).refusal)
      .toEqual({ refused: 'csv/malformed-quotes', line: 2 });
    expect((await read(utf8('a\n"open\nto the end'))).refusal)
      .toEqual({ refused: 'csv/malformed-quotes', line: 2 });
  });

  it('refuses a record that is too long or too wide instead of gathering it in memory', async () => {
    const long = utf8('a\n"' + 'x\n'.repeat(200_000));
    expect((await read(long)).refusal).toEqual({ refused: 'csv/record-too-long', line: 2 });
    expect((await read(utf8('a\n' + 'x'.repeat(1_000_000)))).refusal)
      .toEqual({ refused: 'csv/record-too-long', line: 2 });
    expect((await read(utf8('a\n' + 'x'.repeat(16_385) + '\n'))).refusal)
      .toEqual({ refused: 'csv/record-too-long', line: 2 });
    expect((await read(utf8('a\n' + ','.repeat(64) + '\n'))).refusal)
      .toEqual({ refused: 'csv/too-many-fields', line: 2 });
  });

  it('reads nothing from an empty file', async () => {
    expect(await read(utf8(''))).toEqual({ records: [], lines: [] });
    expect(await read(utf8('\uFEFF'))).toEqual({ records: [], lines: [] });
  });
});
