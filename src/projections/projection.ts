import type { StoredFact } from '../application/event-log.js';
import type { FactOf, FactType } from '../domain/facts.js';
import type { RowVisibility, Viewer } from './viewer.js';

/**
 * What a column holds. `money`: whole 元, a safe integer, bigint in the table. `position`: a decimal string,
 * bigint in the table. `instant`: ISO UTC text (sorts as time). `code`: text compared byte by byte. `sealed`:
 * ciphertext.
 */
export type ColumnKind =
  | 'uuid' | 'text' | 'code' | 'date' | 'instant' | 'money' | 'integer' | 'boolean' | 'position' | 'sealed';
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/**
 * One read table and the pure function that fills it. Rows are functions of facts alone (no clock, sequence,
 * random), so a rebuild is byte-equal to the live table.
 */
export interface Projection<R extends Row = Row, T extends FactType = FactType> {
  /** Also the table's name in the read schema: snake_case. */
  readonly name: string;
  /** Raised whenever columns or `evolve` change: a table of another version is rebuilt. */
  readonly version: number;
  readonly columns: { readonly [C in keyof R & string]: ColumnKind };
  /** Columns that may be null; all others are NOT NULL. */
  readonly nullable: readonly (keyof R & string)[];
  readonly primaryKey: readonly (keyof R & string)[];
  /** The column whose value groups rows: all rows of one group are loaded, evolved and written together. */
  readonly groupColumn: keyof R & string;
  /**
   * Further indexes, as `(column, …) [INCLUDE (…)] [WHERE …]`, by name suffix; built after a rebuild's fill.
   */
  readonly indexes: Readonly<Record<string, string>>;
  /** What PostgreSQL shows of it to whom, under every query. */
  readonly rowsFor: RowVisibility;
  readonly sees: readonly T[];
  /** Which group a fact touches. */
  groupOf(fact: StoredFact<FactOf<T>>): string;
  /** The group's rows after the fact. Given no rows, the group does not exist yet. */
  evolve(rows: readonly R[], fact: StoredFact<FactOf<T>>): readonly R[];
}

/** What a query needs of the tables: SQL in review-ready text, parameters apart. */
export interface ReadStore {
  query<R extends object>(viewer: Viewer, sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  /** Waits until the projection has passed `position`, at most `timeoutMs`; false when it has not by then. */
  waitFor(projection: string, position: string, timeoutMs: number): Promise<boolean>;
}
export const READ_STORE = Symbol('ReadStore');
