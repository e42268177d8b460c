import { existsSync } from 'node:fs';

/** OpenSC's PKCS#11 module, where Debian puts it; null when it is not installed. */
export const findOpenSc = (): string | null =>
  ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/opensc-pkcs11.so`)
    .find((file) => existsSync(file)) ?? null;

/** Otherwise it tries every kind of card it knows, which takes two seconds. */
export const openScSettings = 'app default {\n  card_drivers = PIV-II;\n}\n';
