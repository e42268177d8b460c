import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { applicantStream } from '../stream-names.js';
import type { IdentityStores, Person } from './identity-stores.js';
import { stepOf } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

interface Shown { readonly card: VerifiedCard; readonly person: Person }

/** Who shows a registered card for the first time becomes an applicant, as the card says it. */
export const registerFromCard = (
  { log }: IdentityStores, context: CommandContext,
  { card: { idNumber, name }, person: { applicantId } }: Shown,
): Promise<Outcome<ApplicantRefusal>> =>
  handle(log, applicantDecider, applicantStream(applicantId), {
    command: { type: 'RegisterApplicant', applicantId, kind: 'person', idNumber, name, at: context.at },
    meta: stepOf(context, 'applicant'),
  });
