import type { IncomingMessage, ServerResponse } from 'node:http';
import { AgentError } from '../agent-error.js';
import { attest, requireNonce } from '../attestation/nhi-card-attestation.js';
import { contentFor, signatureFormat } from '../certificates/signed-message.js';
import { readNhiCard } from '../nhi/read-nhi-card.js';
import type { Chosen, Decision, OperationKind } from '../operations.js';
import { isPin } from '../certificates/certificate-cards.js';
import { appVersion } from '../release.js';
import type { AgentParts } from './agent-parts.js';
import { readFields, readOneOf } from './body.js';

interface Asked {
  readonly parts: AgentParts;
  readonly origin: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The card's 57 bytes with the signature of the site's key, and the key to enrol. */
export async function attestNhiCard(asked: Asked) {
  const { parts: { operations, reader, keys }, origin } = asked;
  return await logged('nhi-card', asked, async (nonce, caller) => {
    const question = { kind: 'nhi-card', origin, choices: [] } as const;
    return await operations.run(() => Promise.resolve(question), caller, async () => {
      const reading = await readNhiCard(reader);
      const key = keys.for(origin);
      return { attestation: attest(key, nonce, reading), agentKey: key.publicJwk };
    });
  });
}

/** A message for this site and nonce, signed by the person's certificate card. */
export async function signWithCertificate(asked: Asked) {
  const { parts: { operations, certificates }, origin } = asked;
  return await logged('certificate-signature', asked, async (nonce, caller) => {
    const ask = async () => {
      const choices = (await certificates.list()).map(({ id, subject, issuer, validTo }) =>
        ({ id, subject, issuer, validTo }));
      return { kind: 'certificate-signature', origin, choices } as const;
    };
    return await operations.run(ask, caller, async (chosen) => {
      if (!chosen) throw new AgentError('input-invalid');
      const message = await certificates.sign(chosen.certificate, chosen.pin, contentFor(origin, nonce));
      const signedMessage = Buffer.from(message).toString('base64');
      return { signature: { format: signatureFormat, signedMessage, appVersion } };
    });
  });
}

type Work<T> = (nonce: string, caller: AbortSignal) => Promise<T>;

async function logged<T>(kind: OperationKind, asked: Asked, work: Work<T>): Promise<T> {
  const { parts: { log }, origin, request, response } = asked;
  const nonce = requireNonce((await readFields(request, ['nonce'])).nonce);
  const caller = new AbortController();
  response.once('close', () => caller.abort());
  try {
    const result = await work(nonce, caller.signal);
    log(`${kind} ${origin} done`);
    return result;
  } catch (error) {
    log(`${kind} ${origin} ${error instanceof AgentError ? error.code : 'internal'}`);
    throw error;
  }
}

const decisionFields = [['token', 'decision'], ['token', 'decision', 'certificate', 'pin']] as const;

/** What the person decided on the consent page, and how the operation ended. */
export async function decide(request: IncomingMessage, { operations }: AgentParts) {
  const { token, decision, certificate, pin } = await readOneOf(request, decisionFields);
  if (typeof token !== 'string') throw new AgentError('input-invalid');
  const chosen = certificate === undefined ? null : chosenOf(certificate, pin);
  return { outcome: await operations.decide(token, decisionOf(decision, chosen)) };
}

function chosenOf(certificate: unknown, pin: unknown): Chosen {
  if (typeof certificate === 'string' && isPin(pin)) return { certificate, pin };
  throw new AgentError('input-invalid');
}

function decisionOf(decision: unknown, chosen: Chosen | null): Decision {
  if (decision === 'allow') return { allow: true, chosen };
  if (decision === 'deny') return { allow: false };
  throw new AgentError('input-invalid');
}
