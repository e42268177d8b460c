import { createHash } from 'node:crypto';
import type { ImportOutcome } from '../../application/bank-codes/import-bank-code-list.js';
import {
  ImportBankCodeList, ImportBankCodeListHandler,
} from '../../application/bank-codes/import-bank-code-list.js';
import type { EventLog } from '../../application/event-log.js';
import { nameBasedUuid, namespaceOf } from '../../application/name-based-uuid.js';
import { bankCodeDirectoryStream } from '../../application/stream-names.js';
import { FiscListReader } from './fisc-list-reader.js';
import { readBankCodeKnowledge, readShippedList, shippedList } from './shipped-data.js';

/** Stands as `importedBy` of the shipped list: the service itself, no person. */
export const serviceItself = 'df601628-c673-4307-8292-bc50757e50d2';

/**
 * Imports the shipped list where no list was ever imported whole; null when one was. Some codes may be there
 * all the same: on KurrentDB the list goes in parts, and a process may have died between two. The command id
 * follows from the list, so two processes that start at once import it once.
 */
export async function importDefaultBankCodes(log: EventLog, at: string): Promise<ImportOutcome | null> {
  for await (const { type } of log.readStream(bankCodeDirectoryStream)) {
    if (type === 'BankCodeListImported') return null;
  }
  const file = await readShippedList();
  const fingerprint = createHash('sha256').update(file).digest('hex');
  const handler = new ImportBankCodeListHandler(log, new FiscListReader(await readBankCodeKnowledge()));
  return handler.execute(new ImportBankCodeList({
    principal: { id: serviceItself, roles: ['operator'] },
    commandId: nameBasedUuid(namespaceOf(serviceItself), fingerprint),
    fingerprint,
    at,
  }, { file, charset: 'utf-8', effectiveDate: shippedList.effectiveDate }));
}
