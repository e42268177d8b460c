import { isSameName } from '../../../src/application/identity/applicant-name.js';
import { verifyCertificate } from '../../../src/infrastructure/identity/certificates/verify-certificate.js';
import type { CardChanges } from './test-pki.js';
import {
  companyCard, expectation, idNumber, message, moeaca, moica, personCard, ubn,
} from './test-pki.js';

const ubnAttribute = '2.16.886.1.100.2.101';
const lastFourAttribute = '2.16.886.1.100.2.51';
const name = { type: '2.5.4.10', text: '測試股份有限公司' };
const number = (text: string) => ({ type: '2.5.4.5', text });

const company = (changes: CardChanges) => verifyCertificate(message(companyCard(changes)), expectation());
const person = (changes: CardChanges, typed: string | null = idNumber) =>
  verifyCertificate(message(personCard(changes)), expectation({ idNumber: typed }));

describe('a company', () => {
  it('may have its number in the directory attributes only', () =>
    expect(company({ subject: [name] })).toMatchObject({ subject: { ubn } }));

  it('has the same number in its name, where it has one there', () => {
    expect(company({ subject: [name, number('22099131')] })).toBe('subject/ubn-mismatch');
    expect(company({ subject: [name, number(ubn), number('22099131')] })).toBe('subject/ubn-mismatch');
    expect(company({ subject: [name, number(ubn), number(ubn)] })).toBe('subject/ubn-mismatch');
  });

  it.each(['04595258', '00000000', '0459525', '0459525X'])('has a valid number, which %s is not', (wrong) =>
    expect(company({ subject: [name], attributes: { [ubnAttribute]: wrong } })).toBe('subject/invalid-ubn'));

  it('has a name', () => expect(company({ subject: [number(ubn)] })).toBe('subject/unreadable'));

  it('need not type an ID number', () =>
    expect(verifyCertificate(message(companyCard()), expectation({ idNumber: null })))
      .toMatchObject({ subject: { ubn } }));
});

describe('a person', () => {
  it('typed a number that ends as the certificate says', () => {
    expect(person({}, 'A123456780')).toBe('subject/id-number-mismatch');
    expect(person({}, '')).toBe('subject/id-number-mismatch');
    expect(person({}, null)).toBe('subject/id-number-mismatch');
  });

  it.each(['', '678', '56789', 'A789'])('has four digits in the certificate, and not %j', (lastFour) =>
    expect(person({ attributes: { [lastFourAttribute]: lastFour } })).toBe('subject/unreadable'));

  it('has a name', () => expect(person({ subject: [number('1')] })).toBe('subject/unreadable'));
});

describe('a subject', () => {
  it('is either a company or a person', () => {
    expect(company({ attributes: {} })).toBe('subject/unknown-kind');
    expect(company({ attributes: { [ubnAttribute]: ubn, [lastFourAttribute]: '6789' } }))
      .toBe('subject/unknown-kind');
    // An agency of the government, told apart by another attribute.
    expect(company({ attributes: { '2.16.886.1.100.2.102': '2.16.886.101.20003' } }))
      .toBe('subject/unknown-kind');
  });

  it('is certified by the authority for its kind', () => {
    expect(company({ issuer: moica })).toBe('subject/wrong-authority');
    expect(person({ issuer: moeaca })).toBe('subject/wrong-authority');
  });
});

describe('a name', () => {
  it('is the same where a card could not write a character of it', () => {
    expect(isSameName('王小明', '王小明')).toBe(true);
    expect(isSameName('王〓明', '王小明')).toBe(true);
    expect(isSameName('王小', '王小明')).toBe(false);
    expect(isSameName('李小明', '王小明')).toBe(false);
    expect(isSameName('', '')).toBe(false);
  });
});
