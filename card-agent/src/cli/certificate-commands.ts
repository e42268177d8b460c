import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AgentError } from '../agent-error.js';
import { requireNonce } from '../attestation/nhi-card-attestation.js';
import { isPin } from '../certificates/certificate-cards.js';
import { contentFor, signatureFormat } from '../certificates/signed-message.js';
import { appVersion } from '../release.js';
import type { Call } from './commands.js';
import { requireAllowedSite } from './commands.js';
import { openCertificateCards } from './open-reader.js';
import { asksYes, print } from './terminal.js';

/** The certificates with which the card in the reader can sign. */
export async function listCertificates({ settings, terminal }: Call): Promise<void> {
  const found = await openCertificateCards(settings).list();
  const certificates = found.map(({ id, subject, issuer, validTo }) => ({ id, subject, issuer, validTo }));
  print(terminal, { certificates }, certificates.map(({ id, subject, validTo }) =>
    `${id}\n  ${subject.replaceAll('\n', ', ')}（至 until ${validTo}）`));
}

/** What a site gets from the service, for a site and nonce given by hand. */
export async function signForSite(call: Call): Promise<void> {
  const { settings, terminal, flags } = call;
  const origin = requireAllowedSite(call);
  const nonce = requireNonce(flags['nonce']);
  const cards = openCertificateCards(settings);
  const found = await cards.list();
  const [only] = found.length === 1 ? found : [];
  const certificate = found.find(({ id }) => id === flags['certificate']) ?? only;
  if (!certificate) throw new AgentError('certificate-missing');
  const question = `以憑證為 ${origin} 簽章？ Sign for this site?`;
  if (flags['yes'] !== true && !await asksYes(question)) throw new AgentError('consent-denied');
  const pin = await askPin();
  if (!isPin(pin)) throw new AgentError('input-invalid');
  const message = await cards.sign(certificate.id, pin, contentFor(origin, nonce));
  const signedMessage = Buffer.from(message).toString('base64');
  const result = { signature: { format: signatureFormat, signedMessage, appVersion } };
  print(terminal, result, [JSON.stringify(result, null, 2)]);
}

/** From the terminal, unseen, or the first line of a pipe. Never as a flag: other users see those. */
async function askPin(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('PIN： ');
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY === true;
  const prompt = createInterface({ input: process.stdin, output: unseen, terminal });
  try {
    for await (const line of prompt) return line;
    return '';
  } finally {
    prompt.close();
    if (process.stdin.isTTY) process.stderr.write('\n');
  }
}
