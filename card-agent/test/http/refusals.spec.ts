import { InMemoryReader } from '../../src/card/in-memory-reader.js';
import { cardOf, ming } from '../support/people.js';
import type { Ask, RunningAgent } from '../support/running-agent.js';
import { nonce, portal, startAgent } from '../support/running-agent.js';

interface Refused extends Ask {
  readonly code: string;
}

const json = { 'Content-Type': 'application/json' };
const body = JSON.stringify({ nonce });

const oneCharacterFewer = (text: string): string[] =>
  [...new Set([...text].map((_, at) => text.slice(0, at) + text.slice(at + 1)))];

/** Spellings that a careless comparison takes for the allowed site. */
const wrongOrigins = (port: number): string[] => [
  `${portal}/`, `${portal}:443`, `${portal}.evil.example`, portal.toUpperCase(), portal.replace('https',
  'http'),
  `${portal},${portal}`, `${portal}, https://evil.example`, `https://evil.example ${portal}`,
  'https://evil-portal.example.gov.tw', 'https://portal.example.gov.tw.', 'https://portalxexample.gov.tw',
  'https://sub.portal.example.gov.tw', 'https://example.gov.tw', 'https://portal.example.gov.tw@evil.example',
  'https://evil.example/https://portal.example.gov.tw', 'https://evil.example?https://portal.example.gov.tw',
  'https://portal.example.gov.tw%00.evil.example', 'https://portal.example.gov.tw:8443', 'null', '*', '',
  'undefined', 'about:blank', 'file://', 'data:', 'blob:https://portal.example.gov.tw/1',
  'chrome-extension://abc',
  'moz-extension://abc', `wss://portal.example.gov.tw`, `http://localhost:${port + 1}`, 'http://localhost',
  `https://127.0.0.1:${port}`, `https://localhost:${port}`,
  `http://127.0.0.1.evil.example:${port}`, 'ftp://portal.example.gov.tw', 'https://portal.example.gov.tw#',
  'https://xn--portal-example.gov.tw', 'https://portal.example.gov.tw\\.evil.example',
  'portal.example.gov.tw',
  ...oneCharacterFewer(portal), '//portal.example.gov.tw', 'https:portal.example.gov.tw',
  'HTTPS://portal.example.gov.tw',
];

/** Names that somebody else's DNS may point to 127.0.0.1, and spellings of it. */
const wrongHosts = (port: number): string[] => [
  `evil.example:${port}`, 'evil.example', `127.0.0.1.evil.example:${port}`, `localhost.evil.example:${port}`,
  `127.0.0.1:${port + 1}`, '127.0.0.1', 'localhost', '[::1]', `127.0.0.2:${port}`, `0.0.0.0:${port}`,
  `127.1:${port}`, `2130706433:${port}`, `0x7f000001:${port}`, `[::ffff:127.0.0.1]:${port}`, `[::]:${port}`,
  `localhost.:${port}`, `127.0.0.1:${port}.evil.example`, `evil.example@127.0.0.1:${port}`, ':', `:${port}`,
  `127.0.0.1:0${port}`, `127.0.0.1:${port}/`, `user:pass@localhost:${port}`, `portal.example.gov.tw`,
  `portal.example.gov.tw:${port}`, `localtest.me:${port}`, `127-0-0-1.nip.io:${port}`,
  `ip6-localhost:${port}`,
  `127.0.0.1:${port},localhost:${port}`,
];

/** What a form, a no-cors fetch or a careless client sends. */
const wrongTypes = [
  'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '', 'text/json',
  'json', 'application/jsonp', 'application/json-patch+json', 'application/problem+json',
  'text/plain; application/json',
  'application/json; charset=big5', 'application/json; charset=utf-16', 'application/json, text/plain',
  'application/json;', 'application/json; boundary=x', 'text/html', 'application/xml', 'image/bmp',
  'text/csv',
  'application/octet-stream', 'application/x-ndjson', 'application/json\ttext/plain', '*/*',
  'x/application/json',
  'application/json+x', ' application/jsonx', 'application/vnd.api+json', 'application/cbor',
];

const posts = ['/nhi-card', '/consent/pending', '/consent/decision'];
const gets = ['/version', '/status', '/consent'];
const wrongContexts: Record<string, string>[] = [
  { 'Sec-Fetch-Mode': 'no-cors' }, { 'Sec-Fetch-Mode': 'websocket' }, { 'Sec-Fetch-Dest': 'image' },
  { 'Sec-Fetch-Dest': 'script' }, { 'Sec-Fetch-Dest': 'iframe' }, { 'Sec-Fetch-Dest': 'embed' },
  { 'Sec-Fetch-Dest': 'object' }, { 'Sec-Fetch-Dest': 'worker' }, { 'Sec-Fetch-Dest': 'frame' },
];

