/** Whose key, and for what: one key per person and purpose, so that no purpose opens another's data. */
export interface KeyOwner {
  /** Random id of the person; never an ID number. */
  readonly subject: string;
  readonly purpose: string;
}

/** Where a sealed value stands. It opens nowhere else: copied into another fact or field it is refused. */
export interface SealedAt {
  readonly stream: string;
  /** The id of the fact that carries it. */
  readonly eventId: string;
  /** Path inside the fact's data, e.g. `contact.phone`. */
  readonly field: string;
}

export interface PlainField { readonly plain: string; readonly at: SealedAt }
export interface SealedField { readonly token: string; readonly at: SealedAt }

/** `destroyed` is the tombstone: the person was erased, nobody can read the value again. */
export type Unsealed = { readonly plain: string } | { readonly destroyed: true };

/**
 * The keys under which personal fields stand in the log. Erasing a person is destroying their keys: what is
 * stored stays as it is, and reads as a tombstone from then on.
 */
export interface PersonalKeys {
  /** Ciphertexts in the order given; the key is made at its first use. Throws `SubjectErased`. */
  seal(owner: KeyOwner, fields: readonly PlainField[]): Promise<readonly string[]>;
  /** Throws `UnsealingFailed` for anything but a value sealed for exactly this place. */
  unseal(token: string, at: SealedAt): Promise<Unsealed>;
  /** As `unseal`, with one look-up for all keys; in the order given. */
  unsealAll(fields: readonly SealedField[]): Promise<readonly Unsealed[]>;
  /** Done for good once resolved, in every process within seconds; repeating it changes nothing. */
  destroy(subject: string): Promise<void>;
}
export const PERSONAL_KEYS = Symbol('PersonalKeys');

/** Nothing personal may be written about a person whose keys are destroyed. */
export class SubjectErased extends Error {
  override readonly name = 'SubjectErased';
  constructor(readonly subject: string) {
    super(`the keys of ${subject} are destroyed: nothing can be sealed for them`);
  }
}

/** A bug, a swapped value or tampering, never "nothing there". Names the place, never the content. */
export class UnsealingFailed extends Error {
  override readonly name = 'UnsealingFailed';
  constructor(readonly at: SealedAt, readonly why: 'malformed' | 'unknown-key' | 'not-sealed-here') {
    super(`cannot unseal ${at.field} of fact ${at.eventId} in ${at.stream}: ${why}`);
  }
}
