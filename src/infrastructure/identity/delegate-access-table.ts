import type { Pool } from 'pg';
import type {
  AccessKind, AccessPage, AccessesAsked, DelegateAccess, DelegateAccesses,
} from '../../application/delegations/delegate-accesses.js';
import { isAccessKind } from '../../application/delegations/delegate-accesses.js';
import { isUuid } from '../../application/name-based-uuid.js';
import { decodeCursor, encodeCursor } from '../../projections/cursor.js';

interface Row {
  readonly account_id: string;
  readonly kind: AccessKind;
  readonly hour: Date;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly reads: number;
}
type Place = readonly [hour: string, accountId: string, kind: AccessKind];

/** Longer than a company's books of a year stay open. */
const keptDays = 731;
/** By whoever writes: more than are written on average, so that nothing old piles up. */
const sweptAtOnce = 20;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** In one order always, so that two readings of the same accounts never wait for each other in a circle. */
const recordSql = `
  WITH old AS (SELECT ctid FROM identity.delegate_accesses WHERE hour < $6 ORDER BY hour
               LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED),
       swept AS (DELETE FROM identity.delegate_accesses WHERE ctid IN (SELECT ctid FROM old))
  INSERT INTO identity.delegate_accesses AS a
    (delegation_id, account_id, kind, hour, first_at, last_at, reads)
  SELECT r.delegation_id, r.account_id, $3, $4::timestamptz, $5::timestamptz, $5::timestamptz, 1
  FROM unnest($1::uuid[], $2::uuid[]) AS r (delegation_id, account_id)
  ORDER BY 1, 2
  ON CONFLICT (delegation_id, account_id, kind, hour) DO UPDATE SET reads = a.reads + 1,
    first_at = least(a.first_at, excluded.first_at), last_at = greatest(a.last_at, excluded.last_at)`;

const listSql = `
  SELECT account_id, kind, hour, first_at, last_at, reads
  FROM identity.delegate_accesses
  WHERE delegation_id = $1 AND ($2::timestamptz IS NULL OR hour < $2
    OR (hour = $2 AND (account_id, kind) > ($3::uuid, $4::text)))
  ORDER BY hour DESC, account_id, kind
  LIMIT $5::integer + 1`;

export class DelegateAccessTable implements DelegateAccesses {
  constructor(private readonly pool: Pool) {}

  async record(accesses: readonly DelegateAccess[], kind: AccessKind, at: string): Promise<void> {
    const ms = Date.parse(at);
    await this.pool.query(recordSql, [
      accesses.map(({ delegationId }) => delegationId), accesses.map(({ accountId }) => accountId), kind,
      iso(Math.floor(ms / hourMs) * hourMs), at, iso(ms - keptDays * dayMs),
    ]);
  }

  async list({ delegationId, limit, cursor }: AccessesAsked): Promise<AccessPage | null> {
    const after = cursor === undefined ? [null, null, null] : placeOf(cursor);
    if (after === null) return null;
    const { rows } = await this.pool.query<Row>(listSql, [delegationId, ...after, limit]);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      accesses: page.map((row) => ({
        accountId: row.account_id, kind: row.kind, firstAt: row.first_at.toISOString(),
        lastAt: row.last_at.toISOString(), reads: row.reads,
      })),
      next: last ? encodeCursor([last.hour.toISOString(), last.account_id, last.kind]) : null,
    };
  }
}

function placeOf(cursor: string): Place | null {
  const [hour, accountId, kind] = decodeCursor(cursor) ?? [];
  if (typeof hour !== 'string' || typeof accountId !== 'string' || typeof kind !== 'string') return null;
  const isOurs = isUuid(accountId) && isAccessKind(kind) && isInstant(hour);
  return isOurs ? [hour, accountId, kind] : null;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isInstant = (text: string): boolean =>
  !Number.isNaN(Date.parse(text)) && iso(Date.parse(text)) === text;
