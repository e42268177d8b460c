import { createPublicKey, verify } from 'node:crypto';
import { InMemoryReader } from '../../src/card/in-memory-reader.js';
import { attestedBytes } from '../../src/attestation/nhi-card-attestation.js';
import { cardOf, lin, ming } from '../support/people.js';
import type { RunningAgent } from '../support/running-agent.js';
import { ask, nonce, portal, post, startAgent } from '../support/running-agent.js';

let reader: InMemoryReader;
let agent: RunningAgent;
beforeEach(async () => {
  reader = new InMemoryReader();
  agent = await startAgent({ reader });
});
afterEach(() => agent.close());

const personal = (text: string) =>
  [ming, lin].flatMap(({ cardNumber, name, idNumber, payload }) =>
    [cardNumber, name, idNumber, payload.toString('base64')]).filter((part) => text.includes(part));

describe('what anyone here may see', () => {
  it('is the version, and no person', async () => {
    reader.insert(cardOf(ming));
    const { status, body, json } = await agent.ask({ path: '/version' });
    expect([status, Object.keys(json).sort()]).toEqual([200, ['appVersion', 'name', 'version']]);
    expect(personal(body)).toEqual([]);
  });

  it('is the readers and whether a card is in them, and no person', async () => {
    const status = async () => (await agent.ask({ path: '/status', headers: { Origin: portal } })).json;
    const readersWith = (card: string) =>
      ({ reader: 'memory', readers: [{ name: 'In-memory reader', card }] });
    expect(await status()).toEqual(readersWith('absent'));
    reader.insert(cardOf(ming));
    expect(await status()).toEqual(readersWith('present'));
  });
});

describe('attesting a card for a site', () => {
  it('gives what B.6 says, with the key to enrol, once the person has said yes', async () => {
    reader.insert(cardOf(ming));
    const asked = agent.attest();
    expect(await agent.pending()).toMatchObject({ origin: portal, kind: 'nhi-card' });
    expect((await agent.consent()).json).toEqual({ outcome: 'done' });
    const { status, json } = await asked;
    expect(status).toBe(200);
    const { attestation, agentKey } = json as {
      attestation: { signature: string; cardPayload: string; agentKeyId: string };
      agentKey: Record<string, string>;
    };
    expect(Buffer.from(attestation.cardPayload, 'base64')).toEqual(ming.payload);
    expect(attestation.agentKeyId).toBe(agent.keys.for(portal).id);
    const signed = attestedBytes(portal, nonce, { payload: ming.payload, status: '1' });
    const publicKey = createPublicKey({ key: agentKey, format: 'jwk' });
    const raw = Buffer.from(attestation.signature, 'base64');
    expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    expect(personal(agent.log.join('\n'))).toEqual([]);
    expect(agent.log).toEqual([`nhi-card ${portal} done`]);
  });

  it('reads nothing before, and nothing after a no', async () => {
    let commands = 0;
    const card = cardOf(ming);
    reader.insert({ reset: () => card.reset(), answer: (command) => {
      commands += 1;
      return card.answer(command);
    } });
    const asked = agent.attest();
    await agent.pending();
    expect(commands).toBe(0);
    expect((await agent.consent('deny')).json).toEqual({ outcome: 'consent-denied' });
    expect((await asked).json).toMatchObject({ error: { code: 'consent-denied', retriable: false } });
    expect(commands).toBe(0);
  });

  it('reads the card that is there when the person says yes, not the one before', async () => {
    reader.insert(cardOf(ming));
    const asked = agent.attest();
    await agent.pending();
    reader.insert(cardOf(lin, 'direct'));
    await agent.consent();
    const { attestation } = (await asked).json as { attestation: { cardPayload: string } };
    expect(Buffer.from(attestation.cardPayload, 'base64')).toEqual(lin.payload);
  });

  it('says what the person can mend, in both languages', async () => {
    const asked = agent.attest();
    expect((await agent.consent()).json).toEqual({ outcome: 'card-missing' });
    const { status, json, headers } = await asked;
    expect(status).toBe(409);
    expect(json).toEqual({ error: {
      code: 'card-missing', retriable: true, component: '7004',
      message: { 'zh-TW': '未置入健保卡', en: 'No card in the reader' },
    } });
    expect(headers['access-control-allow-origin']).toBe(portal);
  });

  it('is one at a time', async () => {
    reader.insert(cardOf(ming));
    const first = agent.attest();
    await agent.pending();
    const second = await agent.attest();
    expect([second.status, second.json]).toMatchObject([409, { error: { code: 'operation-in-progress' } }]);
    await agent.consent();
    expect((await first).status).toBe(200);
    const third = agent.attest();
    await agent.consent();
    expect((await third).status).toBe(200);
  });

  it('ends when the person does not answer', async () => {
    await agent.close();
    agent = await startAgent({ reader, consentMs: 50 });
    const { status, json } = await agent.attest();
    expect([status, json]).toMatchObject([409, { error: { code: 'consent-timeout', retriable: true } }]);
  });

  it('ends when the page that asked has gone, and the next may ask', async () => {
    reader.insert(cardOf(ming));
    const gone = new AbortController();
    const asked = ask(agent.port, { ...post('/nhi-card', { nonce }, portal), signal: gone.signal });
    const { token } = await agent.pending();
    gone.abort();
    await expect(asked).rejects.toThrow('aborted');
    while (agent.operations.pending()) await new Promise((resolve) => setTimeout(resolve, 5));
    const late = await agent.decide(token, 'allow');
    expect(late.json).toMatchObject({ error: { code: 'consent-token-invalid' } });
    const next = agent.attest();
    await agent.consent();
    expect((await next).status).toBe(200);
  });
});

