import { fold } from '../../../src/domain/decider.js';
import { accountsInForce } from '../../../src/domain/delegations/delegation-state.js';
import { delegationDecider } from '../../../src/domain/delegations/delegation.js';
import type { DelegationFact } from '../../../src/domain/delegations/delegation.events.js';
import { rulesOf } from '../support/given-when-then.js';
import { at, grant, granted, own, revoke, revoked } from './delegation-samples.js';

const { given } = rulesOf(delegationDecider);

describe('granting a delegation', () => {
  it('is told with the company, the delegate, the kind of card and the accounts', () =>
    given().when(grant()).thenFacts(granted()));

  it('may be until a day, today at the earliest', () => {
    given().when(grant({ expiresOn: '2019-06-14' })).thenFacts(granted({ expiresOn: '2019-06-14' }));
    given().when(grant({ expiresOn: '2019-06-13' })).thenRefused('delegation/expiry-past');
    given().when(grant({ expiresOn: '2019-02-30' })).thenRefused('delegation/invalid-expiry');
  });

  it('looks at the day in Taipei', () => {
    const evening = '2019-06-14T16:00:00.000Z';
    given().when(grant({ expiresOn: '2019-06-14', at: evening })).thenRefused('delegation/expiry-past');
    given().when(grant({ expiresOn: '2019-06-14', at: '2019-06-14T15:59:59.999Z' }))
      .thenFacts(granted({ expiresOn: '2019-06-14', grantedAt: '2019-06-14T15:59:59.999Z' }));
  });

  it('says nothing of accounts that are granted until the same day', () => {
    given(granted()).when(grant()).thenNothing();
    given(granted({ accountIds: ['a'] })).when(grant()).thenFacts(granted({ accountIds: ['b'] }));
    given().when(grant({ accounts: [own('a'), own('a')] })).thenFacts(granted({ accountIds: ['a'] }));
  });

  it('is told anew with another last day, and after a revocation', () => {
    given(granted()).when(grant({ expiresOn: '2019-12-31' })).thenFacts(granted({ expiresOn: '2019-12-31' }));
    given(granted(), revoked('a')).when(grant()).thenFacts(granted({ accountIds: ['a'] }));
  });

  it('is for one approval of the account: after another one it is told anew', () => {
    const again = '2019-06-14T02:15:19.527Z';
    const accounts = [own('a', { approvedAt: again }), own('b')];
    given(granted()).when(grant({ accounts, at: again }))
      .thenFacts(granted({ accountIds: ['a'], grantedAt: again }));
  });

  it('comes after the approvals it was decided on, also by a clock that runs behind', () => {
    const ahead = '2019-06-14T02:15:20.000Z';
    given().when(grant({ accounts: [own('a', { approvedAt: ahead }), own('b')] }))
      .thenFacts(granted({ grantedAt: ahead }));
  });

  it('is for companies', () =>
    given().when(grant({ company: { applicantId: 'company-1', isCompany: false } }))
      .thenRefused('delegation/company-only'));

  it('refuses what is not the company’s own, whoever delegated it to them', () => {
    given().when(grant({ accounts: [own('a'), own('b', { ownerId: 'company-2' })] }))
      .thenRefused('delegation/unknown-account');
    given().when(grant({ accounts: [own('x', { ownerId: null, approvedAt: null })] }))
      .thenRefused('delegation/unknown-account');
  });

  it('refuses an account that is not approved, or no longer', () =>
    given().when(grant({ accounts: [own('a'), own('b', { approvedAt: null })] }))
      .thenRefused('delegation/account-not-approved'));

  it('refuses without an account, and without a name that can be shown', () => {
    given().when(grant({ accounts: [] })).thenRefused('delegation/no-account');
    for (const name of [' ', '', '王\u202e小明']) {
      given().when(grant({ delegate: { applicantId: 'ming', name, cardType: '健保卡' } }))
        .thenRefused('delegation/name-required');
    }
  });

  it('keeps to the parties it was begun with', () => {
    const delegate = { applicantId: 'mei', name: '林小美', cardType: '健保卡' } as const;
    given(granted()).when(grant({ delegate })).thenRefused('delegation/unknown');
    given(granted()).when(grant({ delegate: { ...grant().delegate, cardType: '自然人憑證' } }))
      .thenRefused('delegation/unknown');
  });
});

describe('revoking a delegation', () => {
  it('is told of each account that was ticked', () => {
    given(granted()).when(revoke()).thenFacts(revoked('a'));
    given(granted()).when(revoke({ accountIds: ['b', 'a', 'b'] })).thenFacts(revoked('b', 'a'));
  });

  it('says nothing of accounts that are revoked', () => {
    given(granted(), revoked('a')).when(revoke()).thenNothing();
    given(granted(), revoked('a')).when(revoke({ accountIds: ['a', 'b'] })).thenFacts(revoked('b'));
  });

  it('is possible for one that is over', () =>
    given(granted({ expiresOn: '2019-06-01' })).when(revoke()).thenFacts(revoked('a')));

  it('is by the company alone: to others the delegation does not exist', () => {
    given(granted()).when(revoke({ companyId: 'company-2' })).thenRefused('delegation/unknown');
    given().when(revoke()).thenRefused('delegation/unknown');
  });

  it('refuses accounts that were never in it, and none', () => {
    given(granted()).when(revoke({ accountIds: ['a', 'c'] })).thenRefused('delegation/unknown-account');
    given(granted()).when(revoke({ accountIds: [] })).thenRefused('delegation/no-account');
  });
});

describe('what is in force', () => {
  const inForce = (instant: string, ...facts: DelegationFact[]): string[] =>
    [...accountsInForce(fold(delegationDecider, facts), instant).keys()];

  it('is everything granted and not revoked', () => {
    expect(inForce(at)).toEqual([]);
    expect(inForce(at, granted())).toEqual(['a', 'b']);
    expect(inForce(at, granted(), revoked('a'))).toEqual(['b']);
    expect(inForce(at, granted(), revoked('a'), granted({ accountIds: ['a'] }))).toEqual(['a', 'b']);
  });

  it('ends with the last day in Taipei, without anything happening', () => {
    const until = granted({ expiresOn: '2019-06-14' });
    expect(inForce('2019-06-14T15:59:59.999Z', until)).toEqual(['a', 'b']);
    expect(inForce('2019-06-14T16:00:00.000Z', until)).toEqual([]);
  });
});
