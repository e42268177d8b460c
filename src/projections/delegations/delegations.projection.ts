import type { StoredFact } from '../../application/event-log.js';
import type { CardType, GrantedThrough } from '../../domain/delegations/delegation.events.js';
import type { FactOf } from '../../domain/facts.js';
import type { Projection } from '../projection.js';
import { tokenOf } from '../sealed.js';
import { ownRows } from '../viewer.js';

/**
 * One row per delegation and account, as NSS107E lists them. Who may read an account is never asked of this
 * table alone: it proposes, the log decides.
 */
export type DelegationRow = {
  /** Of the delegation's first grant: the order of the list. */
  readonly first_ordinal: string;
  readonly delegation_id: string;
  readonly account_id: string;
  readonly company_id: string;
  readonly delegate_id: string;
  readonly stream: string;
  /** The latest grant of this account; it carries the sealed name. */
  readonly granted_fact: string;
  readonly card_type: CardType;
  readonly delegate_name: string;
  readonly through: GrantedThrough;
  readonly granted_at: string;
  readonly expires_on: string | null;
  readonly revoked_at: string | null;
};

const sees = ['DelegationGranted', 'DelegationRevoked'] as const;
type Seen = (typeof sees)[number];

export const delegations: Projection<DelegationRow, Seen> = {
  name: 'delegations',
  version: 1,
  columns: {
    first_ordinal: 'position', delegation_id: 'uuid', account_id: 'uuid', company_id: 'uuid',
    delegate_id: 'uuid', stream: 'code', granted_fact: 'uuid', card_type: 'code', delegate_name: 'sealed',
    through: 'code', granted_at: 'instant', expires_on: 'date', revoked_at: 'instant',
  },
  nullable: ['expires_on', 'revoked_at'],
  primaryKey: ['delegation_id', 'account_id'],
  groupColumn: 'delegation_id',
  indexes: { of_company: '(company_id, first_ordinal)', of_delegate: '(delegate_id)' },
  rowsFor: { person: ownRows.ofEitherApplicant('company_id', 'delegate_id'), staff: 'all' },
  sees,
  groupOf: (fact) => fact.data.delegationId,
  evolve: (rows, fact) => {
    switch (fact.type) {
      case 'DelegationGranted': return granted(rows, fact);
      case 'DelegationRevoked': return revoked(rows, fact.data);
    }
  },
};

function granted(
  rows: readonly DelegationRow[], { data, id, stream, position }: StoredFact<FactOf<'DelegationGranted'>>,
): readonly DelegationRow[] {
  const { delegationId, companyId, delegateId, cardType, accountIds, expiresOn, through, grantedAt } = data;
  const row = {
    first_ordinal: rows[0]?.first_ordinal ?? position, delegation_id: delegationId, company_id: companyId,
    delegate_id: delegateId, stream, granted_fact: id, card_type: cardType,
    delegate_name: tokenOf(data.delegateName), through, granted_at: grantedAt,
    expires_on: expiresOn ?? null, revoked_at: null,
  };
  const others = rows.filter(({ account_id }) => !accountIds.includes(account_id));
  return [...others, ...accountIds.map((accountId) => ({ ...row, account_id: accountId }))];
}

const revoked = (
  rows: readonly DelegationRow[], { accountIds, revokedAt }: FactOf<'DelegationRevoked'>['data'],
): readonly DelegationRow[] => rows.map((row) =>
  (accountIds.includes(row.account_id) ? { ...row, revoked_at: revokedAt } : row));
