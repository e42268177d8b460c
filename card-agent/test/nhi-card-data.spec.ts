import { decodeName } from '../src/nhi/big5-name.js';
import { isIdNumber } from '../src/nhi/id-number.js';
import { parseNhiCardData } from '../src/nhi/nhi-card-data.js';
import { parseRocDate } from '../src/nhi/roc-date.js';
import { altered, lin, longName, ming, people } from './support/people.js';

const name = (hex: string) =>
  decodeName(Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(20)]).subarray(0, 20));

describe('the 57 bytes of a 健保卡', () => {
  it.each(people)('are those of $name', (person) => {
    const data = parseNhiCardData(person.payload);
    expect(data).toMatchObject({ cardNumber: person.cardNumber, idNumber: person.idNumber });
    expect(data.name).toEqual({ text: person.name, undecoded: [] });
  });

  it('give whole dates to who is born in 民國 100 or after', () => {
    expect(parseNhiCardData(lin.payload))
      .toMatchObject({ birthDate: '2012-02-29', issueDate: '2024-07-01', sex: 'F' });
    expect(parseNhiCardData(ming.payload))
      .toMatchObject({ birthDate: '1990-01-01', issueDate: '2019-05-31', sex: 'M' });
    expect(parseNhiCardData(longName.payload).birthDate).toBe('1919-12-31');
  });

  it.each<[string, Uint8Array]>([
    ['one byte fewer', ming.payload.subarray(0, 56)],
    ['one byte more', Buffer.concat([ming.payload, Buffer.from('0')])],
    ['no byte', Buffer.alloc(0)],
    ['a letter in the card number', altered(3, 'A')],
    ['a space in the card number', altered(11, ' ')],
    ['a name that is empty', altered(12, Buffer.alloc(20))],
    ['a name with something after its end', altered(31, 'A')],
    ['a name that is no Big5', altered(12, Buffer.from([0xb3, 0x20]))],
    ['an ID number with a wrong checksum', altered(41, '8')],
    ['an ID number in small letters', altered(32, 'a')],
    ['a birth date without such a month', altered(42, '0791301')],
    ['a birth date on 29 February of no leap year', altered(42, '0790229')],
    ['a birth date in the year nought', altered(42, '0000101')],
    ['a sex that is neither M nor F', altered(49, 'X')],
    ['an issue date without such a day', altered(50, '1080431')],
  ])('are refused with %s', (_, bytes) => {
    expect(() => parseNhiCardData(bytes)).toThrow(expect.objectContaining({ code: 'card-data-invalid' }));
  });
});

describe('a name on the card', () => {
  it.each([
    ['of common characters', 'B3AFA470A9FA', '陳小明'],
    ['of a foreigner', '4A4F484E20534D495448', 'JOHN SMITH'],
    ['with spaces after it', 'B3AFA470A9FA2020A140', '陳小明'],
    ['with a less common character', 'C940C94B', '乂屮'],
    ['with the second of two equal characters', 'B3AFC94A', '陳\u5140'],
    ['with a character that 倚天 added and every table has', 'F9D6F9DA', '碁恒'],
  ])('%s is decoded', (_, hex, text) => expect(name(hex)).toEqual({ text, undecoded: [] }));

  it.each([
    ['of the first user-defined area', 'B3AFFA40A9FA', 'FA40'],
    ['of the second', 'B3AF8E40A9FA', '8E40'],
    ['of the third', 'B3AF8140A9FA', '8140'],
    ['between the levels', 'B3AFC6A1A9FA', 'C6A1'],
  ])('shows a gap for a character %s, and says which', (_, hex, code) =>
    expect(name(hex)).toEqual({ text: '陳〓明', undecoded: [{ at: 1, code }] }));

  it('shows a gap for a character cut in two by the end of the field', () => {
    const field = Buffer.concat([Buffer.alloc(19, 'A'), Buffer.from([0xb3])]);
    expect(decodeName(field)).toEqual({ text: `${'A'.repeat(19)}〓`, undecoded: [{ at: 19, code: 'B3' }] });
  });

  it.each([['a control character', '0A41'], ['a lone trail', '80B3'], ['a wrong trail', 'B330']])(
    'is refused with %s', (_, hex) => expect(name(hex)).toBeNull());
});

describe('an ID number', () => {
  it.each(['A123456789', 'A223456781', 'A800000014', 'F131104093', 'AC01234567', 'FA12345689'])(
    '%s is one', (text) => expect(isIdNumber(text)).toBe(true));

  it.each([
    'A123456788', 'A323456789', 'A12345678', 'A1234567890', '1123456789', 'AE01234567', ' A123456789', '',
  ])('%p is none', (text) => expect(isIdNumber(text)).toBe(false));
});

describe('a date of 民國', () => {
  it.each([['1130229', '2024-02-29'], ['0010101', '1912-01-01'], ['0890229', '2000-02-29']])(
    '%s is %s', (text, iso) => expect(parseRocDate(text)).toBe(iso));

  it.each(['1140229', '113022', '11302299', '113-2-9', '1130001', '1130100', '0000101'])(
    '%s is none', (text) => expect(parseRocDate(text)).toBeNull());
});
