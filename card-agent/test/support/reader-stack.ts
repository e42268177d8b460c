import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PcscReader } from '../../src/pcsc/pcsc-reader.js';
import type { PcscLimits } from '../../src/pcsc/pcsc-reader.js';
import { CardBox } from '../../src/virtual/card-box.js';
import { findOpenSc } from '../../src/virtual/opensc.js';
import { PrivatePcscd, findVirtualDriver } from '../../src/virtual/private-pcscd.js';
import type { Rig } from '../../src/virtual/rig.js';
import { people } from './people.js';

const agent = join(__dirname, '..', '..');
/** Processes are started from the build, as they are for a person. */
export const built = (file: string): string => join(agent, 'dist', file);

const driver = findVirtualDriver();
const binding = join(agent, 'node_modules/pcsclite/build/Release/pcsclite.node');

/**
 * Only with pcscd, the virtual reader's driver and the binding installed (npm test installs them as root, and
 * says loudly when it cannot): without them there is nothing to test.
 */
// eslint-disable-next-line no-restricted-syntax
export const describeWithReader = driver !== null && existsSync(binding) ? describe : describe.skip;

/** SoftHSM2, a token in software. */
export const softHsm = '/usr/lib/softhsm/libsofthsm2.so';
const pkcs11 = join(agent, 'node_modules/pkcs11js/build/Release/pkcs11.node');
// The same reason.
// eslint-disable-next-line no-restricted-syntax
export const describeWithTokens = existsSync(softHsm) && existsSync(pkcs11) ? describe : describe.skip;

/** The module for PIV cards, through a reader. */
export const openSc = findOpenSc() ?? '';
const hasPivStack = driver !== null && openSc !== '' && existsSync(pkcs11);
// And here too.
// eslint-disable-next-line no-restricted-syntax
export const describeWithPivCards = hasPivStack ? describe : describe.skip;

export const impatient: PcscLimits = { startMs: 10_000, statusMs: 3000, connectMs: 1500, transmitMs: 1500 };

// Below the ports that the system hands out; each test process has its own.
const ownPort = () => 22_000 + (process.pid % 4000) * 2;

export async function openRig(limits: PcscLimits): Promise<Rig> {
  const pcscd = new PrivatePcscd(driver ?? '', ownPort());
  await pcscd.start();
  process.env['PCSCLITE_CSOCK_NAME'] = pcscd.socket;
  return {
    pcscd, people,
    box: new CardBox(built('virtual/card-process.js')),
    reader: new PcscReader(built('pcsc/reader-process.js'), limits),
  };
}

export async function closeRig({ reader, box, pcscd }: Rig): Promise<void> {
  await reader.close();
  box.close();
  await pcscd.close();
  delete process.env['PCSCLITE_CSOCK_NAME'];
}
