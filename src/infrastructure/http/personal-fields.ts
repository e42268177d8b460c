import { Inject, Injectable } from '@nestjs/common';
import type { PersonalKeys, SealedField } from '../../application/personal-keys.js';
import { PERSONAL_KEYS } from '../../application/personal-keys.js';

/** What a reader sees of a personal field; null when it was never given, or when its owner was erased. */
export type Shown = string | null;

/** The only place where personal data is opened: the last step of an answer to somebody who may read it. */
@Injectable()
export class PersonalFields {
  constructor(@Inject(PERSONAL_KEYS) private readonly keys: PersonalKeys) {}

  /** In the order given, with one look-up for all. */
  async show(fields: readonly (SealedField | null)[]): Promise<readonly Shown[]> {
    const sealed = fields.filter((field) => field !== null);
    const opened = (await this.keys.unsealAll(sealed)).map((one) => ('plain' in one ? one.plain : null));
    let at = 0;
    return fields.map((field) => (field === null ? null : opened[at++] ?? null));
  }
}
