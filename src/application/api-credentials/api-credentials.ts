import type {
  ApiCredential, ApiCredentialCommand, ApiCredentialRefusal,
} from '../../domain/api-credentials/api-credentials.js';
import { apiCredentialsDecider, isInForce } from '../../domain/api-credentials/api-credentials.js';
import type { AppendMeta, EventLog } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle, load } from '../handle.js';
import { apiCredentialsStream } from '../stream-names.js';

/** With whose right a program acts. */
export type CredentialHolder =
  | { readonly kind: 'company'; readonly applicantId: string }
  | { readonly kind: 'operator'; readonly memberId: string };

export const holderIdOf = (holder: CredentialHolder): string =>
  (holder.kind === 'company' ? holder.applicantId : holder.memberId);

export async function credentialsOf(log: EventLog, holderId: string): Promise<readonly ApiCredential[]> {
  const { state } = await load(log, apiCredentialsDecider, apiCredentialsStream(holderId));
  return [...state.credentials.values()];
}

/** From the log at every request, and kept nowhere: what was revoked is worth nothing with the next one. */
export async function credentialInForce(
  log: EventLog, holderId: string, credentialId: string, at: string,
): Promise<ApiCredential | null> {
  const credentials = await credentialsOf(log, holderId);
  const found = credentials.find((credential) => credential.credentialId === credentialId);
  return found && isInForce(found, at) ? found : null;
}

export const record = (
  log: EventLog, command: ApiCredentialCommand, meta: AppendMeta,
): Promise<Outcome<ApiCredentialRefusal>> =>
  handle(log, apiCredentialsDecider, apiCredentialsStream(command.holderId), { command, meta });
