import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import type { BankCodeList } from '../../src/application/bank-codes/bank-code-list.js';
import { isRefusal } from '../../src/domain/decider.js';
import { FiscListReader } from '../../src/infrastructure/bank-code-lists/fisc-list-reader.js';
import {
  readBankCodeKnowledge, readShippedList,
} from '../../src/infrastructure/bank-code-lists/shipped-data.js';

const list2021 = (): Promise<Buffer> => readFile(join(__dirname, 'fixtures/fisc_R2_Location_2021-06-15.csv'));
const header = '銀行代號/總機構代碼,分支機構代號,金融機構名稱,分支機構名稱,地址';
const rows = ['004,,臺灣銀行,,"台北市"', '004,0037,臺灣銀行,營業部,"台北市,中正區"'];
const file = (...lines: string[]): Uint8Array => Buffer.from(lines.map((line) => `${line}\r\n`).join(''));

let reader: FiscListReader;
beforeAll(async () => {
  reader = new FiscListReader(await readBankCodeKnowledge());
});

async function listOf(bytes: Uint8Array, charset: 'utf-8' | 'big5' = 'utf-8'): Promise<BankCodeList> {
  const list = await reader.read(bytes, charset);
  if (isRefusal(list)) throw new Error(JSON.stringify(list));
  return list as BankCodeList;
}
const nameOf = (list: BankCodeList, code: string): string | undefined =>
  list.entries.find(({ bankCode }) => bankCode === code)?.name;

describe('reading the list of financial institutions', () => {
  it('reads every branch and bank of the shipped list, and finds no wrong check digit', async () => {
    const list = await listOf(await readShippedList());
    expect({ entries: list.entries.length, banks: list.banks.length, warnings: list.warnings })
      .toEqual({ entries: 4_992, banks: 295, warnings: [] });
    expect(list.fileHash).toBe('f535b8c496ed86eb6c1a41b96ffa8a2042b66cbc31cc3055dc162be6dafcb4fc');
  });

  it('reads the list of 2021, whose first column has another name', async () => {
    const list = await listOf(await list2021());
    expect({ entries: list.entries.length, banks: list.banks.length, warnings: list.warnings })
      .toEqual({ entries: 5_008, banks: 293, warnings: [] });
  });

  it('prints names as the treasury does, which two codes do not build from their parts', async () => {
    const list = await listOf(await readShippedList());
    expect(nameOf(list, '0000022')).toBe('中央銀行國庫局');
    expect(nameOf(list, '7000021')).toBe('郵政存簿儲金');
    expect(nameOf(list, '0040037')).toBe('臺灣銀行營業部');
    expect(nameOf(list, '0099689')).toBe('彰化商業銀行林口分行');
  });

  it('prints the name of a one-office institution once', async () => {
    expect(nameOf(await listOf(await readShippedList()), '5010017')).toBe('宜蘭縣蘇澳區漁會');
  });

  it('keeps every name within the 60 bytes of Big5 its text file has for it', async () => {
    for (const bytes of [await readShippedList(), await list2021()]) {
      for (const { name } of (await listOf(bytes)).entries) {
        expect(iconv.decode(iconv.encode(name, 'big5'), 'big5')).toBe(name);
        expect(iconv.encode(name, 'big5').length).toBeLessThanOrEqual(60);
      }
    }
  });

  it('names a bank with two head offices after the one with an address, in either order', async () => {
    const nameOf952 = async (bytes: Uint8Array): Promise<string | undefined> =>
      (await listOf(bytes)).banks.find(({ bank }) => bank === '952')?.name;
    expect(await nameOf952(await list2021())).toBe('財團法人農漁會南區資訊中心');
    expect(await nameOf952(await readShippedList())).toBe('財團法人農漁會南區資訊中心');
  });

  it('warns of a check digit that does not fit the scheme of its bank, and takes the code', async () => {
    const bytes = file(header, ...rows, '009,9680,彰化商業銀行,林口分行,x', '101,0012,瑞興商業銀行,總行,x');
    const list = await listOf(bytes);
    expect(list.entries.map(({ bankCode }) => bankCode)).toEqual(['0040037', '0099680', '1010012']);
    expect(list.warnings).toEqual([
      { line: 4, code: 'bank-codes/check-digit', bankCode: '0099680' },
      { line: 5, code: 'bank-codes/check-digit', bankCode: '1010012' },
    ]);
  });

  it('reads Big5 as well', async () => {
    const text = Buffer.from(file(header, ...rows)).toString();
    expect(nameOf(await listOf(iconv.encode(text, 'big5'), 'big5'), '0040037')).toBe('臺灣銀行營業部');
  });

  it.each([
    ['nothing at all', Buffer.alloc(0), { refused: 'bank-codes/wrong-header', line: 1 }],
    ['another file', file('H,1,batch,2024-01-01T00:00:00Z'), { refused: 'bank-codes/wrong-header', line: 1 }],
    ['no header', file(...rows), { refused: 'bank-codes/wrong-header', line: 1 }],
    ['a row cut short', file(header, ...rows, '004,0059,臺灣'),
      { refused: 'bank-codes/wrong-field-count', line: 4 }],
    ['a bank of two digits', file(header, '04,,臺灣銀行,,x'), { refused: 'bank-codes/invalid-code', line: 2 }],
    ['a lost zero', file(header, '004,037,臺灣銀行,營業部,x'), { refused: 'bank-codes/invalid-code', line: 2 }],
    ['no name', file(header, '004,0037,臺灣銀行,,x'), { refused: 'bank-codes/name-required', line: 2 }],
    ['a code twice', file(header, ...rows, rows[1]), { refused: 'bank-codes/repeated-code', line: 4 }],
    ['no end of the last line', file(header, ...rows).subarray(0, -2),
      { refused: 'bank-codes/truncated', line: 3 }],
    ['an open quote', file(header, rows[0], '004,0037,臺灣銀行,營業部,"台北'),
      { refused: 'csv/malformed-quotes', line: 3 }],
    ['the wrong charset', iconv.encode(`${header}\r\n`, 'big5'), { refused: 'csv/not-utf-8', line: 1 }],
  ])('refuses %s, and says in which line', async (_what, bytes, refusal) => {
    expect(await reader.read(bytes, 'utf-8')).toEqual(refusal);
  });
});
