// One request to a vendor's PKCS#11 module, in a process of its own that ends with the answer: a module may
// hang or crash, and a PIN is gone with the process.
import { createHash } from 'node:crypto';
import type { Attribute, Pkcs11, Pkcs11Binding } from './pkcs11.js';
import { loadPkcs11 } from './pkcs11.js';
import type { KeyType } from './signing-certificate.js';

export interface CertificateRequest {
  readonly module: string;
  /** Without it, the certificates are listed. */
  readonly sign?: {
    readonly certificateId: string;
    readonly pin: string;
    readonly keyType: KeyType;
    /** See signatureInput. */
    readonly input: Uint8Array;
  };
}

export type CertificateFailure =
  | 'module-missing' | 'certificate-missing' | 'certificate-failed' | 'pin-incorrect' | 'pin-locked';

export interface CertificateAnswer {
  readonly failure?: CertificateFailure;
  readonly certificates?: readonly Uint8Array[];
  readonly signature?: Uint8Array;
}

interface Found {
  readonly slot: Buffer;
  readonly encoded: Buffer;
  readonly keyId: Buffer;
}

// Longest signature of a key that such cards have (RSA of 4,096 bits).
const maxSignatureBytes = 512;

// The results of PKCS#11 that say what the person can do about it.
const failures: Readonly<Record<number, CertificateFailure>> = {
  0xa0: 'pin-incorrect', 0xa1: 'pin-incorrect', 0xa2: 'pin-incorrect', 0xa3: 'pin-locked', 0xa4: 'pin-locked',
  0xe0: 'certificate-missing', 0xe1: 'certificate-missing',
};

function answerTo({ module, sign }: CertificateRequest): CertificateAnswer {
  const binding = loadPkcs11();
  if (!binding) return { failure: 'module-missing' };
  const pkcs11 = new binding.PKCS11();
  try {
    pkcs11.load(module);
    pkcs11.C_Initialize();
  } catch {
    return { failure: 'module-missing' };
  }
  try {
    const found = pkcs11.C_GetSlotList(true).flatMap((slot) => certificatesIn(binding, pkcs11, slot));
    if (!sign) return { certificates: found.map(({ encoded }) => encoded) };
    const chosen = found.find(({ encoded }) => idOf(encoded) === sign.certificateId);
    if (!chosen) return { failure: 'certificate-missing' };
    return { signature: signWith(binding, pkcs11, chosen, sign) };
  } catch (error) {
    return { failure: failures[(error as { code?: number }).code ?? 0] ?? 'certificate-failed' };
  }
}

const idOf = (encoded: Uint8Array): string => createHash('sha256').update(encoded).digest('hex');

function certificatesIn(binding: Pkcs11Binding, pkcs11: Pkcs11, slot: Buffer): Found[] {
  const session = sessionWith(binding, pkcs11, slot);
  if (session === null) return [];
  try {
    const certificates = [{ type: binding.CKA_CLASS, value: binding.CKO_CERTIFICATE }];
    return objects(pkcs11, session, certificates).map((object) => {
      const wanted = [{ type: binding.CKA_VALUE }, { type: binding.CKA_ID }];
      const [encoded, keyId] = pkcs11.C_GetAttributeValue(session, object, wanted);
      return { slot, encoded: encoded?.value as Buffer, keyId: keyId?.value as Buffer };
    });
  } finally {
    pkcs11.C_CloseSession(session);
  }
}

/** Null for a card in another reader that the module does not know (a 健保卡, say), or an empty one. */
function sessionWith(binding: Pkcs11Binding, pkcs11: Pkcs11, slot: Buffer): Buffer | null {
  try {
    return pkcs11.C_OpenSession(slot, binding.CKF_SERIAL_SESSION);
  } catch (error) {
    if (failures[(error as { code?: number }).code ?? 0] === 'certificate-missing') return null;
    throw error;
  }
}

function objects(pkcs11: Pkcs11, session: Buffer, template: readonly Attribute[]): Buffer[] {
  pkcs11.C_FindObjectsInit(session, template);
  const found: Buffer[] = [];
  for (let next = pkcs11.C_FindObjects(session); next; next = pkcs11.C_FindObjects(session)) found.push(next);
  pkcs11.C_FindObjectsFinal(session);
  return found;
}

function signWith(
  binding: Pkcs11Binding, pkcs11: Pkcs11, { slot, keyId }: Found,
  sign: NonNullable<CertificateRequest['sign']>,
): Buffer {
  const session = pkcs11.C_OpenSession(slot, binding.CKF_SERIAL_SESSION);
  pkcs11.C_Login(session, binding.CKU_USER, sign.pin);
  try {
    const [key] = objects(pkcs11, session, [
      { type: binding.CKA_CLASS, value: binding.CKO_PRIVATE_KEY }, { type: binding.CKA_ID, value: keyId },
    ]);
    if (!key) throw new Error('the certificate has no key');
    const mechanism = sign.keyType === 'rsa' ? binding.CKM_RSA_PKCS : binding.CKM_ECDSA;
    pkcs11.C_SignInit(session, { mechanism }, key);
    return pkcs11.C_Sign(session, Buffer.from(sign.input), Buffer.alloc(maxSignatureBytes));
  } finally {
    pkcs11.C_Logout(session);
    pkcs11.C_CloseSession(session);
  }
}

process.once('message', (request: CertificateRequest) => {
  process.send?.(answerTo(request), () => process.exit(0));
});
process.on('disconnect', () => process.exit(0));
