// Puts the made-up card's key and certificates on a token: node fill-token.mjs <module> <pin> <card.json>
import { readFileSync } from 'node:fs';
import pkcs11js from 'pkcs11js';

const [module, pin, file] = process.argv.slice(2);
const card = JSON.parse(readFileSync(file, 'utf8'));
const p11 = new pkcs11js.PKCS11();
p11.load(module);
p11.C_Initialize();
const [slot] = p11.C_GetSlotList(true);
const session = p11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
p11.C_Login(session, pkcs11js.CKU_USER, pin);

const part = (name) => Buffer.from(card.privateKeyJwk[name], 'base64url');
p11.C_CreateObject(session, [
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
  { type: pkcs11js.CKA_KEY_TYPE, value: pkcs11js.CKK_RSA },
  { type: pkcs11js.CKA_TOKEN, value: true }, { type: pkcs11js.CKA_PRIVATE, value: true },
  { type: pkcs11js.CKA_SENSITIVE, value: true }, { type: pkcs11js.CKA_SIGN, value: true },
  { type: pkcs11js.CKA_ID, value: Buffer.from([1]) },
  { type: pkcs11js.CKA_MODULUS, value: part('n') }, { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: part('e') },
  { type: pkcs11js.CKA_PRIVATE_EXPONENT, value: part('d') },
  { type: pkcs11js.CKA_PRIME_1, value: part('p') }, { type: pkcs11js.CKA_PRIME_2, value: part('q') },
  { type: pkcs11js.CKA_EXPONENT_1, value: part('dp') }, { type: pkcs11js.CKA_EXPONENT_2, value: part('dq') },
  { type: pkcs11js.CKA_COEFFICIENT, value: part('qi') },
]);
for (const [id, name] of [[1, 'signing'], [2, 'encryption']]) {
  p11.C_CreateObject(session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
    { type: pkcs11js.CKA_TOKEN, value: true }, { type: pkcs11js.CKA_PRIVATE, value: false },
    { type: pkcs11js.CKA_ID, value: Buffer.from([id]) },
    { type: pkcs11js.CKA_SUBJECT, value: Buffer.from([0x30, 0]) },
    { type: pkcs11js.CKA_VALUE, value: Buffer.from(card[name], 'base64') },
  ]);
}
p11.C_CloseSession(session);
p11.C_Finalize();
