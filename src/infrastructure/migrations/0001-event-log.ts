import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Columns are ordered widest first, so that no row carries padding. A stream is `<category>-<uuid>`, kept as
 * a number and 16 bytes: uuid keys and type codes are what lets COPY write twice as fast as text keys would.
 * `json`, not `jsonb`: the log keeps what was written, byte for byte, and parsing was the main cost of
 * ingest. EXTERNAL storage keeps large payloads uncompressed, so that `pg_column_size` tells a reader their
 * true size without fetching them, and a page never holds more than it may.
 */
const tables = `
  CREATE SCHEMA log;
  CREATE TABLE log.fact_types (code smallint PRIMARY KEY, name text NOT NULL UNIQUE);
  CREATE TABLE log.stream_categories (code smallint PRIMARY KEY, name text NOT NULL UNIQUE);
  CREATE TABLE log.events (
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stream uuid NOT NULL,
    id uuid NOT NULL,
    revision integer NOT NULL,
    type smallint NOT NULL,
    version smallint NOT NULL,
    category smallint NOT NULL,
    payload json STORAGE EXTERNAL NOT NULL,
    metadata json STORAGE EXTERNAL NOT NULL,
    CONSTRAINT events_position PRIMARY KEY (position),
    CONSTRAINT events_stream UNIQUE (stream, category, revision)
  );
  CREATE TABLE log.head (
    position bigint NOT NULL,
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
  );
  INSERT INTO log.head (position) VALUES (0);
  CREATE TABLE log.appends (
    first_position bigint,
    last_position bigint,
    command_id uuid PRIMARY KEY,
    fingerprint text NOT NULL
  );`;

/** Nothing stored is ever changed: neither by a bug of ours nor by a tired administrator. */
const immutability = `
  CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'facts are never changed: % on %.% refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME;
  END $$;
  CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON log.events
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
  CREATE TRIGGER appends_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON log.appends
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();`;

/** A name gets its number once, whoever asks first; the table lock makes two first askers take turns. */
const registration = (name: string, table: string): string => `
  CREATE FUNCTION log.${name}(wanted text) RETURNS smallint LANGUAGE plpgsql AS $$
  DECLARE found smallint;
  BEGIN
    SELECT code INTO found FROM log.${table} WHERE name = wanted;
    IF found IS NULL THEN
      LOCK TABLE log.${table} IN SHARE ROW EXCLUSIVE MODE;
      INSERT INTO log.${table} (code, name)
        SELECT coalesce(max(code), 0) + 1, wanted FROM log.${table}
        ON CONFLICT (name) DO NOTHING;
      SELECT code INTO found FROM log.${table} WHERE name = wanted;
    END IF;
    RETURN found;
  END $$;`;

/**
 * Many small appends in one transaction. Locking the head first is what makes positions dense and visible in
 * order. Each append is judged by itself: known command, conflict, or stored; one append's refusal never
 * touches another. Texts come joined by U+001F, which valid JSON cannot contain: an array literal would
 * escape every quotation mark. Callers never put two appends with a common stream or command into one group.
 * LIMIT 1 keeps every look-up a probe of its index, however small the tables were when the plan was made.
 */
