import { v5 } from 'uuid';
import { isUuid, nameBasedUuid, namespaceOf } from '../../src/application/name-based-uuid.js';
import {
  accountIdOf, accountStream, apiCredentialsStream, applicantStream, bankCodeDirectoryStream,
  certificateSignInStream, delegationIdOf, delegationOffersStream, delegationStream, factIdsOf, idOfStream,
  paymentBatchStream,
  paymentIdOf, paymentStream, registrationStream, signInStream, staffListStream, streamCategories,
} from '../../src/application/stream-names.js';

const namespace = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const payment = { agencyCode: '1710', fiscalYear: 112, voucherNo: '05001234', seq: '01' };

describe('an id made from a name', () => {
  it('is the UUIDv5 that the reference implementation makes', () => {
    const names = ['', 'a', '["1710",112,"0500","1"]', '付款憑單', '\u{2070e}', 'x'.repeat(1000)];
    for (const name of names) expect(nameBasedUuid(namespaceOf(namespace), name)).toBe(v5(name, namespace));
  });

  it('needs a namespace that is a UUID in lower case', () => {
    for (const wrong of ['', 'payments', namespace.toUpperCase(), `${namespace}0`]) {
      expect(() => namespaceOf(wrong)).toThrow('UUID');
    }
  });
});

describe('the name of a stream', () => {
  it('never changes for a key that was once stored', () => {
    expect(paymentStream(paymentIdOf(payment))).toBe('payment-fd9403d2-06fe-5249-977f-0d795c41705d');
    expect(accountStream(accountIdOf(namespace, '0040037', '123')))
      .toBe('account-25ccff4f-5d90-5098-b26a-4cdd0fb4f923');
    expect(paymentBatchStream('2024-0501.A')).toBe('payment-batch-ec024899-4fd7-591e-b5b1-e23098e5105a');
    expect(bankCodeDirectoryStream).toBe('bank-code-directory-00b4b4e1-80ba-412c-83ca-33bf170006a6');
    expect(delegationStream(delegationIdOf(namespace, namespace, '健保卡')))
      .toBe('delegation-10d82595-4033-50f0-8061-d1bbd3367929');
    expect(staffListStream).toBe('staff-list-4c1d7a52-6f0e-4b7c-9a35-1e2f6d8b9c04');
  });

  it('is a category and a uuid', () => {
    const streams = [
      accountStream(accountIdOf(namespace, '0040037', '1')), applicantStream(namespace),
      paymentStream(paymentIdOf(payment)), paymentBatchStream('b'), bankCodeDirectoryStream,
      registrationStream(namespace), signInStream(namespace, null), certificateSignInStream(namespace),
      staffListStream, delegationStream(delegationIdOf(namespace, namespace, '健保卡')),
      apiCredentialsStream(namespace), delegationOffersStream(namespace),
    ];
    expect(streams.map((stream) => stream.slice(0, -37))).toEqual([...streamCategories]);
    expect(streams.map(idOfStream).every(isUuid)).toBe(true);
  });

  it('is another for every card agent of a registration, and one for all that are not enrolled', () => {
    const streams = [null, namespace, payment.voucherNo].map((agent) => signInStream(namespace, agent));
    expect(new Set([...streams, signInStream(namespace, null)]).size).toBe(3);
  });

  it('counts leading zeros of a voucher and of its sequence number', () => {
    const ids = [payment, { ...payment, voucherNo: '5001234' }, { ...payment, seq: '1' }].map(paymentIdOf);
    expect(new Set(ids).size).toBe(3);
  });

  it('keeps parts apart that read the same when joined', () => {
    expect(paymentIdOf({ ...payment, voucherNo: '1', seq: '23' }))
      .not.toBe(paymentIdOf({ ...payment, voucherNo: '12', seq: '3' }));
  });

  it('is the same for an account however many leading zeros were entered', () => {
    expect(accountIdOf(namespace, '0040037', '00123'))
      .toBe(accountIdOf(namespace, '0040037', '00000000000123'));
  });
});

describe('the ids of a command’s facts', () => {
  it('depend on the command and the place alone', () => {
    const ids = [0, 1, 5000].map(factIdsOf(namespace));
    expect(ids).toEqual([v5('0', namespace), v5('1', namespace), v5('5000', namespace)]);
  });
});
