import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Access, Takes } from '../../src/infrastructure/http/access.js';
import { Admission } from '../../src/infrastructure/http/admission/admission.js';
import type { UploadedCsv } from '../../src/infrastructure/http/body-parsers.js';
import type { Server } from '../../src/infrastructure/http/server.js';
import { createServer } from '../../src/infrastructure/http/server.js';
import { wholeFile } from '../../src/infrastructure/http/uploads.js';
import type { Service } from './support/service.js';
import { limits, openLink, startService } from './support/service.js';

const deadlineMs = 2_000;
const uploadSilenceMs = 1_000;
let release: (() => void)[] = [];

@Controller('slow')
class Slow {
  @Get()
  @Access('anyone')
  read(): Promise<string> { return new Promise((resolve) => { release.push(() => resolve('done')); }); }

  @Post()
  @Access('anyone')
  @Takes('application/json')
  write(@Body() body: object): object { return body; }

  @Post('file')
  @Access('anyone')
  @Takes('text/csv')
  async file(@Body() { bytes }: UploadedCsv): Promise<object> {
    return { received: (await wholeFile(bytes, limits.csvBytes)).length };
  }
}
@Module({ controllers: [Slow] })
class SlowModule {}

let service: Service;
let server: Server;
let admission: Admission;
let port: number;
beforeAll(async () => { service = await startService(); });
afterAll(async () => { await service.close(); });
beforeEach(async () => {
  release = [];
  admission = new Admission(
    { requestsInWork: 2, requestsQueued: 2, uploadsInWork: 1, deadlineMs }, openLink,
    service.parts);
  server = await createServer(SlowModule, {
    ...service.parts, authenticator: { authenticate: async () => null },
    limits: { ...limits, uploadSilenceMs }, admission,
  });
  await server.app.listen(0, '127.0.0.1');
  port = (server.app.getHttpServer().address() as AddressInfo).port;
});
afterEach(async () => {
  for (const one of release) one();
  await server.app.close();
});

const half = (path: string, type = 'application/json'): string =>
  `POST /api/v1${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 9\r\n\r\n{`;

interface Talk { readonly socket: Socket; readonly answer: Promise<string> }

/** Everything that came back until the other side ended the connection. */
function say(text: string): Talk {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  let heard = '';
  socket.on('data', (bytes) => { heard += bytes.toString(); });
  socket.on('error', () => undefined);
  return { socket, answer: new Promise((resolve) => { socket.on('close', () => resolve(heard)); }) };
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(5);
};
const told = (answer: string): string[] =>
  [answer.split('\r\n')[0] ?? '', /"code":"([^"]*)"/.exec(answer)?.[1] ?? '',
    /content-type: (.*)\r\n/i.exec(answer)?.[1] ?? ''];
const tooSlow = ['HTTP/1.1 408 Request Timeout', 'http/timeout', 'application/problem+json; charset=utf-8'];

describe('a body that does not come', () => {
  it('keeps nobody else waiting, and is told so and cut at the deadline', async () => {
    const began = performance.now();
    const slow = [1, 2, 3, 4, 5, 6].map(() => say(half('/slow')));
    let cut = 0;
    for (const { answer } of slow) void answer.then(() => { cut++; });
    await pause(100);
    const body = '{"a":1}';
    const quick = await fetch(`http://127.0.0.1:${port}/api/v1/slow`,
      { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(await quick.json()).toEqual({ a: 1 });
    expect(cut).toBe(0);
    const answers = await Promise.all(slow.map(({ answer }) => answer));
    expect(answers.map(told)).toEqual(slow.map(() => tooSlow));
    expect(performance.now() - began).toBeLessThan(3 * deadlineMs);
    expect(admission.requests.inWork).toBe(0);
  });

  it('is not waited for at an address that does not exist', async () =>
    expect(told(await say(half('/nowhere')).answer)).toEqual(tooSlow));

  it('of a request that needs none does not keep the connection', async () => {
    const asked = say('GET /api/v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{');
    expect((await asked.answer).split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
  });

  it('gives back what its sender held when the sender goes away', async () => {
    const { socket } = say(half('/slow'));
    await pause(50);
    socket.destroy();
    await pause(50);
    expect([admission.requests.inWork, admission.requests.queued]).toEqual([0, 0]);
  });
});

describe('a turn that does not come', () => {
  it('is waited for no longer than the deadline', async () => {
    const ask = (): Promise<Response> => fetch(`http://127.0.0.1:${port}/api/v1/slow`);
    const inside = [ask(), ask()];
    await until(() => release.length === 2);
    // Work that goes on keeps its place, also after its callers were told to come again.
    const queued = await ask();
    const { code } = await queued.json() as { code: string };
    expect([queued.status, code, queued.headers.get('retry-after')]).toEqual([503, 'http/deadline', '1']);
    expect([admission.requests.inWork, admission.requests.queued]).toEqual([2, 0]);
    for (const one of release) one();
    await Promise.all(inside);
  });
});

describe('a file', () => {
  const begin = (length: number): string => 'POST /api/v1/slow/file HTTP/1.1\r\nHost: x\r\n'
    + `Content-Type: text/csv\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;

  it('may take its time as long as some of it comes', async () => {
    const { socket, answer } = say(begin(7));
    for (let sent = 0; sent < 7; sent++) {
      await pause(uploadSilenceMs / 5);
      socket.write('x');
    }
    expect(await answer).toContain('{"received":7}');
  });

  it('beyond as many as the setting says is told to come again', async () => {
    const first = say(`${begin(4)}xx`);
    await until(() => admission.uploads.inWork === 1);
    const second = await say(`${begin(4)}xx`).answer;
    expect(told(second).slice(0, 2)).toEqual(['HTTP/1.1 503 Service Unavailable', 'batch/too-many-uploads']);
    expect(second).toMatch(/retry-after: 10\r\n/i);
    first.socket.write('xx');
    expect(await first.answer).toContain('{"received":4}');
  });

  it('of which nothing comes any more is cut, and makes room', async () => {
    const { answer } = say(`${begin(12)}xxx`);
    await until(() => admission.uploads.inWork === 1);
    expect(told(await answer)).toEqual(tooSlow);
    await until(() => admission.uploads.inWork === 0);
  });
});
