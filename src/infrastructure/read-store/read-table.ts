import type { Cell, ColumnKind, Projection, Row } from '../../projections/projection.js';

/** Where tables live that people look at; every other schema holds one that is being built. */
export const liveSchema = 'read';

const sqlTypes: Readonly<Record<ColumnKind, string>> = {
  uuid: 'uuid',
  text: 'text',
  code: 'text COLLATE "C"',
  date: 'date',
  instant: 'text COLLATE "C"',
  money: 'bigint',
  integer: 'integer',
  boolean: 'boolean',
  position: 'bigint',
  sealed: 'text',
};

const freeKinds: ReadonlySet<ColumnKind> = new Set(['text', 'code', 'instant', 'sealed']);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A projection's table in one schema: its SQL, and its rows as they cross the wire. */
export class ReadTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primaryKey: string;
  private readonly kinds: readonly ColumnKind[];
  /** By column: whether its text may hold what COPY's format takes for its own. */
  private readonly isFree: readonly boolean[];

  constructor(readonly projection: Projection, readonly schema: string) {
    const { name, columns, primaryKey, groupColumn } = projection;
    // Groups are loaded by the primary key's index.
    if (primaryKey[0] !== groupColumn) throw new Error(`${name}: its key must begin with ${groupColumn}`);
    this.name = `${quoted(schema)}.${quoted(name)}`;
    this.columns = Object.keys(columns);
    this.kinds = Object.values(columns);
    this.isFree = this.kinds.map((kind) => freeKinds.has(kind));
    this.primaryKey = primaryKey.map(quoted).join(', ');
  }

  get columnList(): string {
    return this.columns.map(quoted).join(', ');
  }

  get createSql(): string {
    const nullable = new Set(this.projection.nullable);
    const columns = this.columns.map((column, i) =>
      `${quoted(column)} ${sqlTypes[this.kindAt(i)]}${nullable.has(column) ? '' : ' NOT NULL'}`);
    return `CREATE TABLE ${this.name} (${columns.join(', ')})`;
  }

  get primaryKeySql(): string {
    return `ALTER TABLE ${this.name} ADD CONSTRAINT ${quoted(`${this.projection.name}_key`)}
      PRIMARY KEY (${this.primaryKey})`;
  }

  get indexSql(): readonly string[] {
    return Object.entries(this.projection.indexes).map(([suffix, definition]) =>
      `CREATE INDEX ${quoted(`${this.projection.name}_${suffix}`)} ON ${this.name} ${definition}`);
  }

  /** Rows come in the key's order, so that a group is handed to `evolve` as it left it. */
  get loadSql(): string {
    const group = this.projection.groupColumn;
    const kind = this.projection.columns[group];
    if (!kind) throw new Error(`${this.projection.name}: no column ${group}`);
    return `SELECT ctid, ${this.columnList} FROM ${this.name}
      WHERE ${quoted(group)} = ANY ($1::${sqlTypes[kind].split(' ')[0]}[]) ORDER BY ${this.primaryKey}`;
  }

  /** Whole numbers come as text where they may exceed 2^53; money never does. */
  rowFrom(cells: readonly Cell[]): Row {
    const row: Record<string, Cell> = {};
    for (const [i, column] of this.columns.entries()) {
      const cell = cells[i] as Cell;
      row[column] = cell !== null && this.kindAt(i) === 'money' ? Number(cell) : cell;
    }
    return row;
  }

  /** Lines of COPY's text format. A missing cell is a bug in `evolve`, not a null. */
  copyText(rows: Iterable<Row>): string {
    let text = '';
    for (const row of rows) {
      for (let i = 0; i < this.columns.length; i++) {
        const cell = row[this.columns[i] as string];
        if (cell === undefined) throw new Error(`${this.projection.name}: a row without ${this.columns[i]}`);
        if (i > 0) text += '\t';
        text += cell === null ? '\\N' : this.isFree[i] ? escaped(String(cell)) : cell;
      }
      text += '\n';
    }
    return text;
  }

  private kindAt(i: number): ColumnKind {
    return this.kinds[i] as ColumnKind;
  }
}

const special = /[\\\b\f\n\r\t\v]/;
const everySpecial = new RegExp(special, 'g');
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v',
};

const escaped = (text: string): string =>
  (special.test(text) ? text.replace(everySpecial, (character) => escapes[character] as string) : text);
