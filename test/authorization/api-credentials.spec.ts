import type { Principal } from '../../src/application/command-context.js';
import { removeFromStaffList } from '../../src/application/identity/staff-changes.js';
import { readApiToken } from '../../src/infrastructure/api-credentials/api-token.js';
import type { Service } from '../http/support/service.js';
import { startService } from '../http/support/service.js';
import type { World } from '../http/support/world.js';
import { applied, approved, caughtUp, paid, populate } from '../http/support/world.js';
import type { Headers, Member } from './support/sessions.js';
import { listed, signedIn, signedInAsStaff } from './support/sessions.js';

interface Issued { readonly credentialId: string; readonly token: string; readonly expiresAt: string }
interface Listed { readonly credentials: readonly (Omit<Issued, 'token'> & { lastUsedAt: string | null })[] }

const nobodys = '6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11';
const dayMs = 86_400_000;
let clockAheadMs = 0;
const now = () => Date.now() + clockAheadMs;

let service: Service;
let world: World;
let company: Principal;
let [shown, hidden, shownPayment, hiddenPayment] = ['', '', '', ''];
let browser: Headers;
let member: Member;
let operatorBrowser: Headers;
beforeAll(async () => {
  service = await startService(undefined, { publicOrigin: null, mailFrom: 'a@b.invalid', demo: false, now });
  world = await populate(service);
  ({ company } = world.people);
  const { reviewer } = world.people;
  hidden = await approved(service, reviewer, await applied(service, company, '334'));
  [shownPayment, hiddenPayment] = [
    await paid(service, '31', { accountNumber: '333' }), await paid(service, '32', { accountNumber: '334' }),
  ];
  browser = await signedIn(service, company);
  shown = await accountWith('333');
  member = await listed(service, 'A123456789', ['operator']);
  operatorBrowser = await signedInAsStaff(service, member);
  await caughtUp(service);
});
afterAll(async () => { await service.close(); });
afterEach(() => { clockAheadMs = 0; });

async function accountWith(accountNumber: string): Promise<string> {
  await caughtUp(service);
  const { accounts } = (await service.as(company).get('/api/v1/accounts'))
    .json<{ accounts: { accountId: string; accountNumber: string }[] }>();
  return accounts.find((account) => account.accountNumber === accountNumber)?.accountId ?? '';
}

const send = (method: 'GET' | 'POST' | 'DELETE', path: string, headers: Headers, payload?: object) =>
  service.send({ method, url: `/api/v1/${path}`, headers, ...(payload ? { payload } : {}) });
const told = (response: { statusCode: number; json(): unknown }) =>
  [response.statusCode, (response.json() as { code?: string }).code];
const issue = (headers = browser, body: object = { accountIds: [shown], validDays: 90 }) =>
  send('POST', 'api-credentials', headers, body);
const issued = async (): Promise<Issued> => (await issue()).json<Issued>();
const issuedDelivery = async (): Promise<Issued> =>
  (await send('POST', 'delivery-credentials', operatorBrowser, { validDays: 30 })).json<Issued>();
const by = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const revoke = (id: string, headers = browser, path = 'api-credentials') =>
  send('DELETE', `${path}/${id}`, headers);
const list = async (path = 'api-credentials', headers = browser) =>
  (await send('GET', path, headers)).json<Listed>().credentials;

