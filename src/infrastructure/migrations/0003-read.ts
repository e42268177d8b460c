import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far every projection has read. The tables themselves are made from their definitions, not by
 * migrations: a new version of a table is built beside the old one and swapped in.
 * `stopped`: the fact that a projector could not pass, for operations to see; null while it runs.
 */
const checkpoints = `
  CREATE SCHEMA read;
  CREATE TABLE read.checkpoints (
    position bigint NOT NULL,
    version integer NOT NULL,
    projection text COLLATE "C" PRIMARY KEY,
    stopped json
  ) WITH (fillfactor = 20);`;

export class Read1764000000003 implements MigrationInterface {
  readonly name = 'Read1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(checkpoints);
  }

  /** Everything in it follows from the log. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA read CASCADE');
  }
}