describe('the consent page', () => {
  it('stands in no frame, runs only its own script and talks to nobody else', async () => {
    const { status, headers, body } = await agent.ask({ path: '/consent' });
    expect(status).toBe(200);
    const policy = headers['content-security-policy'] as string;
    const [, scriptNonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
    expect(body).toContain(`<script nonce="${scriptNonce}">`);
    expect((await agent.ask({ path: '/consent' })).headers['content-security-policy']).not.toBe(policy);
  });

  it('alone learns the token and may decide: the site cannot consent for the person', async () => {
    reader.insert(cardOf(ming));
    const asked = agent.attest();
    const { token } = await agent.pending();
    for (const origin of [portal, 'http://127.0.0.1:1', 'null']) {
      const look = await agent.ask(post('/consent/pending', {}, origin));
      const decide = await agent.ask(post('/consent/decision', { token, decision: 'allow' }, origin));
      expect([look.status, decide.status]).toEqual([403, 403]);
      expect(look.body).not.toContain(token);
    }
    expect(agent.operations.pending()).not.toBeNull();
    await agent.decide(token, 'deny');
    await asked;
  });

  it('decides once, with the token of this very question', async () => {
    reader.insert(cardOf(ming));
    const first = agent.attest();
    const { token } = await agent.pending();
    await agent.decide(token, 'allow');
    await first;
    const second = agent.attest();
    await agent.pending();
    for (const wrong of [token, '', 'x'.repeat(43)]) {
      const { json } = await agent.decide(wrong, 'allow');
      expect(json).toMatchObject({ error: { code: 'consent-token-invalid' } });
    }
    expect((await agent.consent('maybe')).json).toMatchObject({ error: { code: 'input-invalid' } });
    await agent.consent('deny');
    expect((await second).status).toBe(403);
  });
});

describe('browsers', () => {
  const preflight = (given: Record<string, string>, path = '/nhi-card') => {
    const headers = { 'Access-Control-Request-Method': 'POST', ...given };
    return agent.ask({ method: 'OPTIONS', path, headers });
  };

  it('of an allowed site get their preflight answered, with or without Local Network Access', async () => {
    for (const extra of [{}, { 'Access-Control-Request-Private-Network': 'true' }]) {
      const asked = { Origin: portal, 'Access-Control-Request-Headers': 'content-type', ...extra };
      const { status, headers } = await preflight(asked);
      expect(status).toBe(204);
      expect(headers).toMatchObject({
        'access-control-allow-origin': portal, 'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type',
      });
      expect(headers['vary']).toContain('Origin');
      expect(Object.keys(headers)).not.toContain('access-control-allow-credentials');
      expect(Object.keys(headers)).not.toContain('access-control-allow-private-network');
    }
  });

  it('of another site, or with other headers or methods, do not', async () => {
    const refused = [
      await preflight({ Origin: 'https://evil.example' }), await preflight({}),
      await preflight({ Origin: portal, 'Access-Control-Request-Headers': 'x-other' }),
      await preflight({ Origin: portal, 'Access-Control-Request-Method': 'PUT' }),
      await preflight({ Origin: agent.own }, '/consent/decision'),
    ];
    for (const { status, headers } of refused) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});
