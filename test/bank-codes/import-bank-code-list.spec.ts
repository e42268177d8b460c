import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  DeliveredBankCodeList, ImportOutcome,
} from '../../src/application/bank-codes/import-bank-code-list.js';
import {
  ImportBankCodeList, ImportBankCodeListHandler,
} from '../../src/application/bank-codes/import-bank-code-list.js';
import { knownBankCodes } from '../../src/application/bank-codes/known-bank-codes.js';
import { bankCodeDirectoryStream } from '../../src/application/stream-names.js';
import type { DomainFact } from '../../src/domain/facts.js';
import { FiscListReader } from '../../src/infrastructure/bank-code-lists/fisc-list-reader.js';
import {
  importDefaultBankCodes,
} from '../../src/infrastructure/bank-code-lists/import-default-bank-codes.js';
import {
  readBankCodeKnowledge, readShippedList,
} from '../../src/infrastructure/bank-code-lists/shipped-data.js';
import { DomainEventLog } from '../../src/infrastructure/event-store/domain-event-log.js';
import { MemoryEventStore } from '../../src/infrastructure/event-store/memory/memory-event-store.js';
import { InMemoryKeyTable } from '../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../src/infrastructure/keys/sealing-keys.js';

const operator = '5d1c6f1e-6c0f-4f66-9b38-5a3f0f5f7d21';
let list2021: Buffer;
let list2023: Uint8Array;
let log: DomainEventLog;
let handler: ImportBankCodeListHandler;

beforeAll(async () => {
  list2021 = await readFile(join(__dirname, 'fixtures/fisc_R2_Location_2021-06-15.csv'));
  list2023 = await readShippedList();
});
beforeEach(async () => {
  const keys = new SealingKeys(new InMemoryKeyTable(), MasterKey.random());
  log = new DomainEventLog(new MemoryEventStore(), keys);
  handler = new ImportBankCodeListHandler(log, new FiscListReader(await readBankCodeKnowledge()));
});

function importing(
  file: Uint8Array, more: Partial<DeliveredBankCodeList> = {}, commandId: string = randomUUID(),
): Promise<ImportOutcome> {
  const fingerprint = createHash('sha256').update(file).digest('hex');
  const context = {
    principal: { id: operator, roles: ['operator'] as const }, commandId, fingerprint,
    at: '2024-01-02T17:00:00.000Z',
  };
  return handler.execute(new ImportBankCodeList(context, { file, charset: 'utf-8', ...more }));
}

async function facts(): Promise<DomainFact[]> {
  const all: DomainFact[] = [];
  for await (const fact of log.readStream(bankCodeDirectoryStream)) all.push(fact);
  return all;
}
const nothing = { added: 0, renamed: 0, closed: 0, reopened: 0, warnings: [] };
const of2021 = { effectiveDate: '2021-06-15' };
const of2023 = { effectiveDate: '2023-12-18' };

