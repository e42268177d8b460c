import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hashes of what programs show. Which credentials are in force, and for what, is in the log. */
export class ApiCredentials1764000000009 implements MigrationInterface {
  readonly name = 'ApiCredentials1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identity.api_tokens (
        credential_id uuid PRIMARY KEY,
        holder_id uuid NOT NULL,
        last_used_at timestamptz,
        secret_hash bytea NOT NULL
      ) WITH (fillfactor = 70);
      CREATE INDEX api_tokens_holder ON identity.api_tokens (holder_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identity.api_tokens');
  }
}
