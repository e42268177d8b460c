import { knownBankCodes } from '../../src/application/bank-codes/known-bank-codes.js';
import type { EventLog } from '../../src/application/event-log.js';
import { bankCodeDirectoryStream } from '../../src/application/stream-names.js';
import {
  importDefaultBankCodes,
} from '../../src/infrastructure/bank-code-lists/import-default-bank-codes.js';
import { DomainEventLog } from '../../src/infrastructure/event-store/domain-event-log.js';
import type { EventStore } from '../../src/infrastructure/event-store/event-store.js';
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import { InMemoryKeyTable } from '../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../src/infrastructure/keys/sealing-keys.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';

const at = '2024-01-02T17:00:00.000Z';
const codesOfTheList = 4_992;

describe('the list of bank codes, too large for one append to KurrentDB', () => {
  let server: InProcessServer;
  let store: EventStore;
  let log: EventLog;

  beforeEach(async () => {
    server = await InProcessServer.start();
    store = openKurrentEventStore(server.url, { deadlineMs: 20_000 });
    log = new DomainEventLog(store, new SealingKeys(new InMemoryKeyTable(), MasterKey.random()));
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  async function imports(): Promise<number> {
    let count = 0;
    for await (const { type } of log.readStream(bankCodeDirectoryStream)) {
      if (type === 'BankCodeListImported') count++;
    }
    return count;
  }

  it('broken off after its first part is finished by the next start, and by no later one', async () => {
    let parts = 0;
    const isSecond = (stream: string): boolean => stream === bankCodeDirectoryStream && ++parts === 2;
    const second = { test: isSecond } as RegExp;
    server.faults.arm({ on: 'append', kind: 'cut-before', stream: second });
    expect(await importDefaultBankCodes(log, at)).toMatchObject({ outcome: 'unknown' });
    const broken = (await knownBankCodes(log)).size;
    expect(broken).toBeGreaterThan(0);
    expect(broken).toBeLessThan(codesOfTheList);
    expect(await importDefaultBankCodes(log, at)).toMatchObject({ outcome: 'done' });
    expect((await knownBankCodes(log)).size).toBe(codesOfTheList);
    expect(await imports()).toBe(1);
    expect(await importDefaultBankCodes(log, at)).toBeNull();
  });

  it('is imported once by processes that start at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => importDefaultBankCodes(log, at)));
    expect((await knownBankCodes(log)).size).toBe(codesOfTheList);
    expect(await imports()).toBe(1);
  });
});
