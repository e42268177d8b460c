import { createRequire } from 'node:module';

export interface Attribute {
  readonly type: number;
  readonly value?: Buffer | number;
}

/** As much of the binding as is used. Described here, because it may not be installed. */
export interface Pkcs11 {
  load(module: string): void;
  C_Initialize(): void;
  C_GetSlotList(tokenPresent: boolean): Buffer[];
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_CloseSession(session: Buffer): void;
  C_Login(session: Buffer, user: number, pin: string): void;
  C_Logout(session: Buffer): void;
  C_FindObjectsInit(session: Buffer, template: readonly Attribute[]): void;
  C_FindObjects(session: Buffer): Buffer | null;
  C_FindObjectsFinal(session: Buffer): void;
  C_GetAttributeValue(session: Buffer, object: Buffer, wanted: readonly Attribute[]): Attribute[];
  C_SignInit(session: Buffer, mechanism: { readonly mechanism: number }, key: Buffer): void;
  C_Sign(session: Buffer, data: Buffer, space: Buffer): Buffer;
}

export interface Pkcs11Binding {
  readonly PKCS11: new () => Pkcs11;
  readonly CKF_SERIAL_SESSION: number;
  readonly CKU_USER: number;
  readonly CKA_CLASS: number;
  readonly CKA_ID: number;
  readonly CKA_VALUE: number;
  readonly CKO_CERTIFICATE: number;
  readonly CKO_PRIVATE_KEY: number;
  readonly CKM_RSA_PKCS: number;
  readonly CKM_ECDSA: number;
}

/** Null when the optional native part is not there. */
export function loadPkcs11(): Pkcs11Binding | null {
  try {
    return createRequire(import.meta.url)('pkcs11js') as Pkcs11Binding;
  } catch {
    return null;
  }
}
