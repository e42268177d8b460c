import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What must be findable, changeable and forgettable, and therefore stands in no fact. ID and card numbers
 * only as keyed hashes; of tickets and sessions only hashes; of passwords argon2id. Sessions and challenges
 * are unlogged and in no backup: after a crash or a restore nobody is signed in.
 */
const tables = `
  CREATE SCHEMA identity;

  CREATE TABLE identity.people (
    person_id uuid PRIMARY KEY,
    applicant_id uuid NOT NULL UNIQUE,
    registration_id uuid UNIQUE,
    -- Of an application that is not confirmed.
    open_until timestamptz,
    id_digest bytea NOT NULL UNIQUE,
    card_digest bytea,
    CONSTRAINT registered_with_a_card CHECK ((registration_id IS NULL) = (card_digest IS NULL))
  );
  CREATE INDEX people_open ON identity.people (open_until) WHERE open_until IS NOT NULL;

  CREATE TABLE identity.passwords (
    registration_id uuid PRIMARY KEY,
    set_at timestamptz NOT NULL,
    hash text NOT NULL CHECK (hash LIKE '$argon2id$%')
  );

  CREATE TABLE identity.tickets (
    registration_id uuid NOT NULL,
    change_id uuid,
    valid_until timestamptz NOT NULL,
    purpose text NOT NULL,
    ticket_hash bytea NOT NULL UNIQUE,
    PRIMARY KEY (registration_id, purpose)
  );

  CREATE UNLOGGED TABLE identity.sessions (
    session_id uuid NOT NULL UNIQUE,
    registration_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    person_id uuid NOT NULL,
    applicant_id uuid NOT NULL,
    signed_in_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    authenticated_at timestamptz NOT NULL,
    token_hash bytea PRIMARY KEY
  ) WITH (fillfactor = 70);
  CREATE INDEX sessions_registration ON identity.sessions (registration_id);

  CREATE UNLOGGED TABLE identity.challenges (
    expires_at timestamptz NOT NULL,
    nonce text NOT NULL,
    browser_hash bytea PRIMARY KEY
  );
  CREATE INDEX challenges_expiry ON identity.challenges (expires_at);`;

export class Identity1764000000006 implements MigrationInterface {
  readonly name = 'Identity1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA identity CASCADE');
  }
}
