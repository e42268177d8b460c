import type pg from 'pg';

interface NameTable {
  readonly table: 'log.fact_types' | 'log.stream_categories';
  readonly register: 'log.fact_type_code' | 'log.stream_category_code';
}

export const factTypes: NameTable = { table: 'log.fact_types', register: 'log.fact_type_code' };
export const streamCategories: NameTable = {
  table: 'log.stream_categories', register: 'log.stream_category_code',
};

/**
 * Names the log keeps as numbers. A name gets its number the first time anybody uses it, in a transaction of
 * its own, before the first event that carries it; so whoever meets a number can always look its name up.
 */
export class NumberedNames {
  readonly #codes = new Map<string, number>();
  readonly #names = new Map<number, string>();

  constructor(private readonly pool: pg.Pool, private readonly names: NameTable) {}

  /** After this, `codeOf` knows every one of them. */
  async register(names: Iterable<string>): Promise<void> {
    for (const name of names) {
      if (this.#codes.has(name)) continue;
      const call = `SELECT ${this.names.register}($1) AS code`;
      const { rows } = await this.pool.query<{ code: number }>(call, [name]);
      for (const { code } of rows) this.#learn(code, name);
    }
  }

  codeOf(name: string): number {
    const code = this.#codes.get(name);
    if (code === undefined) throw new RangeError(`${name} has no number in ${this.names.table} yet`);
    return code;
  }

  hasCode(code: number): boolean {
    return this.#names.has(code);
  }

  /** After this, `nameOf` knows every number given so far. */
  async lookUp(): Promise<void> {
    const { rows } = await this.pool.query<{ code: number; name: string }>(
      `SELECT code, name FROM ${this.names.table}`,
    );
    for (const { code, name } of rows) this.#learn(code, name);
  }

  nameOf(code: number): string {
    const name = this.#names.get(code);
    if (name === undefined) throw new RangeError(`number ${code} has no name in ${this.names.table}`);
    return name;
  }

  #learn(code: number, name: string): void {
    this.#codes.set(name, code);
    this.#names.set(code, name);
  }
}
