import fc from 'fast-check';
import { fold } from '../../../src/domain/decider.js';
import { accountsInForce } from '../../../src/domain/delegations/delegation-state.js';
import type { DelegationCommand } from '../../../src/domain/delegations/delegation.js';
import { delegationDecider } from '../../../src/domain/delegations/delegation.js';
import { cardTypes } from '../../../src/domain/delegations/delegation.events.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';
import { approved, delegationId } from './delegation-samples.js';

const accountId = fc.constantFrom('a', 'b', 'c');
const instant = fc.constantFrom(
  '2019-06-14T02:15:19.526Z', '2019-06-14T16:00:00.000Z', '2019-06-30T15:59:59.999Z');
const companyId = fc.constantFrom('company-1', 'company-1', 'company-1', 'company-2');

const command: fc.Arbitrary<DelegationCommand> = fc.oneof(
  fc.record({
    type: fc.constant('GrantDelegation' as const), delegationId: fc.constant(delegationId),
    company: fc.record({ applicantId: companyId, isCompany: fc.constantFrom(true, true, true, false) }),
    delegate: fc.record({
      applicantId: fc.constantFrom('ming', 'ming', 'ming', 'mei'),
      name: fc.oneof(fc.constant('王小明'), fc.string()), cardType: fc.constantFrom('健保卡', ...cardTypes),
    }),
    accounts: fc.array(fc.record({
      accountId, ownerId: fc.constantFrom('company-1', 'company-1', 'company-1', 'company-2', null),
      approvedAt: fc.constantFrom(approved, approved, '2019-06-14T02:15:19.527Z', null),
    }), { maxLength: 3 }),
    expiresOn: fc.oneof(fc.constantFrom(null, '2019-06-14', '2019-06-20', '2019-12-31'), fc.string()),
    through: fc.constantFrom('verification' as const, 'invitation' as const),
    by: fc.constant('chen'), at: instant,
  }),
  fc.record({
    type: fc.constant('RevokeDelegation' as const), delegationId: fc.constant(delegationId), companyId,
    accountIds: fc.array(accountId, { maxLength: 3 }), by: fc.constant('chen'), at: instant,
  }),
);
const story = fc.array(command, { maxLength: 30, size: 'max' });

describe('the rules of delegations', () => {
  itIsARuleBook({
    decider: delegationDecider, command, seed: 1_020_401, facts: ['DelegationGranted', 'DelegationRevoked'],
  });

  it('never give away what is not the company’s own and approved', () =>
    fc.assert(fc.property(story, (commands) => {
      for (const obeyed of tell(delegationDecider, commands).obeyed) {
        if (obeyed.type !== 'GrantDelegation') continue;
        const { company, accounts } = obeyed;
        expect(company.isCompany).toBe(true);
        expect(accounts.every(({ ownerId, approvedAt }) =>
          approvedAt !== null && ownerId === company.applicantId)).toBe(true);
      }
    }), { seed: 1_020_402, numRuns: 300 }));

  it('let nothing be read that was revoked since it was last granted', () =>
    fc.assert(fc.property(story, instant, (commands, now) => {
      const last = new Map<string, boolean>();
      const { facts } = tell(delegationDecider, commands);
      for (const { type, data } of facts) {
        for (const id of data.accountIds) last.set(id, type === 'DelegationGranted');
      }
      const open = [...accountsInForce(fold(delegationDecider, facts), now).keys()];
      expect(open.filter((id) => last.get(id) !== true)).toEqual([]);
    }), { seed: 1_020_403, numRuns: 300 }));
});