const appendGroup = `
  CREATE FUNCTION log.append_group(
    command_ids uuid[], fingerprints text, event_counts int[],
    write_append int[], write_stream uuid[], write_category smallint[], write_expected int[],
    event_append int[], event_index int[], event_stream uuid[], event_category smallint[],
    event_revision int[], event_id uuid[], event_type smallint[], event_version smallint[],
    payloads text, metadata text
  ) RETURNS TABLE (append int, kind text, last_position bigint, write int, actual_revision int)
  LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE
    asked int := cardinality(event_id);
    base bigint;
    refused int[] := '{}';
    refused_events int := 0;
    payload_texts text[] := string_to_array(payloads, E'\\x1f');
    metadata_texts text[] := string_to_array(metadata, E'\\x1f');
    judged record;
  BEGIN
    IF cardinality(payload_texts) <> asked OR cardinality(metadata_texts) <> asked THEN
      RAISE EXCEPTION 'a payload is not JSON' USING ERRCODE = 'invalid_text_representation';
    END IF;
    UPDATE log.head SET position = position + asked RETURNING position - asked INTO base;
    FOR judged IN
      SELECT a.ord::int AS append, known.last_position, known.fingerprint = a.fingerprint AS same
      FROM unnest(command_ids, string_to_array(fingerprints, E'\\x1f'))
        WITH ORDINALITY AS a (command_id, fingerprint, ord)
      CROSS JOIN LATERAL (
        SELECT k.fingerprint, k.last_position FROM log.appends k WHERE k.command_id = a.command_id LIMIT 1
      ) known
    LOOP
      refused := refused || judged.append;
      refused_events := refused_events + event_counts[judged.append];
      append := judged.append; last_position := judged.last_position;
      kind := CASE WHEN judged.same THEN 'replayed' ELSE 'reused' END;
      RETURN NEXT;
    END LOOP;
    FOR judged IN
      SELECT w.append, w.ord::int AS write, coalesce(latest.revision, -1) AS actual
      FROM unnest(write_append, write_stream, write_category, write_expected)
        WITH ORDINALITY AS w (append, stream, category, expected, ord)
      LEFT JOIN LATERAL (
        SELECT e.revision FROM log.events e WHERE e.stream = w.stream AND e.category = w.category
        ORDER BY e.revision DESC LIMIT 1
      ) latest ON true
      WHERE coalesce(latest.revision, -1) <> w.expected
    LOOP
      CONTINUE WHEN judged.append = ANY (refused);
      refused := refused || judged.append;
      refused_events := refused_events + event_counts[judged.append];
      append := judged.append; kind := 'conflict'; last_position := NULL;
      write := judged.write; actual_revision := judged.actual;
      RETURN NEXT;
    END LOOP;
    IF refused_events > 0 THEN
      UPDATE log.head SET position = position - refused_events;
    END IF;
    INSERT INTO log.events
      (position, stream, id, revision, type, version, category, payload, metadata)
    SELECT base + a.before + e.index, e.stream, e.id, e.revision, e.type, e.version, e.category,
           e.payload::json, e.metadata::json
    FROM unnest(event_append, event_index, event_stream, event_category, event_revision, event_id, event_type,
                event_version, payload_texts, metadata_texts)
      AS e (append, index, stream, category, revision, id, type, version, payload, metadata)
    JOIN (
      SELECT c.ord, sum(c.events) OVER (ORDER BY c.ord) - c.events AS before
      FROM unnest(event_counts) WITH ORDINALITY AS c (events, ord) WHERE c.ord <> ALL (refused)
    ) a ON a.ord = e.append;
    RETURN QUERY
    INSERT INTO log.appends (command_id, fingerprint, first_position, last_position)
    SELECT a.command_id, a.fingerprint,
           CASE WHEN a.events > 0 THEN base + a.upto - a.events + 1 END,
           CASE WHEN a.events > 0 THEN base + a.upto END
    FROM (
      SELECT c.*, sum(c.events) OVER (ORDER BY c.ord) AS upto
      FROM unnest(command_ids, string_to_array(fingerprints, E'\\x1f'), event_counts)
        WITH ORDINALITY AS c (command_id, fingerprint, events, ord) WHERE c.ord <> ALL (refused)
    ) a ORDER BY a.ord
    RETURNING array_position(command_ids, command_id), 'appended', appends.last_position,
              NULL::int, NULL::int;
    IF asked > refused_events THEN
      PERFORM pg_notify('log_appended', (base + asked - refused_events)::text);
    END IF;
  END $$;`;

/**
 * Opens a large append inside the caller's transaction: judges it, moves the head, remembers the command. The
 * rows follow by COPY from position `base + 1`, with `recorded_at_micros` as binary COPY counts it. Only
 * writes to existing streams are checked here; for new streams the unique index does it during COPY, which
 * spares one probe per stream.
 */
const openBulk = `
  CREATE FUNCTION log.open_bulk(
    asked_command uuid, asked_fingerprint text, events int,
    write_stream uuid[], write_category smallint[], write_expected int[]
  ) RETURNS TABLE (
    kind text, base bigint, recorded_at_micros bigint, last_position bigint, write int, actual_revision int
  )
  LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE judged record;
  BEGIN
    UPDATE log.head SET position = position + events RETURNING position - events INTO base;
    recorded_at_micros :=
      (extract(epoch FROM clock_timestamp() - timestamptz '2000-01-01 00:00Z') * 1000000)::bigint;
    SELECT a.fingerprint, a.last_position INTO judged FROM log.appends a WHERE a.command_id = asked_command;
    IF FOUND THEN
      kind := CASE WHEN judged.fingerprint = asked_fingerprint THEN 'replayed' ELSE 'reused' END;
      last_position := judged.last_position;
      RETURN NEXT; RETURN;
    END IF;
    SELECT w.ord::int AS write, coalesce(latest.revision, -1) AS actual INTO judged
    FROM unnest(write_stream, write_category, write_expected)
      WITH ORDINALITY AS w (stream, category, expected, ord)
    LEFT JOIN LATERAL (
      SELECT e.revision FROM log.events e WHERE e.stream = w.stream AND e.category = w.category
      ORDER BY e.revision DESC LIMIT 1
    ) latest ON true
    WHERE coalesce(latest.revision, -1) <> w.expected ORDER BY w.ord LIMIT 1;
    IF FOUND THEN
      kind := 'conflict'; write := judged.write; actual_revision := judged.actual;
      RETURN NEXT; RETURN;
    END IF;
    kind := 'granted'; last_position := base + events;
    INSERT INTO log.appends (command_id, fingerprint, first_position, last_position)
      VALUES (asked_command, asked_fingerprint, base + 1, base + events);
    PERFORM pg_notify('log_appended', last_position::text);
    RETURN NEXT;
  END $$;`;

export class EventLog1764000000001 implements MigrationInterface {
  readonly name = 'EventLog1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(immutability);
    await runner.query(registration('fact_type_code', 'fact_types'));
    await runner.query(registration('stream_category_code', 'stream_categories'));
    await runner.query(appendGroup);
    await runner.query(openBulk);
  }

  async down(): Promise<void> {
    throw new Error('the log is never taken back: restore a backup instead');
  }
}
