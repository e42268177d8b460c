import { bankDirectoryDecider } from '../../domain/bank-codes/bank-code-directory.js';
import type { EventLog } from '../event-log.js';
import { load } from '../handle.js';
import { bankCodeDirectoryStream } from '../stream-names.js';

/**
 * Every code that ever was in the directory, closed ones too: a payment may have been made before its branch
 * closed, and one remitted to a closed branch is returned, not unheard of.
 */
export async function knownBankCodes(log: EventLog): Promise<ReadonlySet<string>> {
  const { state } = await load(log, bankDirectoryDecider, bankCodeDirectoryStream);
  const known = new Set<string>();
  for (const [bankCode] of state.codes.entries()) known.add(bankCode);
  return known;
}
