import { refuse } from '../../../src/domain/decider.js';
import { statusCommandOf } from '../../../src/domain/payments/delivered-status.js';
import { returnReasons } from '../../../src/domain/payments/payment.events.js';

const known = { paymentId: 'payment-1', batchId: 'batch-1' };
const command = (status: string, reason = '', date = '108/05/13') =>
  statusCommandOf({ ...known, status, date, reason });
const on = '2019-05-13';

describe('a delivered status', () => {
  it.each([['已匯款', 'RecordRemittance'], ['重匯', 'Reissue'], ['改簽支票', 'IssueChequeInstead']])(
    '%s is told by %s, with its words as a note', (status, type) => {
      expect(command(status)).toStrictEqual({ type, ...known, on });
      expect(command(status, ' 附言 ')).toStrictEqual({ type, ...known, on, note: '附言' });
    });

  it('註銷 keeps its words as the reason, also none', () => {
    expect(command('註銷', '誤付')).toStrictEqual({ type: 'CancelPayment', ...known, on, reason: '誤付' });
    expect(command('註銷')).toStrictEqual({ type: 'CancelPayment', ...known, on, reason: '' });
  });

  it.each(returnReasons)('退匯 takes the reason %s', (reason) =>
    expect(command('退匯', reason)).toStrictEqual({ type: 'RecordReturn', ...known, on, reason }));

  it.each(['其他：存摺遺失', '其他:存摺遺失', ' 其他： 存摺遺失'])('退匯 takes free words behind 其他: %s', (words) =>
    expect(command('退匯', words)).toStrictEqual(
      { type: 'RecordReturn', ...known, on, reason: '其他', explanation: '存摺遺失' }));

  it('退匯 with nothing behind the colon is 其他', () =>
    expect(command('退匯', '其他：')).toStrictEqual({ type: 'RecordReturn', ...known, on, reason: '其他' }));

  it('退匯 without a reason is refused', () =>
    expect(command('退匯', ' ')).toEqual(refuse('payment/reason-required')));

  it.each(['不明', '帳號錯誤：少一碼', '帳號 錯誤', '其他存摺遺失'])('退匯 for %s is refused', (words) =>
    expect(command('退匯', words)).toEqual(refuse('payment/unknown-return-reason')));

  it('待匯款 never comes later', () => expect(command('待匯款')).toEqual(refuse('payment/status-not-allowed')));

  it.each(['', '匯款', '已匯款 ', 'toString'])('%j is no status', (status) =>
    expect(command(status)).toEqual(refuse('payment/unknown-status')));

  it.each(['1080513', '2019-05-13'])('takes its date in every form: %s', (date) =>
    expect(command('已匯款', '', date)).toMatchObject({ on }));

  it.each(['', '1080230', '13/05/2019'])('refuses %j as its date', (date) =>
    expect(command('已匯款', '', date)).toEqual(refuse('payment/invalid-date')));
});