describe('a company\'s own system', () => {
  let token = '';
  beforeAll(async () => { ({ token } = await issued()); });

  it('reads the payments to its accounts, named or not, and no others of the company', async () => {
    for (const asked of ['', `?account=${shown}`]) {
      const response = await send('GET', `reconciliations${asked}`, by(token));
      const { rows } = response.json<{ rows: { paymentId: string }[] }>();
      expect([response.statusCode, rows.map((row) => row.paymentId)]).toEqual([200, [shownPayment]]);
    }
    for (const account of [hidden, world.account, nobodys]) {
      expect(told(await send('GET', `reconciliations?account=${account}`, by(token))))
        .toEqual([404, 'account/unknown']);
    }
  });

  it('reads the history of a payment to its accounts alone', async () => {
    const history = (id: string) => send('GET', `payments/${id}/history`, by(token));
    expect((await history(shownPayment)).statusCode).toBe(200);
    for (const id of [hiddenPayment, world.payment, nobodys]) {
      expect(told(await history(id))).toEqual([404, 'payment/unknown']);
    }
  });

  it('does nothing else, and issues no credential', async () => {
    for (const [method, path] of [
      ['GET', 'accounts'], ['POST', 'accounts'], ['DELETE', `accounts/${shown}`], ['GET', 'applicant'],
      ['GET', 'session'], ['GET', 'api-credentials'], ['POST', 'api-credentials'], ['GET', 'sign-ins'],
      ['POST', 'payment-batches'], ['GET', 'payment-batches'], ['GET', 'reviews'],
    ] as const) expect(told(await send(method, path, by(token)))).toEqual([403, 'http/forbidden']);
  });

  it('is told to wait when it asks too fast, and others are not', async () => {
    const [{ token: fast }, { token: other }] = [await issued(), await issued()];
    const asked = Array.from({ length: 30 }, () => send('GET', 'reconciliations', by(fast)));
    const answers = await Promise.all(asked);
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBeGreaterThanOrEqual(9);
    expect([told(refused[0] as never), refused[0]?.headers['retry-after']])
      .toEqual([[429, 'api-credential/too-fast'], '1']);
    expect((await send('GET', 'reconciliations', by(other))).statusCode).toBe(200);
    clockAheadMs = 1_000;
    expect((await send('GET', 'reconciliations', by(fast))).statusCode).toBe(200);
  });

  it('loses an account with the company, projector or not', async () => {
    await service.as(company).send('DELETE', `/api/v1/accounts/${hidden}`);
    expect(told(await issue(browser, { accountIds: [hidden], validDays: 1 })))
      .toEqual([404, 'account/unknown']);
  });
});

describe('an API credential', () => {
  it('is worth nothing from its revocation on, at once, and from its end on', async () => {
    for (const kind of ['api-credentials', 'delivery-credentials'] as const) {
      const [headers, path] = kind === 'api-credentials'
        ? [browser, 'reconciliations'] as const : [operatorBrowser, 'payment-batches'] as const;
      const [one, other] = kind === 'api-credentials'
        ? [await issued(), await issued()] : [await issuedDelivery(), await issuedDelivery()];
      expect((await send('GET', path, by(one.token))).statusCode).toBe(200);
      expect((await revoke(one.credentialId, headers, kind)).statusCode).toBe(200);
      expect(told(await send('GET', path, by(one.token)))).toEqual([401, 'http/unauthenticated']);
      expect((await send('GET', path, by(other.token))).statusCode).toBe(200);
      clockAheadMs = 366 * dayMs;
      expect(told(await send('GET', path, by(other.token)))).toEqual([401, 'http/unauthenticated']);
      clockAheadMs = 0;
      expect((await revoke(other.credentialId, headers, kind)).statusCode).toBe(200);
    }
  });

  it('is listed with its accounts, its end and its last use, and never with its token', async () => {
    const { credentialId, token, expiresAt } = await issued();
    const found = async () => (await list()).find((one) => one.credentialId === credentialId);
    expect(await found()).toEqual({
      credentialId, accountIds: [shown], issuedAt: expect.any(String), expiresAt, revokedAt: null,
      lastUsedAt: null,
    });
    await send('GET', 'reconciliations', by(token));
    const { lastUsedAt } = await found() ?? {};
    expect(Math.abs(Date.parse(lastUsedAt ?? '') - Date.now())).toBeLessThan(60_000);
    const others = await list('api-credentials', await signedIn(service, world.people.payee));
    expect(others).toEqual([]);
    await revoke(credentialId);
  });

  it('is revoked by its holder alone; a stranger\'s is one that does not exist', async () => {
    const { credentialId, token } = await issued();
    const stranger = await signedIn(service, world.people.otherPayee);
    const answers = [await revoke(credentialId, stranger), await revoke(nobodys, stranger)];
    expect(answers.map(told)).toEqual([[404, 'api-credential/unknown'], [404, 'api-credential/unknown']]);
    expect((await send('GET', 'reconciliations', by(token))).statusCode).toBe(200);
    await revoke(credentialId);
  });

  it('is issued in a browser in which the card was shown a moment ago', async () => {
    expect(told(await service.as(company).send('POST', '/api/v1/api-credentials',
      { accountIds: [shown], validDays: 1 }))).toEqual([403, 'session/required']);
    clockAheadMs = 6 * 60_000;
    expect(told(await issue())).toEqual([403, 'session/reauthentication-required']);
  });

  it('is for companies, for their own approved accounts, and for a year at most', async () => {
    const person = await signedIn(service, world.people.payee);
    expect(told(await issue(person, { accountIds: [world.account], validDays: 1 })))
      .toEqual([403, 'api-credential/companies-only']);
    expect(told(await issue(browser, { accountIds: [shown, world.account], validDays: 1 })))
      .toEqual([404, 'account/unknown']);
    expect(told(await issue(browser, { accountIds: [shown], validDays: 367 })))
      .toEqual([400, 'http/invalid-input']);
    expect(told(await issue(browser, { accountIds: [], validDays: 1 }))).toEqual([400, 'http/invalid-input']);
  });

  it('tells its token once, also when the request is repeated', async () => {
    const headers = { ...browser, 'idempotency-key': 'once' };
    const first = (await issue(headers)).json<Issued>();
    expect(first.token).toMatch(/^treasury_api_[A-Za-z0-9_-]{64}[0-9a-f]{8}$/);
    expect(told(await issue(headers))).toEqual([409, 'api-credential/token-shown']);
    await revoke(first.credentialId);
  });

  it('leaves its secret in no fact, no log line and no table', async () => {
    const { token, credentialId } = await issued();
    await send('GET', 'reconciliations', by(token));
    const secret = readApiToken(token)?.secret ?? Buffer.alloc(0);
    const { rows } = await service.parts.pool.query<{ text: string }>(`
      SELECT payload::text || metadata::text AS text FROM log.events
      UNION ALL SELECT t::text FROM identity.api_tokens AS t`);
    const kept = rows.map(({ text }) => text).join('\n') + service.logged();
    expect(kept).toContain(credentialId);
    for (const spelt of [token.slice(13, 77), secret.toString('base64url'), secret.toString('hex')]) {
      expect(kept).not.toContain(spelt);
    }
    await revoke(credentialId);
  });
});

