import iconv from 'iconv-lite';
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { derOf } from '../identity/certificates/pem.js';
import { demoCardFile } from './demo-authority.js';
import type { DemoPrincipal } from './demo-people.js';
import { SeededRandom } from './seeded-random.js';

/** Of every certificate card of the demo. */
export const demoPin = '246810';

/** As the card agent's virtual reader takes a card: see card-agent/src/virtual/card-content.ts. */
export type CardToInsert =
  | { readonly payload: string; readonly generation: 'selects' | 'direct' }
  | { readonly certificate: string; readonly privateKey: string; readonly pin: string };

/** The 57 bytes of a made-up person's 健保卡; null for who has none: companies and officers. */
export function demoNhiCard({ applicant }: DemoPrincipal): CardToInsert | null {
  if (applicant?.kind !== 'person') return null;
  const { idNumber, name } = applicant;
  const random = new SeededRandom(Number(idNumber.slice(1)));
  const payload = Buffer.alloc(57);
  payload.write(`0000${random.digits(8)}`, 0, 'latin1');
  iconv.encode(name, 'big5').copy(payload, 12, 0, 20);
  payload.write(idNumber, 32, 'latin1');
  const [birth, issued] = [`0${random.between(50, 89)}0${random.between(1, 9)}15`, '1130102'];
  payload.write(birth + (idNumber[1] === '1' ? 'M' : 'F') + issued, 42, 'latin1');
  // Of one person each, so that both generations of cards are seen.
  return { payload: payload.toString('base64'), generation: random.pick(['selects', 'direct'] as const) };
}

/** 自然人憑證 or 工商憑證, as the demo's authority issued it; null where it has issued none yet. */
export function demoCertificateCard(directory: string, { name }: DemoPrincipal): CardToInsert | null {
  const file = demoCardFile(directory, name);
  if (!existsSync(file)) return null;
  const [certificate] = derOf(readFileSync(file), 'CERTIFICATE') ?? [];
  if (!certificate) throw new Error(`${file} holds no certificate`);
  const key = createPrivateKey(readFileSync(join(directory, 'cards', `${name}.key`)));
  return {
    certificate: Buffer.from(certificate).toString('base64'), pin: demoPin,
    privateKey: key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  };
}
