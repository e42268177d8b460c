import type { FactOf } from '../../src/domain/facts.js';
import { delegations } from '../../src/projections/delegations/delegations.projection.js';
import { signIns } from '../../src/projections/sign-ins/sign-ins.projection.js';
import { rowsAfter } from './support/stored.js';

const at = '2024-05-10T01:00:00.000Z';
const granted = (
  accountIds: string[], changes: Partial<FactOf<'DelegationGranted'>['data']> = {},
): FactOf<'DelegationGranted'> => ({
  type: 'DelegationGranted',
  data: {
    delegationId: 'd', companyId: 'c', delegateId: 'ming', cardType: '健保卡',
    delegateName: { sealed: 'name' }, accountIds, through: 'verification', grantedBy: 'chen', grantedAt: at,
    ...changes,
  },
});
const revoked = (...accountIds: string[]): FactOf<'DelegationRevoked'> =>
  ({ type: 'DelegationRevoked', data: { delegationId: 'd', accountIds, revokedBy: 'chen', revokedAt: at } });

describe('a delegation', () => {
  it('is a row for each account, in the order of the first grant', () => {
    const later = granted(['b'], { expiresOn: '2024-12-31' });
    expect(rowsAfter(delegations, granted(['a']), later)).toMatchObject([
      { account_id: 'a', first_ordinal: '1', company_id: 'c', delegate_id: 'ming', expires_on: null },
      { account_id: 'b', first_ordinal: '1', expires_on: '2024-12-31', revoked_at: null },
    ]);
  });

  it('shows an account as revoked, and the others as they were', () =>
    expect(rowsAfter(delegations, granted(['a', 'b']), revoked('b'))).toMatchObject([
      { account_id: 'a', revoked_at: null }, { account_id: 'b', revoked_at: at },
    ]));

  it('granted anew begins anew, with the fact that carries the name', () => {
    const grantedAt = '2024-06-01T01:00:00.000Z';
    const [row] = rowsAfter(delegations, granted(['a']), revoked('a'), granted(['a'], { grantedAt }));
    expect(row).toMatchObject({ revoked_at: null, granted_at: grantedAt, first_ordinal: '1' });
    expect(row?.granted_fact).toMatch(/03$/);
  });
});

describe('the record of sign-ins', () => {
  it('says what a certificate was shown for', () =>
    expect(rowsAfter(signIns, {
      type: 'CertificateAccepted',
      data: { personId: 'ming', attemptId: 'x', purpose: 'delegate-verification', acceptedAt: at },
    })).toMatchObject([{ purpose: 'delegate-verification', method: 'certificate' }]));
});
