import type { KeyOwner } from '../../application/personal-keys.js';

export interface NewKey { readonly keyId: string; readonly wrapped: Buffer }

export interface KeyRow extends KeyOwner {
  readonly keyId: string;
  /** null once destroyed: the row stays, so that what it sealed reads as a tombstone and not as a mistake. */
  readonly wrapped: Buffer | null;
}

/** Where wrapped keys lie. Every process of the service looks at the same table. */
export interface KeyTable {
  /**
   * The owner's key. When there is none yet `candidate` becomes it, unless another process was faster: all
   * get the same one. null when the subject's keys are destroyed, also those never made.
   */
  obtain(owner: KeyOwner, candidate: NewKey): Promise<KeyRow | null>;
  /** Those of the keys that exist, destroyed ones included. */
  find(keyIds: readonly string[]): Promise<readonly KeyRow[]>;
  destroy(subject: string): Promise<void>;
}
