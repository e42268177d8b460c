import { accountDecider } from '../../../src/domain/accounts/account.js';
import { rulesOf } from '../support/given-when-then.js';
import {
  applied, apply, approve, approved, reject, rejected, remove, removed, withdraw, withdrawn,
} from './account-samples.js';

const { given } = rulesOf(accountDecider);
const second = { applicationId: 'application-2' };
const replacing = applied({ ...second, appliedAt: '2026-11-30T01:00:00.000Z' });

describe('applying for an account', () => {
  it('is recorded as entered', () =>
    given().when(apply({ accountNumber: '009012345678' }))
      .thenFacts(applied({ accountNumber: '009012345678' })));

  it('warns of an unusual length and of a post office check digit, and still goes to the reviewer', () => {
    given().when(apply({ accountNumber: '1' }))
      .thenFacts(applied({ accountNumber: '1', warnings: ['account-number/unusual-length'] }));
    const savings = { bankCode: '7000021', accountNumber: '00010071234569' };
    given().when(apply(savings))
      .thenFacts(applied({ ...savings, warnings: ['account-number/post-office-check-digit'] }));
  });

  it('does not warn about a bank whose lengths are not known', () => {
    const unknown = { bankCode: '1010013', accountNumber: '1' };
    given().when(apply(unknown)).thenFacts(applied(unknown));
  });

  it('does not ask another post office code for check digits', () => {
    const giro = { bankCode: '7000010', accountNumber: '12345678' };
    given().when(apply(giro)).thenFacts(applied(giro));
  });

  it('says nothing when the same application is delivered again, in whatever it has ended since', () => {
    given(applied()).when(apply()).thenNothing();
    given(applied(), approved()).when(apply()).thenNothing();
    given(applied(), rejected()).when(apply()).thenNothing();
    given(applied(), rejected(), applied(second), withdrawn()).when(apply()).thenNothing();
  });

  it('refuses another application while one is pending', () =>
    given(applied()).when(apply(second)).thenRefused('account/already-applied'));

  it('refuses another application for an approved account', () =>
    given(applied(), approved()).when(apply(second)).thenRefused('account/already-approved'));

  it.each([['rejection', [rejected()]], ['withdrawal', [withdrawn()]], ['removal', [approved(), removed()]]])(
    'is possible again after a %s', (_, past) =>
      given(applied(), ...past).when(apply(second)).thenFacts(applied(second)));

  it('refuses a bank code that no list ever held', () =>
    given().when(apply({ bank: { exists: false, online: false } })).thenRefused('account/unknown-bank-code'));

  it('refuses a bank code that is closed', () =>
    given().when(apply({ bank: { exists: true, online: false } })).thenRefused('account/bank-code-closed'));

  it.each(['', '12-34', '123456789012345'])('refuses %j as an account number', (accountNumber) =>
    given().when(apply({ accountNumber })).thenRefused('account/invalid-number'));

  it.each([' ', '\u200b', '\u3000\u2060'])('refuses an account without a name: %j', (accountName) =>
    given().when(apply({ accountName })).thenRefused('account/name-required'));

  it.each(['a\u0000b', '甲\ud842', '王\u202e小明'])('refuses a name that cannot be shown: %j', (accountName) =>
    given().when(apply({ accountName })).thenRefused('account/unprintable-name'));

  it('is not explained by what cannot be seen, or not be shown', () => {
    given(applied()).when(reject({ reason: '其他', explanation: '\u200b' }))
      .thenRefused('account/explanation-required');
    given(applied()).when(reject({ explanation: '\u0007\u202e' }))
      .thenRefused('account/unprintable-explanation');
  });
});

describe('approving an account', () => {
  it('is recorded with who approved', () => given(applied()).when(approve()).thenFacts(approved()));

  it('says nothing when already approved', () => given(applied(), approved()).when(approve()).thenNothing());

  it('refuses whoever filed the application', () =>
    given(applied()).when(approve({ reviewer: { by: 'ming' } })).thenRefused('account/same-officer'));

  it('refuses the applicant, under either of the two ids', () => {
    given(applied()).when(approve({ reviewer: { by: 'applicant-1' } })).thenRefused('account/same-officer');
    given(applied()).when(approve({ reviewer: { by: 'lin', applicantId: 'applicant-1' } }))
      .thenRefused('account/same-officer');
  });

  it('lets a reviewer who is a payee too approve the accounts of others', () =>
    given(applied()).when(approve({ reviewer: { by: 'lin', applicantId: 'applicant-2' } }))
      .thenFacts(approved()));

  it('refuses whoever filed the latest application, not an earlier one', () => {
    const past = [applied({ appliedBy: 'lin' }), rejected({ rejectedBy: 'chen' }), applied(second)];
    given(...past).when(approve()).thenFacts(approved());
    given(...past).when(approve({ reviewer: { by: 'ming' } })).thenRefused('account/same-officer');
  });

  it('refuses what is not pending', () => {
    given(applied(), rejected()).when(approve()).thenRefused('account/not-pending');
    given(applied(), withdrawn()).when(approve()).thenRefused('account/not-pending');
    given(applied(), approved(), removed()).when(approve()).thenRefused('account/not-pending');
  });

  it('refuses where the application that was looked at has been replaced', () => {
    const replaced = [applied(), withdrawn(), replacing];
    const looked = (appliedAt: string) => approve({ appliedAt });
    given(...replaced).when(looked(applied().data.appliedAt)).thenRefused('account/applied-again');
    given(...replaced).when(looked(replacing.data.appliedAt)).thenFacts(approved());
  });

  it('refuses an account nobody applied for', () => given().when(approve()).thenRefused('account/unknown'));
});

