import type { PendingApplication, PendingApplications } from '../../application/identity/identity-stores.js';
import type { ReadStore } from '../../projections/projection.js';
import { staff } from '../../projections/viewer.js';

const of = `
  SELECT a.account_id AS "accountId", a.applicant_id AS "applicantId"
  FROM read.accounts AS a
  WHERE a.applicant_id = $1 AND a.status = '審核中'
  ORDER BY a.applied_ordinal`;

const ofErased = `
  SELECT a.account_id AS "accountId", a.applicant_id AS "applicantId"
  FROM read.accounts AS a
  JOIN read.applicants AS p ON p.applicant_id = a.applicant_id
  WHERE a.status = '審核中' AND p.erased_at IS NOT NULL
  ORDER BY a.applied_ordinal
  LIMIT $1`;

/** What the reviewers' queue shows of people who are, or are to be, no more. */
export class QueuedApplications implements PendingApplications {
  constructor(private readonly store: ReadStore) {}

  of(applicantId: string): Promise<readonly PendingApplication[]> {
    return this.store.query<PendingApplication>(staff, of, [applicantId]);
  }

  ofErased(limit: number): Promise<readonly PendingApplication[]> {
    return this.store.query<PendingApplication>(staff, ofErased, [limit]);
  }
}
