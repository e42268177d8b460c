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

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A projection's table in one schema: its SQL, and its rows as they come out of it. */
export class ReadTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primaryKey: string;
  private readonly kinds: readonly ColumnKind[];

  constructor(readonly projection: Projection, readonly schema: string) {
    const { name, columns, primaryKey, groupColumn } = projection;
    // Groups are loaded by the primary key's index.
    if (primaryKey[0] !== groupColumn) throw new Error(`${name}: its key must begin with ${groupColumn}`);
    this.name = `${quoted(schema)}.${quoted(name)}`;
    this.columns = Object.keys(columns);
    this.kinds = Object.values(columns);
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

  /** Rows follow as `RowLines` writes them. */
  get copySql(): string {
    return `COPY ${this.name} (${this.columnList}) FROM STDIN`;
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

  private kindAt(i: number): ColumnKind {
    return this.kinds[i] as ColumnKind;
  }
}
