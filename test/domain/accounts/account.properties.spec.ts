import fc from 'fast-check';
import type { AccountCommand } from '../../../src/domain/accounts/account.js';
import { accountDecider } from '../../../src/domain/accounts/account.js';
import { rejectionReasons } from '../../../src/domain/accounts/account.events.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';
import { accountId, at } from './account-samples.js';

const person = fc.constantFrom('ming', 'lin', 'applicant-1', 'applicant-2');
const applicant = fc.constantFrom('applicant-1', 'applicant-1', 'applicant-2');
const reviewer = fc.record({ by: person, applicantId: applicant }, { requiredKeys: ['by'] });
const same = { accountId: fc.constant(accountId), at: fc.constant(at) };
const bank = fc.record({ exists: fc.boolean(), online: fc.boolean() });

const command: fc.Arbitrary<AccountCommand> = fc.oneof(
  fc.record({
    ...same, type: fc.constant('ApplyAccount' as const), by: person, applicantId: applicant,
    applicationId: fc.constantFrom('application-1', 'application-2', 'application-3'),
    bankCode: fc.oneof(fc.constantFrom('0040037', '7000021'), fc.string()),
    accountNumber: fc.oneof(fc.constantFrom('109012345678', '00010061234569'), fc.string()),
    accountName: fc.oneof(fc.constant('王小明'), fc.string()),
    bank: fc.oneof(fc.constant({ exists: true, online: true }), bank),
  }),
  fc.record({ ...same, type: fc.constant('ApproveAccount' as const), reviewer }),
  fc.record({
    ...same, type: fc.constant('RejectAccount' as const), reviewer,
    reason: fc.constantFrom(...rejectionReasons),
    explanation: fc.option(fc.string(), { nil: undefined }),
  }),
  fc.record({
    ...same, type: fc.constant('WithdrawApplication' as const), applicantId: applicant, by: person,
  }),
  fc.record({ ...same, type: fc.constant('RemoveAccount' as const), applicantId: applicant, by: person }),
);

describe('the rules of accounts', () => {
  itIsARuleBook({
    decider: accountDecider, command, seed: 1_020_001,
    facts: ['AccountApplied', 'AccountApproved', 'AccountRejected', 'ApplicationWithdrawn', 'AccountRemoved'],
  });

  it('never let anyone judge what they filed or what is theirs', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 30, size: 'max' }), (commands) => {
      let filed = { by: '', applicantId: '' };
      for (const fact of tell(accountDecider, commands).facts) {
        if (fact.type === 'AccountApplied') {
          filed = { by: fact.data.appliedBy, applicantId: fact.data.applicantId };
        }
        if (fact.type === 'AccountApproved') expect(Object.values(filed)).not.toContain(fact.data.approvedBy);
        if (fact.type === 'AccountRejected') expect(Object.values(filed)).not.toContain(fact.data.rejectedBy);
      }
    }), { seed: 1_020_002, numRuns: 300 }));

  it('never record an application twice', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 30, size: 'max' }), (commands) => {
      const ids = tell(accountDecider, commands).facts
        .flatMap((fact) => (fact.type === 'AccountApplied' ? [fact.data.applicationId] : []));
      expect(new Set(ids).size).toBe(ids.length);
    }), { seed: 1_020_003, numRuns: 300 }));
});