function corpus({ port, own }: RunningAgent): Refused[] {
  const siteOf = (path: string) => path === '/nhi-card' ? portal : own;
  const origins = wrongOrigins(port).flatMap((origin) => [
    ...[...posts].map((path) => ({
      method: 'POST', path, headers: { ...json, Origin: origin }, body, code: 'origin-not-allowed',
    })),
    ...gets.map((path) => ({ method: 'GET', path, headers: { Origin: origin }, code: 'origin-not-allowed' })),
    ...[...posts, ...gets].map((path) => ({
      method: 'OPTIONS', path, headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      code: 'origin-not-allowed',
    })),
  ]);
  const hosts = wrongHosts(port).flatMap((Host) => [
    ...posts.map((path) => ({
      method: 'POST', path, headers: { ...json, Host, Origin: siteOf(path) }, body, code: 'host-not-allowed',
    })),
    ...gets.map((path) => ({ method: 'GET', path, headers: { Host }, code: 'host-not-allowed' })),
    { method: 'OPTIONS', path: '/nhi-card', headers: { Host, Origin: portal }, code: 'host-not-allowed' },
  ]);
  const types = wrongTypes.flatMap((type) => posts.map((path) => ({
    method: 'POST', path, headers: { 'Content-Type': type, Origin: siteOf(path) }, body,
    code: 'content-type-not-json',
  })));
  return [...origins, ...hosts, ...types, ...others(siteOf)];
}

function others(siteOf: (path: string) => string): Refused[] {
  const contexts = wrongContexts.flatMap((context) => [
    ...posts.map((path) => ({
      method: 'POST', path, headers: { ...json, Origin: siteOf(path), ...context }, body,
      code: 'context-not-allowed',
    })),
    ...gets.map((path) => ({ path, headers: context, code: 'context-not-allowed' })),
  ]);
  const missing = posts.map((path) =>
    ({ method: 'POST', path, headers: json, body, code: 'origin-missing' }));
  const methods = ['PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE', 'PROPFIND'].flatMap((method) =>
    [...posts, ...gets].map((path) =>
      ({ method, path, headers: { Origin: siteOf(path) }, code: 'method-not-allowed' })));
  const paths = [
    '/', '/nhi-card/', '/nhi-card?x', '//nhi-card', '/./nhi-card', '/NHI-CARD', '/nhi%2dcard', '*', '/sign',
    '/version?callback=x', '/version.bmp', '/GetCardStatus.bmp', '/status/../nhi-card', '/__proto__',
    '/toString',
    'http://evil.example/version', '/decrypt',
  ].map((path) => ({ path, headers: { Origin: portal }, code: 'not-found' }));
  return [...contexts, ...missing, ...methods, ...paths];
}

describe('the service', () => {
  let agent: RunningAgent;
  let commands = 0;
  beforeAll(async () => {
    const reader = new InMemoryReader();
    const card = cardOf(ming);
    reader.insert({ reset: () => card.reset(), answer: (command) => {
      commands += 1;
      return card.answer(command);
    } });
    agent = await startAgent({ reader });
  });
  afterAll(() => agent.close());

  it('refuses 1,000 requests of wrong sites, hosts, types and contexts, and touches no card', async () => {
    const requests = corpus(agent);
    const wrong: unknown[] = [];
    for (const { code, ...request } of requests) {
      const { status, headers, json: answer, body: text } = await agent.ask(request);
      // HEAD has no body to say why in.
      const said = (answer['error'] as { code?: string } | undefined)?.code ?? (text === '' ? code : text);
      const shared = headers['access-control-allow-origin'];
      const isRefused = status >= 400 && status < 500 && said === code && shared === undefined;
      if (!isRefused) wrong.push({ request, status, said, code });
    }
    expect(wrong).toEqual([]);
    expect(requests.length).toBeGreaterThanOrEqual(1000);
    expect([commands, agent.operations.pending(), agent.log]).toEqual([0, null, []]);
  });

  it('refuses a compressed body', async () => {
    const headers = { ...json, Origin: portal, 'Content-Encoding': 'gzip' };
    expect((await agent.ask({ method: 'POST', path: '/nhi-card', headers, body })).status).toBe(415);
  });

  it('refuses two hosts and two origins, whichever comes first', async () => {
    const own = `127.0.0.1:${agent.port}`;
    const twice = [
      ['Host', own, 'Host', 'evil.example'], ['Host', 'evil.example', 'Host', own],
      ['Host', own, 'Origin', portal, 'Origin', portal],
      ['Host', own, 'Origin', portal, 'Origin', 'https://evil.example'],
    ];
    for (const rawHeaders of twice) {
      expect((await agent.ask({ rawHeaders })).status).toBeGreaterThanOrEqual(400);
    }
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'body-not-json'], ['nothing', '', 'body-not-json'], ['no object', '[]', 'input-invalid'],
    ['null', 'null', 'input-invalid'], ['no nonce', '{}', 'input-invalid'],
    ['a short nonce', '{"nonce":"AAAA"}', 'input-invalid'],
    ['a field more', JSON.stringify({ nonce, origin: 'https://evil.example' }), 'input-invalid'],
    ['too much', JSON.stringify({ nonce: 'A'.repeat(2000) }), 'body-too-large'],
  ])('refuses a body with %s', async (_, content, code) => {
    const headers = { ...json, Origin: portal };
    const { json: answer } = await agent.ask({ method: 'POST', path: '/nhi-card', headers, body: content });
    expect(answer).toMatchObject({ error: { code, retriable: false } });
  });

  it('refuses more headers than a browser sends', async () => {
    const { status } = await agent.ask({ headers: { 'X-Long': 'a'.repeat(9000) } });
    expect(status).toBe(431);
  });
});
