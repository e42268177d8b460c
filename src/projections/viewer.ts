/**
 * On whose behalf a query runs. PostgreSQL shows it no other rows, whatever its SQL asks for.
 * `person`: what is named here, and public tables; nothing named, nothing but these. `staff`: every case.
 */
export type Viewer =
  | { readonly kind: 'staff' }
  | { readonly kind: 'person'; readonly sees: VisibleRows };

/** Decided from the log and the credential, apart from the filters of any query. */
export interface VisibleRows {
  /** Whose own sign-ins. */
  readonly personId?: string;
  /** Whose own record and applications. */
  readonly applicantId?: string;
  /** Which the log says may be read now. */
  readonly accounts?: readonly { readonly accountId: string; readonly accountKey: string }[];
  /** Whose account the log says may be read now. */
  readonly paymentId?: string;
}

export const staff: Viewer = { kind: 'staff' };
export const anybody: Viewer = { kind: 'person', sees: {} };
export const person = (sees: VisibleRows): Viewer => ({ kind: 'person', sees });

/** Which rows of a table who sees: all, none, or those of which the SQL condition is true. */
export interface RowVisibility {
  readonly person: 'all' | 'none' | { readonly where: string };
  readonly staff: 'all' | 'none';
}

/** What a viewer brings with every query, as settings of its transaction alone. */
export const viewerSettings = [
  'treasury.person', 'treasury.applicant', 'treasury.account_ids', 'treasury.account_keys',
  'treasury.payment',
] as const;
type Setting = (typeof viewerSettings)[number];

/** In a subquery, so that it is read once per query and not per row, and may be an index's condition. */
const one = (setting: Setting): string => `(SELECT nullif(current_setting('${setting}', true), '')::uuid)`;
const eachUuid = (setting: Setting): string =>
  `ANY ((SELECT string_to_array(current_setting('${setting}', true), ','))::uuid[])`;

/** Conditions for a table's rows, over the column that says whose they are. */
export const ownRows = {
  ofPerson: (column: string) => ({ where: `${column} = ${one('treasury.person')}` }),
  ofApplicant: (column: string) => ({ where: `${column} = ${one('treasury.applicant')}` }),
  ofPayment: (column: string) => ({ where: `${column} = ${one('treasury.payment')}` }),
  /** Of two applicants who share them. */
  ofEitherApplicant: (first: string, second: string) => ({
    where: `${first} = ${one('treasury.applicant')} OR ${second} = ${one('treasury.applicant')}`,
  }),
  /**
   * Account keys: what payments are found by, always beside keys that were asked for, and so by index. Not in
   * a subquery: PostgreSQL plans for the keys themselves, and sees what a year of twenty accounts comes to.
   */
  inAccounts: (column: string) => ({
    where: `${column} = ANY (string_to_array(current_setting('treasury.account_keys', true), ','))`,
  }),
  /** One's own applications in every status, and readable accounts of others. */
  ofApplicantOrAccounts: (applicant: string, account: string) => ({
    where: `${applicant} = ${one('treasury.applicant')}
      OR ${account} = ${eachUuid('treasury.account_ids')}`,
  }),
} as const;

/** In the order of `viewerSettings`, all of them each time: nothing of an earlier query is left. */
export function settingsOf(viewer: Viewer): readonly string[] {
  const { personId = '', applicantId = '', accounts = [], paymentId = '' } =
    viewer.kind === 'staff' ? {} : viewer.sees;
  const ids = accounts.map(({ accountId }) => accountId);
  const keys = accounts.map(({ accountKey }) => accountKey);
  return [personId, applicantId, ids.join(','), keys.join(','), paymentId];
}
