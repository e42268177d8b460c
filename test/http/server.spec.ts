import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Access } from '../../src/infrastructure/http/access.js';
import { Admission } from '../../src/infrastructure/http/admission/admission.js';
import { createServer } from '../../src/infrastructure/http/server.js';
import type { Service } from './support/service.js';
import { admissionLimits, limits, openLink, principal, startService } from './support/service.js';

@Controller('open')
class Undeclared {
  @Get()
  answer(): string { return 'to whom?'; }
}
@Module({ controllers: [Undeclared] })
class UndeclaredModule {}

let release: () => void = () => undefined;
let entered: () => void = () => undefined;
const begun = new Promise<void>((resolve) => { entered = resolve; });
@Controller('trouble')
class Troubled {
  @Get('throws')
  @Access('anyone')
  throws(): never { throw new Error('A123456789 broke it'); }

  @Get('waits')
  @Access('anyone')
  async waits(): Promise<string> {
    entered();
    await new Promise<void>((resolve) => { release = resolve; });
    return 'finished';
  }
}
@Module({ controllers: [Troubled] })
class TroubledModule {}

let service: Service;
beforeAll(async () => { service = await startService(); });
afterAll(async () => { await service.close(); });

const noSignIn = { authenticate: async () => null };
const serverOf = (module: new () => object) => createServer(module, {
  ...service.parts, authenticator: noSignIn, limits,
  admission: new Admission(admissionLimits, openLink, service.parts),
});
const addressOf = (port: AddressInfo | string | null) => `http://127.0.0.1:${(port as AddressInfo).port}`;

describe('a server', () => {
  it('does not start with a route that does not say who may call it', async () =>
    expect(serverOf(UndeclaredModule)).rejects.toThrow('GET /api/v1/open does not declare who may call it'));

  it('answers what broke inside without a detail of it, and logs the place', async () => {
    const { app } = await serverOf(TroubledModule);
    const response = await app.inject({ method: 'GET', url: '/api/v1/trouble/throws' });
    expect([response.statusCode, response.json()]).toMatchObject([500, { code: 'http/internal' }]);
    expect(response.body + service.logged()).not.toContain('A123456789');
    const line = service.logged().split('\n').find((one) => one.includes('request failed')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      correlationId: response.json<{ correlationId: string }>().correlationId,
      err: { name: 'Error', stack: expect.stringContaining('server.spec.ts') },
    });
    await app.close();
  });

  it('that is closed finishes what it is answering', async () => {
    const { app } = await serverOf(TroubledModule);
    await app.listen(0, '127.0.0.1');
    const answer = fetch(`${addressOf(app.getHttpServer().address())}/api/v1/trouble/waits`);
    await begun;
    const closed = app.close();
    release();
    expect(await (await answer).text()).toBe('finished');
    await closed;
  });
});

describe('a server that listens', () => {
  let url: string;
  let token: string;
  beforeAll(async () => {
    await service.server.app.listen(0, '127.0.0.1');
    url = addressOf(service.server.app.getHttpServer().address());
    token = service.bearer(principal('operator')).authorization ?? '';
  });

  /** Bytes as they are; everything that came back until the connection ended. */
  const talk = (say: (socket: Socket) => void): Promise<string> => new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => say(socket));
    let text = '';
    socket.on('data', (bytes) => { text += bytes.toString(); });
    // A server that stops listening while we still send is what is asked for here.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });

  it('answers', async () => {
    const answer = await fetch(`${url}/health/live`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('cuts an upload that turns out too large, although it never said its length', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    let sent = 0;
    const answer = await talk((socket) => {
      socket.write(`POST /api/v1/payment-batches HTTP/1.1\r\nHost: x\r\nAuthorization: ${token}\r\n`
        + 'Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n');
      const send = () => { while (!socket.destroyed && socket.write(chunk)) sent += chunk.length; };
      socket.on('drain', send);
      send();
    });
    // Who is cut while still sending may lose the answer with the connection; nothing else may come.
    expect(answer.split('\r\n')[0]).toMatch(/^(HTTP\/1\.1 413 .*)?$/);
    expect(sent).toBeLessThan(4 * limits.csvBytes);
  });

  it('refuses an upload without a token before it is sent', async () => {
    const answer = await talk((socket) => socket.write(
      'POST /api/v1/payment-batches HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n'
      + 'Content-Length: 1000000\r\n\r\n'));
    expect(answer).toContain('HTTP/1.1 401');
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it.each([
    ['no HTTP', 'nonsense\r\n\r\n', '400 Bad Request', 'http/malformed'],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large', 'http/headers-too-large'],
  ])('answers %s by a problem', async (_, text, status, code) => {
    const [head = '', body = ''] = (await talk((socket) => socket.write(text))).split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(head).toContain('Content-Type: application/problem+json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({ code, status: Number(status.slice(0, 3)) });
  });

  it('takes an address as long as the filter with the most accounts in it', async () => {
    const most = Array.from({ length: 500 }, () => `account=${randomUUID()}`).join('&');
    const { authorization = '' } = service.bearer(principal('payee'));
    const answer = await fetch(`${url}/api/v1/reconciliations?${most}`, { headers: { authorization } });
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'account/unknown' }]);
  });

  it('survives a client that goes away in the middle of an upload', async () => {
    await talk((socket) => {
      socket.write(`POST /api/v1/payment-batches HTTP/1.1\r\nHost: x\r\nAuthorization: ${token}\r\n`
        + 'Content-Type: text/csv\r\nContent-Length: 1000000\r\n\r\nH,1,', () => socket.destroy());
    });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const { rows } = await service.parts.pool.query('SELECT 1 FROM work.batch_deliveries');
    expect(rows).toEqual([]);
  });
});
