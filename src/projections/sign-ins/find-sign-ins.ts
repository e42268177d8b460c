import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor, lastOrdinal, ordinalIn } from '../cursor.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import type { Viewer } from '../viewer.js';
import type { SignInMethod, SignInResult, SignInRow } from './sign-ins.projection.js';

export interface SignInView {
  readonly attemptId: string;
  readonly method: SignInMethod;
  readonly agentId: string | null;
  readonly purpose: SignInRow['purpose'];
  readonly result: SignInResult;
  readonly triedAt: string;
  readonly suspendedUntil: string | null;
}
export interface SignInPage { readonly signIns: readonly SignInView[]; readonly next: string | null }

interface Asked { readonly personId: string; readonly limit: number; readonly cursor?: string }

/** 最近登入記錄 of one person, the latest first. A malformed cursor answers null. */
export class FindSignIns extends Query<SignInPage | null> {
  constructor(readonly asked: Asked, readonly viewer: Viewer) { super(); }
}

const sql = `
  SELECT s.ordinal::text AS ordinal, s.attempt_id, s.method, s.agent_id, s.purpose, s.result, s.tried_at,
    s.suspended_until
  FROM read.sign_ins AS s
  WHERE s.person_id = $1 AND s.ordinal < $2::bigint
  ORDER BY s.ordinal DESC
  LIMIT $3::integer + 1`;

@QueryHandler(FindSignIns)
export class FindSignInsHandler implements IQueryHandler<FindSignIns> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked, viewer }: FindSignIns): Promise<SignInPage | null> {
    const { personId, limit, cursor } = asked;
    const before = cursor === undefined ? lastOrdinal : ordinalIn(decodeCursor(cursor)?.[0]);
    if (before === null) return null;
    const rows = await this.store.query<SignInRow>(viewer, sql, [personId, before, limit]);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { signIns: shown.map(viewOf), next: last ? encodeCursor([last.ordinal]) : null };
  }
}

const viewOf = (row: SignInRow): SignInView => ({
  attemptId: row.attempt_id, method: row.method, agentId: row.agent_id, purpose: row.purpose,
  result: row.result, triedAt: row.tried_at, suspendedUntil: row.suspended_until,
});
