import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
  CREATE SCHEMA keys;

  -- A subject has a row from its first key on. Once destroyed, purposes it never used stay shut too.
  CREATE TABLE keys.subjects (
    subject uuid PRIMARY KEY,
    destroyed_at timestamptz
  );

  CREATE TABLE keys.personal_keys (
    subject uuid NOT NULL REFERENCES keys.subjects,
    purpose text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 40),
    key_id uuid NOT NULL UNIQUE,
    wrapped bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    PRIMARY KEY (subject, purpose),
    CONSTRAINT destroyed_keys_are_gone CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
  );`;

/**
 * The lock on the subject's row puts "make a key" and "destroy them all" in an order: no key is made unseen
 * by a destruction that runs beside it. The usual case, a key that is there, takes no lock at all.
 */
const obtainKey = `
  CREATE FUNCTION keys.obtain_key(of_subject uuid, of_purpose text, new_key_id uuid, new_wrapped bytea)
  RETURNS SETOF keys.personal_keys LANGUAGE plpgsql AS $$
  BEGIN
    RETURN QUERY SELECT * FROM keys.personal_keys k WHERE k.subject = of_subject AND k.purpose = of_purpose;
    IF FOUND THEN RETURN; END IF;
    INSERT INTO keys.subjects (subject) VALUES (of_subject) ON CONFLICT DO NOTHING;
    PERFORM 1 FROM keys.subjects s WHERE s.subject = of_subject AND s.destroyed_at IS NULL FOR SHARE;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO keys.personal_keys (subject, purpose, key_id, wrapped)
      VALUES (of_subject, of_purpose, new_key_id, new_wrapped) ON CONFLICT (subject, purpose) DO NOTHING;
    RETURN QUERY SELECT * FROM keys.personal_keys k WHERE k.subject = of_subject AND k.purpose = of_purpose;
  END $$;`;

const destroyKeys = `
  CREATE FUNCTION keys.destroy_keys(of_subject uuid) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO keys.subjects AS s (subject, destroyed_at) VALUES (of_subject, now())
      ON CONFLICT (subject) DO UPDATE SET destroyed_at = coalesce(s.destroyed_at, excluded.destroyed_at);
    UPDATE keys.personal_keys k SET wrapped = NULL, destroyed_at = now()
      WHERE k.subject = of_subject AND k.wrapped IS NOT NULL;
  END $$;`;

export class Keys1764000000002 implements MigrationInterface {
  readonly name = 'Keys1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [tables, obtainKey, destroyKeys]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA keys CASCADE');
  }
}
