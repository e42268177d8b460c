import { normalPassword, passwordProblem } from '../../../src/domain/identity/password-policy.js';

const about = {
  cardNumber: '000000000001', idNumber: 'A123456789', name: '王小明', email: 'ming.wang.1990@example.org',
  mobile: '0912345678', birthDate: '1990-01-02',
};

describe('a password', () => {
  it.each(['correct horse battery', '!"<>\' ~^&', '密碼可以是任何文字', '🦜🦜🐦🐧🦆🦅🦉🐔', 'x'.repeat(63) + 'y'])(
    'may be made of any characters: %s', (password) => expect(passwordProblem(password, about)).toBeNull());

  it('has 8 to 64 characters, counted as people count them', () => {
    expect(passwordProblem('1aB#4xY')).toBe('password/too-short');
    expect(passwordProblem('1aB#4xY!')).toBeNull();
    expect(passwordProblem('🦜🦜🐦🐧🦆🦅🦉')).toBe('password/too-short');
    expect(passwordProblem(`${'ab#'.repeat(21)}xy`)).toBe('password/too-long');
  });

  it.each([
    'password', 'PassWord123', 'ｐａｓｓｗｏｒｄ', '1qaz2wsx', '5201314520', 'ji32k7au4a83', '12345678', '87654321',
    'aaaaaaaa', 'abababab', '123123123123', 'abcdefgh', 'qwertyui', 'poiuytrew',
  ])('is not one that everybody tries first: %s', (password) =>
    expect(passwordProblem(password)).toBe('password/too-common'));

  it.each([
    'A123456789!', '000000000001', '0912345678', 'xx0912345678', 'ming.wang.1990',
    'Ming.Wang.1990@example.org', '19900102', '1990-01-02', '1990/01/02',
  ])('is not made of who one is: %s', (password) =>
    expect(passwordProblem(password, about)).toBe('password/personal'));

  it('is the same from every keyboard', () => {
    expect(normalPassword('ｐａｓｓ１２３４')).toBe('pass1234');
    expect(normalPassword('e\u0301te\u0301 1234')).toBe(normalPassword('été 1234'));
  });
});
