import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Verifications live for five minutes and belong to a session: unlogged and in no backup, as those are. Who
 * looked at a company's accounts is kept, and backed up.
 */
export class Delegations1764000000008 implements MigrationInterface {
  readonly name = 'Delegations1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM identity.challenges;
      ALTER TABLE identity.challenges ADD COLUMN purpose text NOT NULL;

      CREATE UNLOGGED TABLE identity.delegate_verifications (
        verification_id uuid PRIMARY KEY,
        session_id uuid NOT NULL,
        company_id uuid NOT NULL,
        delegate_id uuid NOT NULL,
        -- The command that used it.
        used_by uuid,
        expires_at timestamptz NOT NULL,
        card_type text NOT NULL
      );
      CREATE INDEX delegate_verifications_expiry ON identity.delegate_verifications (expires_at);

      -- A row an hour, however often somebody looks within it.
      CREATE TABLE identity.delegate_accesses (
        delegation_id uuid NOT NULL,
        account_id uuid NOT NULL,
        hour timestamptz NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        reads integer NOT NULL CHECK (reads > 0),
        kind text NOT NULL,
        PRIMARY KEY (delegation_id, account_id, kind, hour)
      ) WITH (fillfactor = 80);
      CREATE INDEX delegate_accesses_latest
        ON identity.delegate_accesses (delegation_id, hour DESC, account_id, kind);
      CREATE INDEX delegate_accesses_age ON identity.delegate_accesses (hour)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE identity.delegate_accesses;
      DROP TABLE identity.delegate_verifications;
      ALTER TABLE identity.challenges DROP COLUMN purpose`);
  }
}