describe('rejecting an account', () => {
  it('is recorded with its reason', () => given(applied()).when(reject()).thenFacts(rejected()));

  it('takes the reviewer\'s own words as a personal field', () =>
    given(applied()).when(reject({ explanation: '存摺影本模糊' }))
      .thenFacts(rejected({ explanation: { plain: '存摺影本模糊' } })));

  it('refuses 其他 without words', () => {
    given(applied()).when(reject({ reason: '其他' })).thenRefused('account/explanation-required');
    given(applied()).when(reject({ reason: '其他', explanation: '  ' }))
      .thenRefused('account/explanation-required');
  });

  it('takes 其他 with words', () =>
    given(applied()).when(reject({ reason: '其他', explanation: '請補件' }))
      .thenFacts(rejected({ reason: '其他', explanation: { plain: '請補件' } })));

  it('says nothing when already rejected for that reason', () =>
    given(applied(), rejected()).when(reject()).thenNothing());

  it('refuses further words once rejected: they would be lost', () => {
    const words = { explanation: { plain: '第一個說明' } };
    const again = reject({ explanation: '另一說明', at: '2026-11-05T01:00:00.000Z' });
    given(applied(), rejected()).when(again).thenRefused('account/not-pending');
    given(applied(), rejected(words)).when(again).thenRefused('account/not-pending');
  });

  it('refuses where the application that was looked at has been replaced', () =>
    given(applied(), withdrawn(), replacing).when(reject({ appliedAt: applied().data.appliedAt }))
      .thenRefused('account/applied-again'));

  it('refuses another reason once rejected', () =>
    given(applied(), rejected()).when(reject({ reason: '證件不符' })).thenRefused('account/not-pending'));

  it('refuses whoever filed the application, and the applicant', () => {
    given(applied()).when(reject({ reviewer: { by: 'ming' } })).thenRefused('account/same-officer');
    given(applied()).when(reject({ reviewer: { by: 'lin', applicantId: 'applicant-1' } }))
      .thenRefused('account/same-officer');
  });

  it('refuses what is not pending', () => {
    given(applied(), approved()).when(reject()).thenRefused('account/not-pending');
    given(applied(), withdrawn()).when(reject()).thenRefused('account/not-pending');
    given(applied(), approved(), removed()).when(reject()).thenRefused('account/not-pending');
  });

  it('refuses an account nobody applied for', () => given().when(reject()).thenRefused('account/unknown'));
});

describe('withdrawing an application', () => {
  it('is recorded', () => given(applied()).when(withdraw()).thenFacts(withdrawn()));

  it('says nothing when already withdrawn', () =>
    given(applied(), withdrawn()).when(withdraw()).thenNothing());

  it('refuses what is no longer pending', () => {
    given(applied(), approved()).when(withdraw()).thenRefused('account/not-pending');
    given(applied(), rejected()).when(withdraw()).thenRefused('account/not-pending');
    given(applied(), approved(), removed()).when(withdraw()).thenRefused('account/not-pending');
  });

  it('shows a stranger what an account that does not exist would', () => {
    given().when(withdraw()).thenRefused('account/unknown');
    given(applied()).when(withdraw({ applicantId: 'applicant-2' })).thenRefused('account/unknown');
  });
});

describe('removing an account', () => {
  it('is recorded', () => given(applied(), approved()).when(remove()).thenFacts(removed()));

  it('says nothing when already removed', () =>
    given(applied(), approved(), removed()).when(remove()).thenNothing());

  it('refuses what was never approved', () => {
    given(applied()).when(remove()).thenRefused('account/not-approved');
    given(applied(), rejected()).when(remove()).thenRefused('account/not-approved');
    given(applied(), withdrawn()).when(remove()).thenRefused('account/not-approved');
  });

  it('shows a stranger what an account that does not exist would', () => {
    given().when(remove()).thenRefused('account/unknown');
    given(applied(), approved()).when(remove({ applicantId: 'applicant-2' })).thenRefused('account/unknown');
  });
});
