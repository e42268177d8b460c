import type { StartedService } from './checkout.js';
import { Checkout, isAlive, until } from './checkout.js';

interface Totals { readonly payments: number; readonly amount: number; readonly rows: number }
interface Accounts { readonly accounts: readonly { readonly accountNumber: string }[] }

const noticeMs = 30_000;
const startMs = 240_000;
const account = { bankCode: '0040037', accountNumber: '099099099099', accountName: '測試陳小明' };

describe('npm start', () => {
  let checkout: Checkout;
  let service: StartedService;
  let firstOutput: string;
  let demo: Totals;

  const ask = async (role: string, path: string, init: RequestInit = {}): Promise<unknown> => {
    const { url, principals } = checkout.ready;
    const token = principals.find(({ roles }) => roles.includes(role))?.token;
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const answer = await fetch(new URL(path, url), { ...init, headers });
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const totals = async (): Promise<Totals> =>
    (await ask('payee', '/api/v1/reconciliations') as { totals: Totals }).totals;
  const expectEverythingKept = async (): Promise<void> => {
    const { accounts } = await ask('payee', '/api/v1/accounts') as Accounts;
    expect(accounts).toContainEqual(expect.objectContaining({ accountNumber: account.accountNumber }));
    expect(await totals()).toEqual(demo);
  };

  beforeAll(async () => {
    checkout = new Checkout();
    const first = await checkout.serve();
    firstOutput = first.output;
    demo = await totals();
    await ask('payee', '/api/v1/accounts', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account),
    });
    first.interrupt();
    await first.ended();
    service = await checkout.serve();
  }, startMs);
  // Once for all rules that only look at it, and again after each that ends it or a part of it.
  beforeEach(async () => { if (service.hasEnded) service = await checkout.serve(); }, startMs);
  afterAll(() => checkout.remove(), startMs);

  it('says from a fresh checkout on what it does, and at the end where it serves and as whom', () => {
    expect(firstOutput).toMatch(/Building the service[^]*embedded PostgreSQL[^]*20000[^]*ready at http/);
    const { url, principals } = checkout.ready;
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const roles = principals.flatMap((principal) => principal.roles);
    expect(roles.filter((role) => role === 'payee').length).toBeGreaterThanOrEqual(3);
    expect(new Set(roles)).toEqual(new Set(['payee', 'reviewer', 'operator', 'auditor']));
    for (const { token } of principals) expect(firstOutput).toContain(token);
  });

  it('says it in sentences, with no line of the log in between', () =>
    expect(firstOutput.split('\n').filter((line) => line.startsWith('{'))).toEqual([]));

  it('brings a card agent along for its own pages alone, and says over which reader', async () => {
    const { url, cardAgent } = checkout.ready;
    if (!cardAgent) throw new Error(service.output);
    expect(service.output).toContain(cardAgent.url);
    expect(service.output).toMatch(cardAgent.reader === 'pcsc' ? /virtual reader of pcscd/ : /reader in memory/);
    const seenBy = async (origin: string): Promise<number> =>
      (await fetch(new URL('/status', cardAgent.url), { headers: { origin } })).status;
    expect([await seenBy(url), await seenBy('https://evil.example')]).toEqual([200, 403]);
  });

  it('goes on when the card agent is killed, and says so', async () => {
    const agent = checkout.processes().find((line) => line.includes('scripts/demo.mjs'));
    process.kill(Number(agent?.trim().split(' ')[0]), 'SIGKILL');
    await until(noticeMs, () => service.output.includes('The card agent has ended'));
    expect(service.output).toContain('The card agent has ended');
    expect(checkout.processes().filter((line) => line.includes('card-agent/dist'))).toEqual([]);
    await expectEverythingKept();
    await service.stop();
  }, startMs);

  it('serves the API, its description, the list of banks and the demo payments', async () => {
    const { url } = checkout.ready;
    expect(await (await fetch(new URL('/health/ready', url))).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(new URL('/docs', url))).text()).toContain('swagger-ui');
    expect(await ask('payee', '/api/v1/bank-codes?code=0040037'))
      .toMatchObject({ bankCodes: [{ name: '臺灣銀行營業部', state: '上線' }] });
    expect(demo.payments).toBeGreaterThan(0);
  });

  it('keeps its data from one start to the next, and loads the demo only once', () => expectEverythingKept());

  it('says where it runs already when it is started twice, and the first one goes on', async () => {
    const { url } = checkout.ready;
    const second = checkout.start();
    await second.ended();
    expect(second.output).toContain(`Already running at ${url}`);
    expect(second.output).not.toContain('    at ');
    await expectEverythingKept();
  }, startMs);

  it('stops everything on Ctrl-C', async () => {
    const { url } = checkout.ready;
    service.interrupt();
    await service.ended();
    expect(checkout.processes()).toEqual([]);
    expect(checkout.isReady).toBe(false);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  }, startMs);

  it('stops by itself when npm is killed, for nobody could stop it any more', async () => {
    const pid = checkout.servingPid;
    process.kill(service.npmPid, 'SIGKILL');
    await until(noticeMs, () => !isAlive(pid));
    expect(checkout.processes()).toEqual([]);
    service = await checkout.serve();
    await expectEverythingKept();
  }, startMs);

  it('starts again after a kill -9, and stops the PostgreSQL that was left', async () => {
    const left = checkout.postgresPid;
    process.kill(checkout.servingPid, 'SIGKILL');
    await service.ended();
    expect(isAlive(left)).toBe(true);
    service = await checkout.serve();
    expect(isAlive(left)).toBe(false);
    await expectEverythingKept();
  }, startMs);

  it('ends and says why when its PostgreSQL is killed, and starts again', async () => {
    process.kill(checkout.postgresPid, 'SIGKILL');
    await service.ended();
    expect(service.output).toContain('PostgreSQL ended unexpectedly');
    service = await checkout.serve();
    await expectEverythingKept();
  }, startMs);

  it('starts again after everything was killed at once', async () => {
    const everybody = [checkout.postgresPid, checkout.servingPid, service.npmPid];
    for (const pid of everybody) process.kill(pid, 'SIGKILL');
    await service.ended();
    service = await checkout.serve();
    await expectEverythingKept();
  }, startMs);
});
