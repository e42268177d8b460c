import type {
  AccountToDelegate, GrantDelegation, RevokeDelegation,
} from '../../../src/domain/delegations/delegation.js';
import type {
  DelegationGranted, DelegationRevoked,
} from '../../../src/domain/delegations/delegation.events.js';

export const delegationId = 'delegation-1';
/** 10:15 on 14 June in Taipei. */
export const at = '2019-06-14T02:15:19.526Z';
/** Of the accounts, two days before. */
export const approved = '2019-06-12T02:15:19.526Z';

export const own = (accountId: string, changes: Partial<AccountToDelegate> = {}): AccountToDelegate =>
  ({ accountId, ownerId: 'company-1', approvedAt: approved, ...changes });

export const grant = (changes: Partial<GrantDelegation> = {}): GrantDelegation => ({
  type: 'GrantDelegation', delegationId, company: { applicantId: 'company-1', isCompany: true },
  delegate: { applicantId: 'ming', name: '王小明', cardType: '健保卡' }, accounts: [own('a'), own('b')],
  expiresOn: null, through: 'verification', by: 'chen', at, ...changes,
});
export const revoke = (changes: Partial<RevokeDelegation> = {}): RevokeDelegation => ({
  type: 'RevokeDelegation', delegationId, companyId: 'company-1', accountIds: ['a'], by: 'chen', at,
  ...changes,
});

export const granted = (changes: Partial<DelegationGranted['data']> = {}): DelegationGranted => ({
  type: 'DelegationGranted',
  data: {
    delegationId, companyId: 'company-1', delegateId: 'ming', cardType: '健保卡',
    delegateName: { plain: '王小明' }, accountIds: ['a', 'b'], through: 'verification', grantedBy: 'chen',
    grantedAt: at, ...changes,
  },
});
export const revoked = (...accountIds: string[]): DelegationRevoked =>
  ({ type: 'DelegationRevoked', data: { delegationId, accountIds, revokedBy: 'chen', revokedAt: at } });
