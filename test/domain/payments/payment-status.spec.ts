import type { PaymentFact, PaymentStatus } from '../../../src/domain/payments/payment.events.js';
import { paymentStatuses } from '../../../src/domain/payments/payment.events.js';
import { paymentDecider } from '../../../src/domain/payments/payment.js';
import type { StatusCommand } from '../../../src/domain/payments/payment-status.js';
import { rulesOf } from '../support/given-when-then.js';
import {
  cancel, cancelled, chequeIssued, corrected, giveBack, issueCheque, recorded, reissue, reissued, remit,
  remitted,
  returned,
} from './payment-samples.js';

const { given } = rulesOf(paymentDecider);

const reached: Record<PaymentStatus, readonly PaymentFact[]> = {
  待匯款: [recorded()],
  已匯款: [recorded(), remitted()],
  退匯: [recorded(), remitted(), returned()],
  重匯: [recorded(), remitted(), returned(), reissued()],
  改簽支票: [recorded(), chequeIssued()],
  註銷: [recorded(), cancelled()],
};
/** Dated after everything above, so that only the order of statuses can stand in the way. */
const later = '2019-06-30';
const moves: readonly (readonly [PaymentStatus, StatusCommand, PaymentFact])[] = [
  ['已匯款', remit(later), remitted({ remittedOn: later })],
  ['退匯', giveBack({ on: later }), returned({ returnedOn: later })],
  ['重匯', reissue(later), reissued({ reissuedOn: later })],
  ['改簽支票', issueCheque(later), chequeIssued({ issuedOn: later })],
  ['註銷', cancel(later), cancelled({ cancelledOn: later })],
];
const allowed: Record<PaymentStatus, readonly PaymentStatus[]> = {
  待匯款: ['已匯款', '改簽支票', '註銷'], 已匯款: ['退匯'], 退匯: ['重匯', '改簽支票', '註銷'],
  重匯: ['退匯'], 改簽支票: ['註銷'], 註銷: [],
};

describe.each(paymentStatuses)('a payment that is %s', (status) => {
  for (const [next, command, fact] of moves) {
    const past = given(...reached[status]);
    if (allowed[status].includes(next)) it(`may become ${next}`, () => past.when(command).thenFacts(fact));
    else it(`cannot become ${next}`, () => past.when(command).thenRefused('payment/status-not-allowed'));
  }
});

describe('a change of status', () => {
  it.each([remit(), giveBack(), reissue(), issueCheque(), cancel()])(
    'refuses a payment never recorded: $type',
    (command) => given().when(command).thenRefused('payment/unknown'));

  it.each([
    ['已匯款', remit()], ['退匯', giveBack()], ['重匯', reissue()], ['改簽支票', issueCheque()], ['註銷', cancel()],
  ] as const)('to %s says nothing when delivered again', (status, command) =>
    given(...reached[status]).when(command).thenNothing());

  it('says nothing when delivered again late, after other changes and in another batch', () => {
    const past = [
      ...reached.重匯, returned({ returnedOn: '2019-05-25' }), chequeIssued({ issuedOn: '2019-05-30' }),
    ];
    given(...past).when(remit()).thenNothing();
    given(...past).when({ ...giveBack(), batchId: 'batch-2' }).thenNothing();
    given(...past).when(reissue()).thenNothing();
  });

  it('says nothing when it repeats the status the payment was first delivered in', () =>
    given(recorded({ status: '已匯款' })).when(remit('2019-05-10')).thenNothing());

  it('is another change with another date, reason or note', () => {
    given(...reached.退匯).when(giveBack({ on: '2019-05-16' })).thenRefused('payment/status-not-allowed');
    given(...reached.退匯).when(giveBack({ reason: '戶名不符' })).thenRefused('payment/status-not-allowed');
    given(...reached.退匯).when(giveBack({ explanation: '少一碼' })).thenRefused('payment/status-not-allowed');
    given(...reached.已匯款).when(remit('2019-05-13', '附言')).thenRefused('payment/status-not-allowed');
  });

  it('takes an empty note for none', () => given(...reached.已匯款).when(remit('2019-05-13', '')).thenNothing());

  it('keeps its note', () =>
    given(recorded()).when(remit('2019-05-13', '附言')).thenFacts(remitted({ note: '附言' })));

  it('may be returned a second time after a second attempt', () =>
    given(...reached.重匯).when(giveBack({ on: '2019-05-25' }))
      .thenFacts(returned({ returnedOn: '2019-05-25' })));

  it('may fall on the day of the status before, and not earlier', () => {
    given(...reached.已匯款).when(giveBack({ on: '2019-05-13' }))
      .thenFacts(returned({ returnedOn: '2019-05-13' }));
    given(...reached.已匯款).when(giveBack({ on: '2019-05-12' }))
      .thenRefused('payment/date-before-previous-status');
  });

  it('is not earlier than the day of payment, as corrected', () => {
    given(recorded()).when(remit('2019-05-09')).thenRefused('payment/date-before-previous-status');
    given(recorded(), corrected({ correction: { paymentDate: '2019-05-08' } })).when(remit('2019-05-09'))
      .thenFacts(remitted({ remittedOn: '2019-05-09' }));
  });

  it('refuses a day no calendar has', () =>
    given(recorded()).when(remit('2019-02-29')).thenRefused('payment/invalid-date'));

  it('refuses a reason for a return that is not on the list', () =>
    given(...reached.已匯款).when(giveBack({ reason: '不明' as '其他' }))
      .thenRefused('payment/unknown-return-reason'));

  it('takes words up to 200 characters, all of them printable', () => {
    const words = '字'.repeat(200);
    given(recorded()).when(remit('2019-05-13', words)).thenFacts(remitted({ note: words }));
    given(recorded()).when(remit('2019-05-13', `${words}字`)).thenRefused('payment/reason-too-long');
    given(recorded()).when(remit('2019-05-13', '附\0言')).thenRefused('payment/unprintable-text');
    given(recorded()).when(cancel('2019-05-13', `${words}字`)).thenRefused('payment/reason-too-long');
    given(...reached.已匯款).when(giveBack({ explanation: `${words}字` })).thenRefused('payment/reason-too-long');
  });
});
