/** A page's events column by column, each column as one text. */
export type JoinedColumns = [
  positions: string | null, uuids: string, ids: string, numbers: string, payloads: string, metadata: string,
  bytes: string,
];

/** An event whose names are still numbers. */
export interface NumberedEvent {
  readonly position: string;
  readonly uuid: string;
  readonly category: number;
  readonly revision: number;
  readonly type: number;
  readonly version: number;
  readonly id: string;
  readonly payload: string;
  readonly metadata: string;
}

const numbersPerEvent = 4;
/** Stands between texts of JSON: a control character, which none of them can contain but escaped. */
const separator = '\x1f';

/**
 * Joins the rows of a query into one. A row for each event made ten
 * strings of each, all of a page alive at once: that cost a reader more than parsing the payloads. Metadata
 * that repeats the event before is left out.
 */
export const joinedColumns = (rows: string, order: string): string => `
  SELECT string_agg(position::text, '","'), string_agg(stream::text, '","'), string_agg(id::text, '","'),
    string_agg(concat_ws(',', category, revision, type, version), ','),
    string_agg(payload::text, E'\\x1f'), string_agg(news, E'\\x1f'), sum(size)
  FROM (
    SELECT *, CASE WHEN metadata::text IS DISTINCT FROM lag(metadata::text) OVER (ORDER BY ${order})
      THEN metadata::text ELSE '' END AS news
    FROM (${rows}) AS rows ORDER BY ${order}
  ) AS page`;

/** All columns are null where the query found no row. */
export function separated(columns: JoinedColumns): NumberedEvent[] {
  if (columns[0] === null) return [];
  const [positions, uuids, ids] = [columns[0], columns[1], columns[2]].map(texts);
  const numbers = JSON.parse(`[${columns[3]}]`) as number[];
  const payloads = columns[4].split(separator);
  const news = columns[5].split(separator);
  if (payloads.length !== positions.length) throw new RangeError('a payload is not JSON');
  let metadata = '';
  return positions.map((position, n) => {
    const [category, revision, type, version] = numbers.slice(n * numbersPerEvent, (n + 1) * numbersPerEvent);
    metadata = news[n] === '' ? metadata : news[n];
    return {
      position, uuid: uuids[n], category, revision, type, version, id: ids[n], payload: payloads[n], metadata,
    };
  });
}

/** Parsed, not split: a part of a text keeps all of it in memory, and these live as long as their fact. */
const texts = (joined: string): string[] => JSON.parse(`["${joined}"]`) as string[];
