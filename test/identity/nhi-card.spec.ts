import { readCard } from '../../src/infrastructure/identity/nhi-card.js';
import { cardPayload, mei, ming } from './support/virtual-card.js';

const read = (card: Partial<typeof ming>, status: string | null = null) =>
  readCard(cardPayload({ ...ming, ...card }), status);
const withBytes = (at: number, ...bytes: readonly number[]): Buffer => {
  const payload = cardPayload(ming);
  Buffer.from(bytes).copy(payload, at);
  return payload;
};

describe('the 57 bytes of a card', () => {
  it('are read to the field', () =>
    expect(readCard(cardPayload(mei), null)).toEqual({
      cardNumber: '000000000002', idNumber: 'A223456781', name: '林測試', isNameComplete: true,
      birthDate: '2012-02-29', sex: 'F', issuedOn: '2024-07-01',
    }));

  it('hold a name of ten characters, which fills its field', () =>
    expect(read({ name: '測試公民十字姓名長度' })).toMatchObject({ name: '測試公民十字姓名長度' }));

  it('hold a resident\'s number and a name in Latin letters', () =>
    expect(read({ idNumber: 'A800000014', name: 'NGUYEN THI MEI' }))
      .toMatchObject({ idNumber: 'A800000014', name: 'NGUYEN THI MEI' }));

  it.each([
    ['card/invalid-number', { cardNumber: '00000000000A' }],
    ['card/invalid-name', { name: '' }],
    ['card/invalid-id-number', { idNumber: 'A123456788' }],
    ['card/invalid-birth-date', { birth: '0790230' }],
    ['card/invalid-birth-date', { birth: '9900101'.replace('99', '  ') }],
    ['card/invalid-sex', { sex: 'X' }],
    ['card/invalid-issue-date', { issued: '1080532' }],
  ] as const)('are refused as %s where %j', (code, card) => expect(read(card)).toBe(code));

  it.each([0, 1, 56, 58, 59])('are 57 and not %d', (length) => {
    const payload = Buffer.concat([cardPayload(ming), Buffer.from([0x90, 0x00])]);
    expect(readCard(payload.subarray(0, length), null)).toBe('card/wrong-length');
  });

  it.each([null, ' ', '0', '1', '\0'])('of a card marked %j are in force', (status) =>
    expect(read({}, status)).toMatchObject({ cardNumber: ming.cardNumber }));

  it.each(['2', 'Y', 'F', ''])('of a card marked %j are refused', (status) =>
    expect(read({}, status)).toBe('card/cancelled'));
});

describe('a name on a card', () => {
  it.each([
    ['below the standard', [0xfa, 0x40]], ['in the area of the user', [0xc6, 0xa1]],
    ['in the area of the user', [0x81, 0x40]], ['after the last hanzi', [0xf9, 0xfe]],
  ])('with a code point %s is flagged and never guessed', (_, bytes) =>
    expect(readCard(withBytes(14, ...bytes), null)).toMatchObject({ name: '陳〓明', isNameComplete: false }));

  it('cut in two by the end of its field is flagged', () =>
    expect(read({ name: 'ABCDEFGHIJKLMNOPQRS陳' })).toMatchObject({
      name: 'ABCDEFGHIJKLMNOPQRS〓', isNameComplete: false,
    }));

  it.each([
    ['half a character', [0xa4, 0]], ['a byte no character begins with', [0x80, 0x40]],
    ['text behind its end', [0, 0x41]], ['a control character', [0x07, 0x41]],
  ])('with %s is refused', (_, bytes) =>
    expect(readCard(withBytes(14, ...bytes), null)).toBe('card/invalid-name'));
});