describe('an operator\'s system', () => {
  it('delivers batches and reads what became of them, and nothing else', async () => {
    const { token } = await issuedDelivery();
    const delivered = await service.send({
      method: 'POST', url: '/api/v1/payment-batches', payload: 'x',
      headers: { ...by(token), 'content-type': 'text/csv' },
    });
    expect(told(delivered)).toEqual([422, 'batch/refused']);
    expect((await send('GET', 'payment-batches', by(token))).statusCode).toBe(200);
    expect(told(await send('GET', 'payment-batches/none', by(token)))).toEqual([404, 'batch/unknown']);
    for (const [method, path] of [
      ['GET', 'payments?agencyCode=A01&fiscalYear=115&voucherNo=000123&seq=1'], ['GET', 'reconciliations'],
      ['GET', 'operations'], ['GET', 'staff'], ['GET', 'delivery-credentials'],
      ['POST', `payments/${world.payment}/corrections`], ['POST', 'bank-code-lists'],
    ] as const) expect(told(await send(method, path, by(token)))).toEqual([403, 'http/forbidden']);
  });

  it('loses its right with the operator who is taken off the staff list', async () => {
    const { token } = await issuedDelivery();
    expect((await send('GET', 'payment-batches', by(token))).statusCode).toBe(200);
    const meta = { commandId: nobodys, fingerprint: 'f', by: 'tester', at: '2026-03-02T01:00:00.000Z' };
    await removeFromStaffList(service.parts.identity.stores, member.memberId, meta);
    expect(told(await send('GET', 'payment-batches', by(token)))).toEqual([401, 'http/unauthenticated']);
  });
});

describe('a token', () => {
  it('with any character changed opens nothing', async () => {
    const { token } = await issued();
    for (let i = 0; i < token.length; i++) {
      const changed = `${token.slice(0, i)}${token[i] === 'a' ? 'b' : 'a'}${token.slice(i + 1)}`;
      expect(told(await send('GET', 'reconciliations', by(changed)))).toEqual([401, 'http/unauthenticated']);
      if (i >= 13) expect(readApiToken(changed)).toBeNull();
    }
    expect((await send('GET', 'reconciliations', by(token))).statusCode).toBe(200);
  });

  it('with a checksum that fits, but another secret, opens nothing', async () => {
    const [one, other] = [await issued(), await issued()];
    const { newApiToken } = await import('../../src/infrastructure/api-credentials/api-token.js');
    for (const text of [newApiToken(one.credentialId).text, newApiToken(nobodys).text]) {
      expect(readApiToken(text)).not.toBeNull();
      expect(told(await send('GET', 'reconciliations', by(text)))).toEqual([401, 'http/unauthenticated']);
    }
    expect((await send('GET', 'reconciliations', by(other.token))).statusCode).toBe(200);
  });
});
