import { Controller, Get, Module, Post } from '@nestjs/common';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Access, Takes } from '../../src/infrastructure/http/access.js';
import { Admission, NeverRefused } from '../../src/infrastructure/http/admission/admission.js';
import type { Server } from '../../src/infrastructure/http/server.js';
import { createServer } from '../../src/infrastructure/http/server.js';
import type { Service } from './support/service.js';
import { limits, openLink, startService } from './support/service.js';

let release: (() => void)[] = [];

@Controller('work')
class Work {
  @Get()
  @Access('anyone')
  read(): Promise<string> { return new Promise((resolve) => { release.push(() => resolve('done')); }); }

  @Post()
  @Access('anyone')
  @Takes('application/json')
  write(): string { return 'done'; }
}
@Controller('pulse')
class Pulse {
  @Get()
  @Access('anyone')
  @NeverRefused()
  read(): string { return 'alive'; }
}
@Controller('files')
class Files {
  @Post()
  @Access('anyone')
  @Takes('text/csv')
  take(): string { return 'taken'; }
}
@Module({ controllers: [Work, Pulse, Files] })
class WorkModule {}

let service: Service;
let server: Server;
let admission: Admission;
let port: number;
let caller: Socket;
let heard = '';

beforeAll(async () => {
  service = await startService();
  admission = new Admission(
    { requestsInWork: 1, requestsQueued: 0, uploadsInWork: 1, deadlineMs: 10_000 }, openLink, service.parts);
  const noSignIn = { authenticate: async () => null };
  server = await createServer(WorkModule, { ...service.parts, authenticator: noSignIn, limits, admission });
  await server.app.listen(0, '127.0.0.1');
  port = (server.app.getHttpServer().address() as { port: number }).port;
});
afterAll(async () => {
  await server.app.close();
  await service.close();
});
beforeEach(async () => {
  release = [];
  heard = '';
  caller = connect(port, '127.0.0.1');
  caller.on('data', (bytes) => { heard += String(bytes); });
  await once(caller, 'connect');
  const busy = server.app.inject({ url: '/api/v1/work' });
  await until(() => release.length === 1);
  whenDone = async () => {
    release[0]?.();
    expect((await busy).statusCode).toBe(200);
  };
});
afterEach(async () => {
  caller.destroy();
  await whenDone();
});

let whenDone = async (): Promise<void> => undefined;
const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!await isSo()) await pause(5);
};
const ask = async (head: string, body = ''): Promise<string> => {
  heard = '';
  const about = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  caller.write(`${head} HTTP/1.1\r\nhost: treasury\r\n${about}\r\n${body}`);
  await until(() => /\r\n\r\n[^]*(\}|alive|taken)$/.test(heard));
  return heard;
};
const answers = (text: string): number => text.split('HTTP/1.1 503').length - 1;

describe('a request that comes while nobody can be let in', () => {
  it('is told so in full, under its correlation id', async () => {
    const correlationId = '9b5f3cb2-3a53-4d4e-8e3d-7a2d8b0a5c11';
    const told = await ask(`GET /api/v1/work?x=1 HTTP/1.1\r\nx-correlation-id: ${correlationId}\r\nx:`);
    const [head = '', body = ''] = told.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 503 /);
    expect(head.toLowerCase().split('\r\n')).toEqual(expect.arrayContaining([
      'content-type: application/problem+json; charset=utf-8', 'retry-after: 1',
      `x-correlation-id: ${correlationId}`,
    ]));
    expect(JSON.parse(body)).toMatchObject({ status: 503, code: 'http/overloaded' });
  });

  it('may come again on the same connection, with a body too', async () => {
    expect(answers(await ask('POST /api/v1/work', '{"amount":1}'))).toBe(1);
    expect(answers(await ask('POST /api/v1/work', '{"amount":1}'))).toBe(1);
    expect(heard.toLowerCase()).not.toContain('connection: close');
  });

  it('loses its connection when its body is still to come', async () => {
    caller.write('POST /api/v1/work HTTP/1.1\r\nhost: treasury\r\ncontent-length: 100000\r\n\r\n{');
    await once(caller, 'end');
    expect([answers(heard), heard.toLowerCase().includes('connection: close')]).toEqual([1, true]);
  });

  it('is counted, and logged with all the others of that second in one line', async () => {
    const requests = (): number => refusals().reduce((sum, one) => sum + (one.requests ?? 0), 0);
    const refusals = (): Line[] => lines().filter(({ msg }) => msg === 'requests refused');
    const [countedBefore, answeredBefore] = [await refusedSoFar(), answered()];
    for (let n = 0; n < 20; n++) await ask('GET /api/v1/work');
    expect(await refusedSoFar() - countedBefore).toBe(20);
    await until(async () => requests() === await refusedSoFar());
    expect([refusals().length < 20, answered()]).toEqual([true, answeredBefore]);
  });

  it('is let in all the same where it is a probe, or a file that has its own places', async () => {
    expect(await ask('GET /api/v1/pulse?x=1')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask('POST /api/v1/files HTTP/1.1\r\ncontent-type: text/csv\r\ncontent-length: 0\r\nx:'))
      .toMatch(/^HTTP\/1\.1 201 /);
  });
});

describe('a request that comes while the service stops', () => {
  it('is counted as that, also where nobody could be let in anyhow, and loses its connection', async () => {
    const [full, stopping] = [await refusedSoFar(), await refusedSoFar('shutdown')];
    admission.close();
    const ended = once(caller, 'end');
    const told = await ask('GET /api/v1/work');
    expect(told).toContain('"http/unavailable"');
    expect(told.toLowerCase()).toContain('connection: close');
    await ended;
    expect([await refusedSoFar() - full, await refusedSoFar('shutdown') - stopping]).toEqual([0, 1]);
  });
});

interface Line { readonly msg: string; readonly requests?: number }
const lines = (): Line[] =>
  service.logged().trim().split('\n').map((line) => JSON.parse(line) as Line);
const answered = (): number => lines().filter(({ msg }) => msg === 'request').length;

async function refusedSoFar(reason = 'queue-full'): Promise<number> {
  const { values } = await service.parts.metrics.requestsRefused.get();
  return values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
}
