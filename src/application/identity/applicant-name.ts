import type { ApplicantFact } from '../../domain/applicants/applicant.events.js';
import type { EventLog } from '../event-log.js';
import type { PersonalKeys } from '../personal-keys.js';
import { applicantStream } from '../stream-names.js';

/** As first registered; null for nobody, and for whoever was erased. */
export async function nameOfApplicant(
  { log, keys }: { readonly log: EventLog; readonly keys: PersonalKeys }, applicantId: string,
): Promise<string | null> {
  for await (const fact of log.readStream(applicantStream(applicantId))) {
    const { type, data } = fact as unknown as ApplicantFact;
    if (type !== 'ApplicantRegistered' || !('sealed' in data.name)) continue;
    const at = { stream: fact.stream, eventId: fact.id, field: 'name' };
    const name = await keys.unseal(data.name.sealed, at);
    return 'plain' in name ? name.plain : null;
  }
  return null;
}

/** What stands for a character that a card writes outside the standard: any one may be meant. */
const unknownCharacter = '〓';

export function isSameName(one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) => [...name.normalize('NFKC').trim()]);
  return first !== undefined && second !== undefined && first.length === second.length && first.length > 0
    && first.every((character, at) =>
      character === second[at] || character === unknownCharacter || second[at] === unknownCharacter);
}
