import type { StoredFact } from '../../application/event-log.js';
import type { Row } from '../../projections/projection.js';
import type { ReadTable } from './read-table.js';
import { RowLines } from './row-lines.js';
import { beginsGroup, evolved } from './write-facts.js';

const noRows: readonly Row[] = [];

/**
 * Folds facts into rows of groups that are not in the table yet, so that nothing has to be looked up and the
 * rows can go by one COPY into a table without key and indexes. Facts of other groups are put by, in order.
 */
export class FirstFold {
  readonly lines: RowLines;
  readonly putBy: StoredFact[] = [];
  readonly #groupsPutBy = new Set<string>();
  #group: string | null = null;
  #rows = noRows;

  constructor(private readonly table: ReadTable) {
    this.lines = new RowLines(table);
  }

  /** The facts of a command lie side by side: a group that begins with several of them is folded at once. */
  take(fact: StoredFact): void {
    const group = this.table.projection.groupOf(fact);
    if (group !== this.#group) {
      this.endGroup();
      // Once a fact of a group waits, all that follow wait behind it.
      if (!beginsGroup(fact, group) || this.#groupsPutBy.has(group)) {
        this.putBy.push(fact);
        this.#groupsPutBy.add(group);
        return;
      }
      this.#group = group;
    }
    this.#rows = evolved(this.table, this.#rows, fact);
  }

  /** No fact of the group at work follows: its rows are complete as far as they go. */
  endGroup(): void {
    for (const row of this.#rows) this.lines.add(row);
    this.#rows = noRows;
    this.#group = null;
  }
}
