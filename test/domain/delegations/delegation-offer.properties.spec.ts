import fc from 'fast-check';
import { fold } from '../../../src/domain/decider.js';
import type { DelegationOfferCommand } from '../../../src/domain/delegations/delegation-offer.js';
import {
  acceptWithinMs, delegationOfferDecider, offersADay,
} from '../../../src/domain/delegations/delegation-offer.js';
import { cardTypes } from '../../../src/domain/delegations/delegation.events.js';
import { taipeiDate } from '../../../src/domain/roc-date.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';
import { approved } from './delegation-samples.js';

/** Two days in Taipei, the last instant an offer of the first is open, and one too late. */
const instants = [
  '2019-06-14T02:15:19.526Z', '2019-06-14T15:59:59.999Z', '2019-06-14T16:00:00.000Z',
  '2019-06-19T02:15:19.526Z', '2019-06-19T02:15:19.527Z',
] as const;
const at = fc.constantFrom(...instants);
/** Few enough to meet again, many enough to reach the limit of a day. */
const offerId = fc.integer({ min: 1, max: 30 }).map((n) => `offer-${n}`);
const fewIds = fc.integer({ min: 1, max: 3 }).map((n) => `offer-${n}`);
const by = fc.constant('chen');

const offering = {
  type: fc.constant('OfferDelegation' as const),
  company: fc.record({
    applicantId: fc.constant('company-1'), isCompany: fc.constantFrom(true, true, true, true, false),
  }),
  accounts: fc.array(fc.record({
    accountId: fc.constantFrom('a', 'b', 'c'),
    approvedAt: fc.constantFrom(approved, approved, approved, instants[1], null),
    ownerId: fc.constantFrom('company-1', 'company-1', 'company-1', 'company-1', 'company-2', null),
  }), { minLength: 1, maxLength: 2 }),
  expiresOn: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(null, '2019-06-19', '2019-12-31') },
    { weight: 1, arbitrary: fc.string() }),
  email: fc.string(), by,
};
const taking = {
  type: fc.constant('AcceptOffer' as const), delegateId: fc.constantFrom('ming', 'mei'),
  cardType: fc.constantFrom(...cardTypes), by: fc.constant('ming'), at,
};
const withdrawing = { type: fc.constant('WithdrawOffer' as const), by, at };

const command: fc.Arbitrary<DelegationOfferCommand> = fc.oneof(
  fc.record({ ...offering, offerId: fewIds, at: fc.oneof(at, fc.constant('not an instant')) }),
  fc.record({ ...taking, offerId: fewIds }),
  fc.record({ ...withdrawing, offerId: fewIds }));
const story = fc.array(command, { maxLength: 30, size: 'max' });

/** Nearly all of it invitations, on one day or around its end. */
const busyDay = fc.array(fc.oneof(
  { weight: 9, arbitrary: fc.record({
    ...offering, offerId, company: fc.constant({ applicantId: 'company-1', isCompany: true }),
    accounts: fc.constant([{ accountId: 'a', ownerId: 'company-1', approvedAt: approved }]),
    expiresOn: fc.constant(null), at: fc.constantFrom(...instants.slice(0, 3)),
  }) },
  { weight: 1, arbitrary: fc.record({ ...withdrawing, offerId }) }),
{ minLength: 40, maxLength: 80, size: 'max' });

describe('the rules of invitations', () => {
  itIsARuleBook({
    decider: delegationOfferDecider, command, seed: 1_020_501,
    facts: ['DelegationOffered', 'DelegationOfferAccepted', 'DelegationOfferWithdrawn'],
  });

  it('end an invitation once: it is accepted by one person in time, or withdrawn', () =>
    fc.assert(fc.property(story, (commands) => {
      const { facts } = tell(delegationOfferDecider, commands);
      const { offers } = fold(delegationOfferDecider, facts);
      for (const [id, { validUntil, offeredAt }] of offers) {
        expect(Date.parse(validUntil) - Date.parse(offeredAt)).toBe(acceptWithinMs);
        const [begun, ...ends] = facts.filter(({ data }) => data.offerId === id);
        expect(begun?.type).toBe('DelegationOffered');
        expect(ends.length).toBeLessThanOrEqual(1);
        for (const end of ends) {
          if (end.type === 'DelegationOfferAccepted') expect(end.data.acceptedAt <= validUntil).toBe(true);
        }
      }
    }), { seed: 1_020_502, numRuns: 300 }));

  it('offer only what is the company’s own and approved', () =>
    fc.assert(fc.property(story, (commands) => {
      for (const obeyed of tell(delegationOfferDecider, commands).obeyed) {
        if (obeyed.type !== 'OfferDelegation') continue;
        const { company, accounts } = obeyed;
        expect(company.isCompany).toBe(true);
        expect(accounts.every(({ ownerId, approvedAt }) =>
          approvedAt !== null && ownerId === company.applicantId)).toBe(true);
      }
    }), { seed: 1_020_503, numRuns: 300 }));

  it('never let a company invite more people in a day than the limit, which is reached', () => {
    let most = 0;
    fc.assert(fc.property(busyDay, (commands) => {
      const days = new Map<string, number>();
      for (const fact of tell(delegationOfferDecider, commands).facts) {
        if (fact.type !== 'DelegationOffered') continue;
        const day = taipeiDate(fact.data.offeredAt);
        days.set(day, (days.get(day) ?? 0) + 1);
      }
      most = Math.max(most, ...days.values());
      expect(most).toBeLessThanOrEqual(offersADay);
    }), { seed: 1_020_504, numRuns: 100 });
    expect(most).toBe(offersADay);
  });
});
