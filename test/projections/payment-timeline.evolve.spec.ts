import type { DomainFact } from '../../src/domain/facts.js';
import { paymentTimeline } from '../../src/projections/payment-timeline/payment-timeline.projection.js';
import { paymentRecorded, rowsAfter } from './support/stored.js';

describe('the timeline of a payment', () => {
  const recorded = paymentRecorded();
  const { paymentId } = recorded.data;
  const steps: DomainFact[] = [
    recorded,
    {
      type: 'RemittanceReturned',
      data: { paymentId, reason: '戶名不符', explanation: '少一字', returnedOn: '2024-05-13', batchId: 'b-2' },
    },
    {
      type: 'PaymentCorrected',
      data: {
        paymentId, correction: { accountNumber: '777' }, reason: '帳號誤植', correctedBy: 'op',
        correctedAt: '2024-05-14T17:00:00.000Z',
      },
    },
    { type: 'PaymentReissued', data: { paymentId, reissuedOn: '2024-05-16', note: '改匯', batchId: 'b-3' } },
  ];

  it('has a line per fact, with date, reason and when the service was told', () => {
    expect(rowsAfter(paymentTimeline, ...steps)).toMatchObject([
      { ordinal: '1', event: 'PaymentRecorded', status: '已匯款', happened_on: '2024-05-10', batch_id: 'b-1' },
      {
        ordinal: '2', event: 'RemittanceReturned', status: '退匯', happened_on: '2024-05-13', reason: '戶名不符',
        note: '少一字', recorded_at: '2024-05-10T01:02:00.000Z',
      },
      { event: 'PaymentCorrected', status: '退匯', reason: '帳號誤植', correction: '{"accountNumber":"777"}' },
      { event: 'PaymentReissued', status: '重匯', happened_on: '2024-05-16', note: '改匯', correction: null },
    ]);
  });

  it('follows the payment to the account it was corrected to', () => {
    expect(rowsAfter(paymentTimeline, ...steps).map(({ account_key }) => account_key)).toEqual([
      '004003700000012345678', '004003700000012345678', '004003700000000000777', '004003700000000000777',
    ]);
  });

  it('dates a correction as a calendar in Taipei does', () => {
    expect(rowsAfter(paymentTimeline, ...steps)[2]).toMatchObject({ happened_on: '2024-05-15' });
  });
});