describe('importing the list of financial institutions', () => {
  it('opens every code of the first list', async () => {
    expect(await importing(list2021, of2021)).toMatchObject({
      outcome: 'done', report: { added: 5_008, renamed: 0, closed: 0, reopened: 0, warnings: [] },
    });
    expect((await knownBankCodes(log)).size).toBe(5_008);
  });

  it('compares the next list with it: 118 codes opened, 55 renamed, 134 closed, none deleted', async () => {
    await importing(list2021, of2021);
    const before = await facts();
    expect((await importing(list2023, of2023)).report)
      .toEqual({ added: 118, renamed: 55, closed: 134, reopened: 0, warnings: [] });
    const after = (await facts()).slice(before.length);
    const count = (type: string): number => after.filter((fact) => fact.type === type).length;
    const counts = [count('BankCodeOpened'), count('BankCodeRenamed'), count('BankCodeClosed')];
    expect(counts).toEqual([118, 55, 134]);
    expect((await knownBankCodes(log)).size).toBe(5_008 + 118);
    expect(after).toContainEqual(expect.objectContaining({
      type: 'BankCodeRenamed',
      data: {
        bankCode: '8160407', name: '安泰商業銀行瑞湖分行', previousName: '安泰商業銀行台北一０一分行',
        effectiveDate: '2023-12-18',
      },
    }));
    // 日盛 vanished with all its 44 branches, three institutions are new, one has another name.
    const closed = after.flatMap((fact) => (fact.type === 'BankCodeClosed' ? [fact.data.bankCode] : []));
    expect(closed.filter((code) => code.startsWith('815'))).toHaveLength(44);
    const named = after.flatMap((fact) => (fact.type === 'BankNamed' ? [fact.data.bank] : []));
    expect(named).toEqual(['329', '330', '823', '926']);
  });

  it('adds nothing when the same list comes again', async () => {
    await importing(list2023, of2023);
    const head = await log.head();
    const again = await importing(list2023, of2023);
    expect(again).toMatchObject({ outcome: 'done', position: null, report: nothing });
    expect(await log.head()).toBe(head);
  });

  it('tells a repeated request what it did the first time', async () => {
    const commandId = randomUUID();
    const first = await importing(list2021, of2021, commandId);
    await importing(list2023, of2023);
    expect(await importing(list2021, of2021, commandId)).toEqual({ ...first, replayed: true });
  });

  it('takes the day of delivery in Taipei when no date is given', async () => {
    await importing(list2023);
    expect((await facts()).at(-1)).toMatchObject({
      type: 'BankCodeListImported', data: { effectiveDate: '2024-01-03', importedBy: operator, codes: 4_992 },
    });
  });

  it('warns of check digits and imports all the same', async () => {
    const text = Buffer.from(list2023).toString().replace('004,0037,', '004,0038,');
    const { report } = await importing(Buffer.from(text), of2023);
    expect(report).toMatchObject({
      added: 4_992, warnings: [{ line: 5, code: 'bank-codes/check-digit', bankCode: '0040038' }],
    });
  });

  describe('changes nothing', () => {
    beforeEach(async () => {
      await importing(list2023, of2023);
    });
    const half = (): Uint8Array => list2023.subarray(0, list2023.indexOf(0x0a, list2023.length / 2) + 1);
    const upTo = (words: string): Uint8Array => {
      const at = Buffer.from(list2023).indexOf(words);
      expect(at).toBeGreaterThan(0);
      return list2023.subarray(0, list2023.indexOf(0x0a, at + 1) + 1);
    };

    it.each([
      ['a list cut off inside a character', () => list2023.subarray(0, 200_001), 'csv/not-utf-8'],
      ['a list cut off inside a row', () => list2023.subarray(0, list2023.indexOf(0x2c, 200_000)),
        'bank-codes/wrong-field-count'],
      ['a list cut off in front of a line end', () => list2023.subarray(0, -2), 'bank-codes/truncated'],
      ['a list cut off behind a line end', half, 'bank-codes/suspected-truncation'],
      ['a list without its last code', () => upTo('\n996,0017'), 'bank-codes/suspected-truncation'],
      ['a batch', () => Buffer.from('H,1,B-1,2024-01-01T00:00:00Z\r\n'), 'bank-codes/wrong-header'],
      ['another charset', () => Buffer.from(Buffer.from(list2023).toString(), 'utf16le'), 'csv/not-utf-8'],
      ['nothing', () => Buffer.alloc(0), 'bank-codes/wrong-header'],
    ])('for %s', async (_what, file, code) => {
      const head = await log.head();
      const outcome = await importing(file(), { effectiveDate: '2024-01-03' });
      expect(outcome).toMatchObject({ outcome: 'refused', code });
      expect(outcome.report).toBeUndefined();
      expect(await log.head()).toBe(head);
    });

    it('for a list older than the last one', async () => {
      const head = await log.head();
      expect(await importing(list2021, of2021)).toMatchObject({ code: 'bank-codes/older-list' });
      expect(await log.head()).toBe(head);
    });

    it('for a list that closes suspiciously many codes, until just that number is confirmed', async () => {
      const today = { effectiveDate: '2024-01-03' };
      const lines = Buffer.from(half()).toString().split('\r\n');
      const kept = lines.filter((line) => /^\d{3},\d{4},/.test(line)).length;
      const confirmClosures = 4_992 - kept;
      expect(await importing(half(), today))
        .toMatchObject({ code: 'bank-codes/suspected-truncation', confirmClosures });
      expect(await importing(half(), { ...today, confirmClosures: 1 })).toMatchObject({ confirmClosures });
      const confirmed = await importing(half(), { ...today, confirmClosures });
      expect(confirmed.report).toMatchObject({ closed: confirmClosures });
      const restored = await importing(list2023, today);
      expect(restored.report).toMatchObject({ reopened: confirmClosures, added: 0 });
    });
  });
});

describe('the list the service ships with', () => {
  it('is imported into an empty directory, once', async () => {
    const first = await importDefaultBankCodes(log, '2024-01-02T17:00:00.000Z');
    expect(first?.report).toEqual({ ...nothing, added: 4_992 });
    const head = await log.head();
    expect(await importDefaultBankCodes(log, '2024-01-03T17:00:00.000Z')).toBeNull();
    expect(await log.head()).toBe(head);
  });

  it('is imported once by two processes that start at the same time', async () => {
    const at = '2024-01-02T17:00:00.000Z';
    await Promise.all([importDefaultBankCodes(log, at), importDefaultBankCodes(log, at)]);
    const imports = (await facts()).filter(({ type }) => type === 'BankCodeListImported');
    expect(imports).toHaveLength(1);
    expect((await knownBankCodes(log)).size).toBe(4_992);
  });

  it('is left alone where an operator has imported another one', async () => {
    await importing(list2021, of2021);
    expect(await importDefaultBankCodes(log, '2024-01-02T17:00:00.000Z')).toBeNull();
  });
});
