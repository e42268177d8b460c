import type { AcceptOffer, OfferDelegation } from '../../../src/domain/delegations/delegation-offer.js';
import {
  asOffered, delegationOfferDecider, offersADay,
} from '../../../src/domain/delegations/delegation-offer.js';
import type { DelegationOfferFact } from '../../../src/domain/delegations/delegation-offer.events.js';
import { rulesOf } from '../support/given-when-then.js';
import { at, own } from './delegation-samples.js';

const { given } = rulesOf(delegationOfferDecider);
const validUntil = '2019-06-19T02:15:19.526Z';

const offer = (changes: Partial<OfferDelegation> = {}): OfferDelegation => ({
  type: 'OfferDelegation', offerId: 'offer-1', company: { applicantId: 'company-1', isCompany: true },
  accounts: [own('a')], expiresOn: null, email: 'ming@example.org', by: 'chen', at, ...changes,
});
const offered = (changes: { offerId?: string; expiresOn?: string } = {}): DelegationOfferFact => ({
  type: 'DelegationOffered',
  data: {
    offerId: 'offer-1', companyId: 'company-1', accountIds: ['a'], email: { plain: 'ming@example.org' },
    validUntil, offeredBy: 'chen', offeredAt: at, ...changes,
  },
});
const accept = (changes: Partial<AcceptOffer> = {}): AcceptOffer => ({
  type: 'AcceptOffer', offerId: 'offer-1', delegateId: 'ming', cardType: '健保卡', by: 'ming', at, ...changes,
});
const accepted: DelegationOfferFact = {
  type: 'DelegationOfferAccepted',
  data: { offerId: 'offer-1', delegateId: 'ming', cardType: '健保卡', acceptedBy: 'ming', acceptedAt: at },
};
const withdraw = { type: 'WithdrawOffer', offerId: 'offer-1', by: 'chen', at } as const;
const withdrawn: DelegationOfferFact =
  { type: 'DelegationOfferWithdrawn', data: { offerId: 'offer-1', withdrawnBy: 'chen', withdrawnAt: at } };

describe('inviting a delegate', () => {
  it('says which accounts, until when, and for how long the invitation is open', () => {
    given().when(offer()).thenFacts(offered());
    given().when(offer({ expiresOn: '2019-12-31' })).thenFacts(offered({ expiresOn: '2019-12-31' }));
    given(offered()).when(offer()).thenNothing();
  });

  it('is refused for what could not be granted either', () => {
    given().when(offer({ accounts: [own('a', { ownerId: 'company-2' })] }))
      .thenRefused('delegation/unknown-account');
    given().when(offer({ accounts: [own('a', { approvedAt: null })] }))
      .thenRefused('delegation/account-not-approved');
    given().when(offer({ company: { applicantId: 'ming', isCompany: false } }))
      .thenRefused('delegation/company-only');
    given().when(offer({ at: 'now' })).thenRefused('delegation-offer/invalid-time');
  });

  it('is for the approvals of that moment, not for one that comes later', () => {
    const [a, b] = [own('a'), own('b', { approvedAt: '2019-06-14T02:15:19.527Z' })];
    expect(asOffered([a, b], { offeredAt: at })).toEqual([a, own('b', { approvedAt: null })]);
    const offeredAt = '2019-06-14T02:15:19.527Z';
    given().when(offer({ accounts: [b] })).thenFacts({
      ...offered(), data: {
        ...offered().data, accountIds: ['b'], offeredAt, validUntil: '2019-06-19T02:15:19.527Z',
      },
    } as DelegationOfferFact);
  });

  it('is refused after so many of one day, and possible on the next', () => {
    const many = Array.from({ length: offersADay }, (_, n) => offered({ offerId: `earlier-${n}` }));
    given(...many).when(offer()).thenRefused('delegation-offer/too-many');
    given(...many.slice(1)).when(offer()).thenFacts(offered());
    const next = offer({ at: '2019-06-14T16:00:00.000Z' });
    given(...many).when(next).thenFacts({
      ...offered(), data: {
        ...offered().data, offeredAt: next.at, validUntil: '2019-06-19T16:00:00.000Z',
      },
    } as DelegationOfferFact);
  });
});

describe('accepting an invitation', () => {
  it('is told with who accepted, and with which kind of card', () =>
    given(offered()).when(accept()).thenFacts(accepted));

  it('is for one person: once more by the same is nothing new, by another refused', () => {
    given(offered(), accepted).when(accept()).thenNothing();
    given(offered(), accepted).when(accept({ delegateId: 'mei' })).thenRefused('delegation-offer/closed');
  });

  it('is possible for five days, and not once it was withdrawn', () => {
    given(offered()).when(accept({ at: '2019-06-19T02:15:19.527Z' })).thenRefused('delegation-offer/expired');
    given(offered(), withdrawn).when(accept()).thenRefused('delegation-offer/closed');
    given().when(accept()).thenRefused('delegation-offer/unknown');
  });
});

describe('withdrawing an invitation', () => {
  it('is told once, before somebody accepted', () => {
    given(offered()).when(withdraw).thenFacts(withdrawn);
    given(offered(), withdrawn).when(withdraw).thenNothing();
    given(offered(), accepted).when(withdraw).thenRefused('delegation-offer/closed');
    given().when(withdraw).thenRefused('delegation-offer/unknown');
  });
});
