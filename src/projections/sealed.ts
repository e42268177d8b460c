import type { SealedField } from '../application/personal-keys.js';
import type { Personal } from '../domain/decider.js';

/**
 * The ciphertext of a stored fact. A projection keeps it as it is, with the fact it came in: it opens nowhere
 * else.
 */
export function tokenOf(personal: Personal): string {
  if ('plain' in personal) throw new Error('a personal field came out of the log in clear');
  return personal.sealed;
}

/** A sealed column as the caller unseals it; null where the field was never given. */
export function sealedField(
  token: string | null, stream: string, eventId: string | null, field: string,
): SealedField | null {
  return token === null || eventId === null ? null : { token, at: { stream, eventId, field } };
}
