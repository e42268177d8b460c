import { fold } from '../../../src/domain/decider.js';
import { paymentDecider } from '../../../src/domain/payments/payment.js';
import type { PaymentCorrection } from '../../../src/domain/payments/payment.events.js';
import { rulesOf } from '../support/given-when-then.js';
import { correct, corrected, delivered, recorded, remitted, returned } from './payment-samples.js';

const { given } = rulesOf(paymentDecider);

describe('correcting a payment', () => {
  it('is recorded with its reason', () => given(recorded()).when(correct()).thenFacts(corrected()));

  it('keeps of what was asked only what differs', () => {
    const { amount, invoices } = delivered();
    given(recorded()).when(correct({ correction: { purpose: '辦公用品', amount, invoices } }))
      .thenFacts(corrected());
  });

  it('says nothing when nothing differs', () => {
    const { purpose, invoices } = delivered();
    given(recorded()).when(correct({ correction: { purpose, invoices: [...invoices] } })).thenNothing();
    given(recorded()).when(correct({ correction: {} })).thenNothing();
    given(recorded(), corrected()).when(correct()).thenNothing();
  });

  it('may put back what an earlier correction changed', () =>
    given(recorded(), corrected()).when(correct({ correction: { purpose: '文具用品' } }))
      .thenFacts(corrected({ correction: { purpose: '文具用品' } })));

  it('may change the invoices', () =>
    given(recorded()).when(correct({ correction: { invoices: [] } }))
      .thenFacts(corrected({ correction: { invoices: [] } })));

  it('leaves the status and its history alone', () => {
    const past = [recorded(), remitted(), returned()];
    const [before, after] = [fold(paymentDecider, past), fold(paymentDecider, [...past, corrected()])];
    expect({ ...after, details: null }).toStrictEqual({ ...before, details: null });
  });

  it.each([{ agencyCode: '1711' }, { fiscalYear: 109 }, { voucherNo: '1' }, { seq: '2' }, { status: '已匯款' }])(
    'refuses to touch identity or status: %j', (correction) =>
      given(recorded()).when(correct({ correction: correction as PaymentCorrection }))
        .thenRefused('payment/not-correctable'));

  it.each([
    ['', 'payment/reason-required'], ['  ', 'payment/reason-required'],
    ['字'.repeat(201), 'payment/reason-too-long'], ['用途\n誤植', 'payment/unprintable-text'],
  ] as const)(
    'refuses %j as its reason', (reason, code) => given(recorded()).when(correct({ reason }))
      .thenRefused(code));

  it('refuses to make a payment wrong', () => {
    given(recorded()).when(correct({ correction: { amount: 0 } })).thenRefused('payment/invalid-amount');
    given(recorded()).when(correct({ correction: { bankCode: '4' } }))
      .thenRefused('payment/invalid-bank-code');
    given(recorded()).when(correct({ correction: { agencyName: '' } })).thenRefused('payment/invalid-text');
  });

  it('refuses a bank code that the directory has never held', () => {
    const elsewhere = { correction: { bankCode: '0040059' } };
    given(recorded()).when(correct({ ...elsewhere, bank: { exists: false } }))
      .thenRefused('payment/unknown-bank-code');
    given(recorded()).when(correct(elsewhere)).thenRefused('payment/unknown-bank-code');
    given(recorded()).when(correct({ ...elsewhere, bank: { exists: true } }))
      .thenFacts(corrected(elsewhere));
  });

  it('may put the day of payment to the day of the first later status, and not behind it', () => {
    const past = [recorded(), remitted(), returned()];
    const onThatDay = { correction: { paymentDate: '2019-05-13' } };
    given(...past).when(correct(onThatDay)).thenFacts(corrected(onThatDay));
    given(...past).when(correct({ correction: { paymentDate: '2019-05-14' } }))
      .thenRefused('payment/date-before-previous-status');
  });

  it('may put the day of payment 366 days ahead of today in Taipei, and no further', () => {
    const at = '2019-05-31T16:00:00.000Z';
    const ahead = { correction: { paymentDate: '2020-06-01' } };
    given(recorded()).when(correct({ ...ahead, at })).thenFacts(corrected({ ...ahead, correctedAt: at }));
    given(recorded()).when(correct({ correction: { paymentDate: '2020-06-02' }, at }))
      .thenRefused('payment/invalid-date');
  });

  it('does not ask about a bank code that stays as it is', () => {
    const { bankCode } = delivered();
    given(recorded()).when(correct({ correction: { bankCode }, bank: { exists: false } })).thenNothing();
  });

  it('refuses a payment never recorded', () => given().when(correct()).thenRefused('payment/unknown'));
});
