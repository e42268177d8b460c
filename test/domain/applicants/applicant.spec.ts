import type {
  ChangeContact, EraseApplicant, RegisterApplicant,
} from '../../../src/domain/applicants/applicant.js';
import { applicantDecider } from '../../../src/domain/applicants/applicant.js';
import type { ApplicantFact } from '../../../src/domain/applicants/applicant.events.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(applicantDecider);
const applicantId = 'applicant-1';
const at = '2019-06-14T02:15:19.526Z';

const register = (changes: Partial<RegisterApplicant> = {}): RegisterApplicant => ({
  type: 'RegisterApplicant', applicantId, kind: 'person', idNumber: 'A123456789', name: '王小明', at, ...changes,
});
const change = (changes: Partial<ChangeContact> = {}): ChangeContact => ({
  type: 'ChangeContact', applicantId, changeId: 'change-1', contact: { phone: '02-2322-8000' }, by: 'ming',
  at,
  ...changes,
});
const erase: EraseApplicant = { type: 'EraseApplicant', applicantId, by: 'ming', at };

const registered: ApplicantFact = { type: 'ApplicantRegistered', data: {
  applicantId, kind: 'person', idNumber: { plain: 'A123456789' }, name: { plain: '王小明' }, registeredAt: at,
} };
const changed: ApplicantFact = { type: 'ApplicantContactChanged', data: {
  applicantId, changeId: 'change-1', contact: { phone: { plain: '02-2322-8000' } }, changedBy: 'ming',
  changedAt: at,
} };
const erased: ApplicantFact =
  { type: 'ApplicantErased', data: { applicantId, erasedBy: 'ming', erasedAt: at } };

describe('registering an applicant', () => {
  it('is recorded with ID number and name as personal fields', () =>
    given().when(register()).thenFacts(registered));

  it('takes a company under its 統一編號', () => {
    const company = { kind: 'company', idNumber: '04595257', name: '示範股份有限公司' } as const;
    given().when(register(company)).thenFacts({ type: 'ApplicantRegistered', data: {
      applicantId, kind: 'company', idNumber: { plain: '04595257' }, name: { plain: '示範股份有限公司' },
      registeredAt: at,
    } });
  });

  it('says nothing when already registered', () => given(registered).when(register()).thenNothing());

  it('refuses to make a person a company', () =>
    given(registered).when(register({ kind: 'company', idNumber: '04595257' }))
      .thenRefused('applicant/already-registered'));

  it('refuses a number that fails its checksum', () =>
    given().when(register({ idNumber: 'A123456788' })).thenRefused('applicant/invalid-id-number'));

  it('refuses a person under a 統一編號 and a company under an ID number', () => {
    given().when(register({ idNumber: '04595257' })).thenRefused('applicant/invalid-id-number');
    given().when(register({ kind: 'company' })).thenRefused('applicant/invalid-id-number');
  });

  it('refuses an old 居留證 number from 2031 on, by the day in Taipei', () => {
    const old = { idNumber: 'AB23456789', at: '2030-12-31T16:00:00.000Z' };
    given().when(register(old)).thenRefused('applicant/invalid-id-number');
    given().when(register({ ...old, at: '2030-12-31T15:59:59.999Z' })).thenFacts({
      type: 'ApplicantRegistered', data: {
        applicantId, kind: 'person', idNumber: { plain: 'AB23456789' }, name: { plain: '王小明' },
        registeredAt: '2030-12-31T15:59:59.999Z',
      },
    });
  });

  it('refuses an applicant without a name', () =>
    given().when(register({ name: '' })).thenRefused('applicant/name-required'));

  it('refuses a name that cannot be seen, or not be shown', () => {
    given().when(register({ name: '\u200b' })).thenRefused('applicant/name-required');
    given().when(register({ name: '王\u2066小明' })).thenRefused('applicant/unprintable-name');
  });

  it('refuses to come back after erasure', () =>
    given(registered, erased).when(register()).thenRefused('applicant/erased'));
});

describe('changing contact data', () => {
  it('is recorded with only the fields given, all of them personal', () =>
    given(registered).when(change()).thenFacts(changed));

  it('keeps an empty field, which clears it', () =>
    given(registered).when(change({ contact: { fax: '' } }))
      .thenFacts({ type: 'ApplicantContactChanged', data: {
      applicantId, changeId: 'change-1', contact: { fax: { plain: '' } }, changedBy: 'ming', changedAt: at,
    } }));

  it('says nothing when the same change is delivered again, even after a later one', () => {
    const later: ApplicantFact = { type: 'ApplicantContactChanged', data: {
      applicantId, changeId: 'change-2', contact: {}, changedBy: 'ming', changedAt: at,
    } };
    given(registered, changed).when(change()).thenNothing();
    given(registered, changed, later).when(change()).thenNothing();
  });

  it('refuses a change of nothing', () =>
    given(registered).when(change({ contact: {} })).thenRefused('applicant/nothing-to-change'));

  it('refuses who is not registered', () => given().when(change()).thenRefused('applicant/unknown'));

  it('refuses who was erased', () =>
    given(registered, erased).when(change()).thenRefused('applicant/erased'));
});

describe('erasing an applicant', () => {
  it('is recorded', () => given(registered, changed).when(erase).thenFacts(erased));

  it('says nothing when already erased', () => given(registered, erased).when(erase).thenNothing());

  it('refuses who is not registered', () => given().when(erase).thenRefused('applicant/unknown'));
});
