import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Expected } from '../../../src/infrastructure/identity/card-attestation.js';
import type { TrustOptions } from '../../../src/infrastructure/identity/certificates/certificate-verifier.js';
import {
  signatureContent, signatureFormat,
} from '../../../src/infrastructure/identity/certificates/signature-content.js';
import type { Service } from '../../http/support/service.js';
import { startService } from '../../http/support/service.js';
import type { Browser } from '../support/browser.js';
import { origin } from '../support/browser.js';
import type { Card } from './test-pki.js';
import { lists, message, pinned, policy } from './test-pki.js';

/** The test's authorities in files, as real ones would be. */
export function trustInFiles(): { readonly trust: TrustOptions; remove(): void } {
  const files = mkdtempSync(join(tmpdir(), 'sign-in-'));
  const roots = mkdtempSync(join(files, 'roots-'));
  for (const [index, der] of pinned.entries()) writeFileSync(join(roots, `${index}.cer`), der);
  const revocationLists = mkdtempSync(join(files, 'lists-'));
  for (const [index, der] of lists.entries()) writeFileSync(join(revocationLists, `${index}.crl`), der);
  return {
    trust: { roots, revocationLists, policies: [policy] },
    remove: () => rmSync(files, { recursive: true }),
  };
}

/** A service that believes the test's authorities. */
export async function startTrustingService(now: () => number): Promise<Service> {
  const { trust, remove } = trustInFiles();
  const service = await startService(undefined, {
    publicOrigin: origin, mailFrom: 'office@nss.example', demo: true, now, trust,
  });
  return {
    ...service,
    close: async () => {
      await service.close();
      remove();
    },
  };
}

export interface Asked {
  readonly idNumber?: string;
  readonly path?: string;
  /** For another attempt than the browser's own. */
  readonly signed?: Partial<Expected>;
  readonly format?: string;
  readonly purpose?: string;
}

/** As the card agent hands it to a page. */
export function signatureOf(card: Card, asked: Expected, format: string = signatureFormat) {
  const signedMessage = Buffer.from(message(card, { content: signatureContent(asked) })).toString('base64');
  return { signature: { format, signedMessage, appVersion: 'https://agent.example/releases/1.0.0' } };
}

export async function show(
  browser: Browser, card: Card, { path = 'sign-ins/certificate', ...asked }: Asked = {},
) {
  const query = asked.purpose === undefined ? '' : `?purpose=${asked.purpose}`;
  const { nonce } = (await browser.send('POST', `challenges${query}`)).json<{ nonce: string }>();
  const body = signatureOf(card, { origin, nonce, ...asked.signed }, asked.format);
  return browser.send('POST', path, { ...body, ...(asked.idNumber ? { idNumber: asked.idNumber } : {}) });
}
