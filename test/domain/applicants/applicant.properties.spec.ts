import fc from 'fast-check';
import type { ApplicantCommand } from '../../../src/domain/applicants/applicant.js';
import { applicantDecider } from '../../../src/domain/applicants/applicant.js';
import { applicantKinds } from '../../../src/domain/applicants/applicant.events.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';

const same = {
  applicantId: fc.constant('applicant-1'), by: fc.constant('ming'),
  at: fc.constantFrom('2019-06-14T02:15:19.526Z', '2030-12-31T16:00:00.000Z', 'not an instant'),
};
const register = fc.record({
  ...same, type: fc.constant('RegisterApplicant' as const), kind: fc.constantFrom(...applicantKinds),
  idNumber: fc.oneof(fc.constantFrom('A123456789', 'AB23456789', '04595257'), fc.string()),
  name: fc.oneof(fc.constant('王小明'), fc.string()),
});
const text = fc.string();
const contact = fc.record(
  { phone: text, email: text, address: text, contactPerson: text, fax: text }, { requiredKeys: [] });
const change = fc.record({
  ...same, type: fc.constant('ChangeContact' as const), changeId: fc.constantFrom('change-1', 'change-2'),
  contact,
});
const erase = fc.record({ ...same, type: fc.constant('EraseApplicant' as const) });
const command: fc.Arbitrary<ApplicantCommand> = fc.oneof(
  { weight: 4, arbitrary: register }, { weight: 4, arbitrary: change }, { weight: 1, arbitrary: erase });

describe('the rules of applicants', () => {
  itIsARuleBook({
    decider: applicantDecider, command, seed: 1_020_101,
    facts: ['ApplicantRegistered', 'ApplicantContactChanged', 'ApplicantErased'],
  });

  it('record nothing about who was erased', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 30, size: 'max' }), (commands) => {
      const types = tell(applicantDecider, commands).facts.map(({ type }) => type);
      if (types.includes('ApplicantErased')) expect(types.indexOf('ApplicantErased')).toBe(types.length - 1);
    }), { seed: 1_020_102, numRuns: 300 }));
});
