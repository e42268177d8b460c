import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Files under way, not history: history is in the log. `EXTERNAL` keeps the pieces of a file uncompressed:
 * PostgreSQL's own compression would cost more than writing the bytes, and they are deleted as soon as the
 * file is done with.
 */
const tables = `
  CREATE SCHEMA work;

  CREATE TABLE work.batch_deliveries (
    receipt bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id uuid NOT NULL UNIQUE,
    batch_id text,
    file_hash text NOT NULL,
    bytes bigint NOT NULL,
    charset text NOT NULL,
    delivered_by text NOT NULL,
    correlation_id text,
    received_at timestamptz NOT NULL,
    phase text NOT NULL DEFAULT 'received'
      CHECK (phase IN ('received', 'validating', 'recording', 'finished')),
    lines_checked bigint NOT NULL DEFAULT 0,
    lines_recorded bigint NOT NULL DEFAULT 0,
    progress json,
    outcome json,
    CONSTRAINT finished_with_an_outcome CHECK ((phase = 'finished') = (outcome IS NOT NULL))
  );
  CREATE INDEX batch_deliveries_unfinished ON work.batch_deliveries (receipt) WHERE phase <> 'finished';
  CREATE INDEX batch_deliveries_batch ON work.batch_deliveries (batch_id, receipt) WHERE batch_id IS NOT NULL;

  CREATE TABLE work.batch_file_chunks (
    delivery_id uuid NOT NULL,
    number integer NOT NULL,
    bytes bytea STORAGE EXTERNAL NOT NULL,
    PRIMARY KEY (delivery_id, number)
  );`;

export class Batches1764000000004 implements MigrationInterface {
  readonly name = 'Batches1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA work CASCADE');
  }
}
