import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever signs in with a certificate needs no registration, and may be on the staff list. */
export class CertificateSessions1764000000007 implements MigrationInterface {
  readonly name = 'CertificateSessions1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE identity.sessions
        ALTER COLUMN registration_id DROP NOT NULL,
        ALTER COLUMN agent_id DROP NOT NULL,
        ADD COLUMN member_id uuid,
        ADD COLUMN is_payee boolean NOT NULL DEFAULT true,
        ADD CONSTRAINT registration_with_its_agent CHECK ((registration_id IS NULL) = (agent_id IS NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM identity.sessions WHERE registration_id IS NULL;
      ALTER TABLE identity.sessions
        DROP CONSTRAINT registration_with_its_agent,
        DROP COLUMN is_payee,
        DROP COLUMN member_id,
        ALTER COLUMN agent_id SET NOT NULL,
        ALTER COLUMN registration_id SET NOT NULL`);
  }
}
