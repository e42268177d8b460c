import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far a rebuild under way has come, for operators to see. Only the row of a rebuild that still holds its
 * lock means anything; unlogged, because after a crash of the server no rebuild is under way.
 */
const rebuilds = `
  CREATE UNLOGGED TABLE read.rebuilds (
    position bigint NOT NULL,
    until bigint NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    step text NOT NULL CHECK (step IN ('reading', 'indexing', 'swapping')),
    projection text COLLATE "C" PRIMARY KEY
  ) WITH (fillfactor = 20);`;

export class RebuildProgress1764000000005 implements MigrationInterface {
  readonly name = 'RebuildProgress1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(rebuilds);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE read.rebuilds');
  }
}
