import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { SealedField } from '../../application/personal-keys.js';
import type { CardType, GrantedThrough } from '../../domain/delegations/delegation.events.js';
import type { AccountRow } from '../accounts/accounts.projection.js';
import { decodeCursor, encodeCursor, ordinalIn } from '../cursor.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import type { Viewer } from '../viewer.js';
import { person } from '../viewer.js';
import type { DelegationRow } from './delegations.projection.js';

export interface DelegatedAccount {
  readonly accountId: string;
  readonly bankCode: string;
  readonly bankName: string | null;
  readonly accountNumber: string;
  readonly accountName: SealedField;
  /** One that its owner gave up since nobody reads by this grant, whether it was approved again or not. */
  readonly isOfTheApproval: boolean;
  readonly through: GrantedThrough;
  readonly grantedAt: string;
  readonly expiresOn: string | null;
  readonly revokedAt: string | null;
}
export interface DelegationView {
  readonly delegationId: string;
  readonly companyId: string;
  readonly delegateId: string;
  readonly cardType: CardType;
  readonly delegateName: SealedField;
  readonly accounts: readonly DelegatedAccount[];
}
export interface DelegationPage {
  readonly delegations: readonly DelegationView[];
  readonly next: string | null;
}

interface OfCompany { readonly companyId: string; readonly limit: number; readonly cursor?: string }
interface ToDelegate { readonly delegateId: string }

/** What a company granted, delegation by delegation, the oldest first. A malformed cursor answers null. */
export class FindDelegationsOf extends Query<DelegationPage | null> {
  constructor(readonly asked: OfCompany) { super(); }
}

/** What somebody was granted, as far as the viewer may see the accounts now. */
export class FindDelegationsTo extends Query<readonly DelegationView[]> {
  constructor(readonly asked: ToDelegate, readonly viewer: Viewer) { super(); }
}

/** Accounts somebody was ever granted, revoked and expired ones too: to ask the log about. */
export interface ProposedAccount { readonly accountId: string; readonly companyId: string }
export class FindProposedAccounts extends Query<readonly ProposedAccount[]> {
  constructor(readonly asked: ToDelegate) { super(); }
}

type Row = DelegationRow & Pick<
  AccountRow, 'bank_code' | 'account_number' | 'account_name' | 'applied_fact'
> & {
  readonly account_stream: string; readonly is_of_the_approval: boolean; readonly bank_name: string | null;
};

const select = `
  SELECT d.first_ordinal, d.delegation_id, d.account_id, d.company_id, d.delegate_id, d.stream,
    d.granted_fact, d.card_type, d.delegate_name, d.through, d.granted_at, d.expires_on, d.revoked_at,
    a.bank_code, a.account_number, a.account_name, a.applied_fact, a.stream AS account_stream,
    a.status = '已核准' AND d.granted_at >= a.decided_at AS is_of_the_approval,
    b.name AS bank_name
  FROM read.delegations AS d
  JOIN read.accounts AS a ON a.account_id = d.account_id
  LEFT JOIN read.bank_directory AS b ON b.code = a.bank_code`;

const ofCompany = `
  WITH page AS (
    SELECT DISTINCT p.first_ordinal FROM read.delegations AS p
    WHERE p.company_id = $1 AND p.first_ordinal > $2::bigint
    ORDER BY p.first_ordinal
    LIMIT $3::integer + 1)
  ${select}
  WHERE d.company_id = $1 AND d.first_ordinal IN (SELECT first_ordinal FROM page)
  ORDER BY d.first_ordinal, a.account_key`;

const toDelegate = `${select}
  WHERE d.delegate_id = $1
  ORDER BY d.first_ordinal, a.account_key`;

const proposed = `
  SELECT d.account_id AS "accountId", d.company_id AS "companyId"
  FROM read.delegations AS d
  WHERE d.delegate_id = $1
  ORDER BY d.first_ordinal, d.account_id`;

@QueryHandler(FindDelegationsOf)
export class FindDelegationsOfHandler implements IQueryHandler<FindDelegationsOf> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute(
    { asked: { companyId, limit, cursor } }: FindDelegationsOf,
  ): Promise<DelegationPage | null> {
    const after = cursor === undefined ? '0' : ordinalIn(decodeCursor(cursor)?.[0]);
    if (after === null) return null;
    const viewer = person({ applicantId: companyId });
    const found = byDelegation(await this.store.query<Row>(viewer, ofCompany, [companyId, after, limit]));
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { delegations: page.map(viewOf), next: last?.[0] ? encodeCursor([last[0].first_ordinal]) : null };
  }
}

@QueryHandler(FindDelegationsTo)
export class FindDelegationsToHandler implements IQueryHandler<FindDelegationsTo> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked: { delegateId }, viewer }: FindDelegationsTo): Promise<readonly DelegationView[]> {
    return byDelegation(await this.store.query<Row>(viewer, toDelegate, [delegateId])).map(viewOf);
  }
}

@QueryHandler(FindProposedAccounts)
export class FindProposedAccountsHandler implements IQueryHandler<FindProposedAccounts> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  execute({ asked: { delegateId } }: FindProposedAccounts): Promise<readonly ProposedAccount[]> {
    return this.store.query<ProposedAccount>(person({ applicantId: delegateId }), proposed, [delegateId]);
  }
}

function byDelegation(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.delegation_id, [...(groups.get(row.delegation_id) ?? []), row]);
  return [...groups.values()];
}

function viewOf(rows: readonly Row[]): DelegationView {
  const [row] = rows;
  if (!row) throw new Error('a delegation without an account');
  return {
    delegationId: row.delegation_id, companyId: row.company_id, delegateId: row.delegate_id,
    cardType: row.card_type,
    delegateName: {
      token: row.delegate_name,
      at: { stream: row.stream, eventId: row.granted_fact, field: 'delegateName' },
    },
    accounts: rows.map(accountOf),
  };
}

const accountOf = (row: Row): DelegatedAccount => ({
  accountId: row.account_id, bankCode: row.bank_code, bankName: row.bank_name,
  accountNumber: row.account_number,
  accountName: {
    token: row.account_name,
    at: { stream: row.account_stream, eventId: row.applied_fact, field: 'accountName' },
  },
  isOfTheApproval: row.is_of_the_approval, through: row.through, grantedAt: row.granted_at,
  expiresOn: row.expires_on, revokedAt: row.revoked_at,
});
