import type pg from 'pg';
import type { Position, Revision, StreamName } from '../../../application/event-log.js';
import { streamKeyOf, streamNameOf } from '../append-rules.js';
import type { RecordedEvent } from '../event-store.js';
import type { LogNames } from './log-names.js';
import type { JoinedColumns, NumberedEvent } from './page-columns.js';
import { joinedColumns, separated } from './page-columns.js';

/**
 * Events per round trip. Small pages keep both ends busy, for one is read while the one before is worked on.
 * Streams asked for by the thousand are sorted on the server, and there a longer page saves sorting twice.
 */
const pageRows = 500;
const streamsPageRows = 2_000;
/**
 * Bytes of payload per page, however large the payloads are: what a reader may hold, twice, for it reads
 * ahead.
 */
const pageBytes = 4 * 1024 * 1024;
/**
 * A filter that matches nothing must still come back, within its statement timeout, and say how far it got.
 */
const filteredWindow = 50_000n;

export interface Page {
  readonly events: readonly RecordedEvent[];
  /** The page ended because it was full, not because there was nothing left. */
  readonly full: boolean;
}

/**
 * Cuts candidates where their payloads exceed what a page may hold; sizes are read without fetching the
 * payloads.
 */
const sized = (candidates: string, order: string): string => joinedColumns(`
      SELECT * FROM (
        SELECT *, sum(size) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - size AS before
        FROM (${candidates}) AS candidates
      ) AS counted WHERE before < ${pageBytes}`, order);

const selected = 'SELECT *, pg_column_size(payload) AS size FROM log.events';

const allPage = sized(
  `${selected} WHERE position > $1 AND position <= $2 ORDER BY position LIMIT ${pageRows}`, 'position');
/**
 * The numbers are looked up by the page itself: a name stored for the first time a moment ago, by whichever
 * process, has its number before its first event can be seen.
 */
const filteredPage = sized(
  `${selected} WHERE position > $1 AND position <= $2
     AND type = ANY (ARRAY(SELECT code FROM log.fact_types WHERE name <> ALL ($3::text[])))
   ORDER BY position LIMIT ${pageRows}`, 'position');
const streamPage = sized(
  `${selected} WHERE stream = $1 AND category = $2 AND revision > $3
   ORDER BY revision LIMIT ${pageRows}`, 'revision');
const streamsPage = sized(
  `SELECT asked.ord, e.* FROM unnest($1::uuid[], $2::smallint[]) WITH ORDINALITY AS asked (uuid, code, ord)
   CROSS JOIN LATERAL (
     ${selected} WHERE stream = asked.uuid AND category = asked.code AND (asked.ord > 1 OR revision > $3)
     ORDER BY revision LIMIT ${streamsPageRows}
   ) e ORDER BY asked.ord, e.revision LIMIT ${streamsPageRows}`, 'ord, revision');

/**
 * One bounded page of the log at a time, by key, so that no cursor or snapshot stays open while a reader
 * works.
 */
export class EventPages {
  constructor(private readonly pool: pg.Pool, private readonly names: LogNames) {}

  async head(): Promise<Position> {
    const { rows: [head] } = await this.pool.query<{ position: Position }>('SELECT position FROM log.head');
    if (!head) throw new RangeError('log.head is empty: the database was not migrated');
    return head.position;
  }

  /** Events after `after`, at most up to `until`; `reached` says up to where nothing is left out. */
  async between(
    after: bigint, until: bigint, except?: readonly string[],
  ): Promise<Page & { readonly reached: bigint }> {
    if (!except) {
      const page = await this.#page('log-all', allPage, [String(after), String(until)]);
      return { ...page, reached: page.full ? lastPosition(page) : until };
    }
    const end = until - after > filteredWindow ? after + filteredWindow : until;
    const page = await this.#page('log-filtered', filteredPage, [String(after), String(end), except]);
    return { ...page, reached: page.full ? lastPosition(page) : end };
  }

  async ofStream(stream: StreamName, after: Revision): Promise<Page> {
    const { uuid, category } = streamKeyOf(stream);
    await this.names.categories.register([category]);
    return this.#page('log-stream', streamPage, [uuid, this.names.categories.codeOf(category), after]);
  }

  /** Events of all these streams, stream by stream; of the first one only those after the revision. */
  async ofStreams(streams: readonly StreamName[], after: Revision): Promise<Page> {
    const keys = streams.map(streamKeyOf);
    await this.names.categories.register(new Set(keys.map(({ category }) => category)));
    const codes = keys.map(({ category }) => this.names.categories.codeOf(category));
    const values = [keys.map(({ uuid }) => uuid), codes, after];
    return this.#page('log-streams', streamsPage, values, streamsPageRows);
  }

  async #page(name: string, text: string, values: unknown[], mostRows = pageRows): Promise<Page> {
    const { rows: [columns] } = await this.pool.query<JoinedColumns>(
      { name, text, values, rowMode: 'array' });
    if (!columns) throw new Error('an aggregate answered no row');
    const numbered = separated(columns);
    await this.#learnNames(numbered);
    const events = numbered.map((event) => this.#recorded(event));
    return { events, full: events.length === mostRows || Number(columns[6]) >= pageBytes };
  }

  /** Another process may have stored names this one has not seen. */
  async #learnNames(events: readonly NumberedEvent[]): Promise<void> {
    for (const { category, type } of events) {
      if (!this.names.categories.hasCode(category)) await this.names.categories.lookUp();
      if (!this.names.types.hasCode(type)) await this.names.types.lookUp();
    }
  }

  #recorded(event: NumberedEvent): RecordedEvent {
    const { position, revision, id, version, payload, metadata } = event;
    const stream = streamNameOf(this.names.categories.nameOf(event.category), event.uuid);
    const type = this.names.types.nameOf(event.type);
    return { position, stream, revision, id, type, version, payload, metadata };
  }
}

const lastPosition = ({ events }: Page): bigint => BigInt(events.at(-1)?.position ?? 0);
