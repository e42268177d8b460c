import type pg from 'pg';
import { categoryOf } from '../append-rules.js';
import type { EncodedWrite } from '../event-store.js';
import { NumberedNames, factTypes, streamCategories } from './numbered-names.js';

/** The two kinds of names the log numbers: what happened, and to what sort of thing. */
export class LogNames {
  readonly types: NumberedNames;
  readonly categories: NumberedNames;

  constructor(pool: pg.Pool) {
    this.types = new NumberedNames(pool, factTypes);
    this.categories = new NumberedNames(pool, streamCategories);
  }

  /** Gives every name in an append, whose streams were judged before, its number before it is encoded. */
  async registerAll(writes: readonly EncodedWrite[]): Promise<void> {
    const types = new Set<string>();
    const categories = new Set<string>();
    for (const { stream, events } of writes) {
      categories.add(categoryOf(stream));
      for (const { type } of events) types.add(type);
    }
    await this.types.register(types);
    await this.categories.register(categories);
  }
}
