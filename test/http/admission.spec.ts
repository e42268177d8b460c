import { Controller, Delete, Get, Module } from '@nestjs/common';
import type { Response } from 'light-my-request';
import { Access } from '../../src/infrastructure/http/access.js';
import { Admission } from '../../src/infrastructure/http/admission/admission.js';
import { Gate } from '../../src/infrastructure/http/admission/gate.js';
import { HealthController, READINESS } from '../../src/infrastructure/http/health/health.controller.js';
import type { Server } from '../../src/infrastructure/http/server.js';
import { createServer } from '../../src/infrastructure/http/server.js';
import type { Service } from './support/service.js';
import { limits, startService } from './support/service.js';

let release: (() => void)[] = [];
const work = (): Promise<string> => new Promise((resolve) => {
  release.push(() => resolve('done'));
});

@Controller('slow')
class Slow {
  @Get()
  @Access('anyone')
  read(): Promise<string> { return work(); }

  @Delete()
  @Access('anyone')
  write(): Promise<string> { return work(); }
}
@Module({
  controllers: [Slow, HealthController],
  providers: [{ provide: READINESS, useValue: { waitingFor: async () => ['database'] } }],
})
class SlowModule {}

let service: Service;
let server: Server;
let admission: Admission;
let lose: () => void;
let link: { isUp: boolean; onLost(listener: () => void): void };

beforeAll(async () => { service = await startService(); });
afterAll(async () => { await service.close(); });
beforeEach(async () => {
  release = [];
  link = { isUp: true, onLost: (listener) => { lose = listener; } };
  admission = new Admission(
    { requestsInWork: 2, requestsQueued: 1, uploadsInWork: 1, deadlineMs: 400 }, link,
    service.parts);
  const noSignIn = { authenticate: async () => null };
  server = await createServer(SlowModule, { ...service.parts, authenticator: noSignIn, limits, admission });
});
afterEach(async () => {
  for (const one of release) one();
  await server.app.close();
});

const ask = (method: 'GET' | 'DELETE' = 'GET', url = '/api/v1/slow'): Promise<Response> =>
  server.app.inject({ method, url });
const told = (answer: Response): unknown[] => {
  const { code } = answer.json<{ code?: string }>();
  return [answer.statusCode, code, answer.headers['retry-after'], answer.headers['content-type']];
};
const problem = (code: string): unknown[] => [503, code, '1', 'application/problem+json; charset=utf-8'];
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('more requests than can be worked on', () => {
  it('wait as long as there is room, and the next one is told to come again', async () => {
    const first = [ask(), ask()];
    await until(() => release.length === 2);
    const waiting = ask();
    await until(() => admission.requests.queued === 1);
    expect(told(await ask())).toEqual(problem('http/overloaded'));
    release[0]?.();
    await until(() => release.length === 3);
    for (const one of release) one();
    const answers = await Promise.all([...first, waiting]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    await until(() => admission.requests.inWork === 0);
  });

  it('never keep the probes from being answered', async () => {
    const busy = [ask(), ask(), ask()];
    await until(() => admission.requests.queued === 1);
    expect((await ask('GET', '/health/live')).statusCode).toBe(200);
    const ready = await ask('GET', '/health/ready');
    expect([ready.statusCode, ready.json()]).toMatchObject([503, { waitingFor: ['database'] }]);
    await until(() => release.length === 2);
    for (const one of release) one();
    await until(() => release.length === 3);
    release[2]?.();
    await Promise.all(busy);
  });
});

describe('work that takes longer than its caller may wait', () => {
  it('is given up for the caller, and keeps its place until it has come to an end', async () => {
    expect(told(await ask())).toEqual(problem('http/deadline'));
    expect(admission.requests.inWork).toBe(1);
    release[0]?.();
    await until(() => admission.requests.inWork === 0);
  });

  it('may have been done, if it was a command: the same key finds out', async () =>
    expect(told(await ask('DELETE'))).toEqual(problem('command/unknown-outcome')));
});

describe('a database that cannot be reached', () => {
  it('is told at once to who waits for it and to who comes later', async () => {
    const waiting = ask();
    await until(() => release.length === 1);
    link.isUp = false;
    lose();
    expect(told(await waiting)).toEqual(problem('http/database-unreachable'));
    expect(told(await ask())).toEqual(problem('http/database-unreachable'));
    expect(release).toHaveLength(1);
    expect((await ask('GET', '/health/live')).statusCode).toBe(200);
  });
});

describe('a server that stops', () => {
  it('lets nobody in, and closes the connections of those it answers', async () => {
    const inside = ask();
    await until(() => release.length === 1);
    admission.close();
    expect(told(await ask())).toEqual(problem('http/unavailable'));
    release[0]?.();
    const answer = await inside;
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
  });
});

describe('a gate', () => {
  it('lets in who waits longest, and forgets who has gone', async () => {
    const gate = new Gate({ inWork: 1, queued: 2 });
    const entered: string[] = [];
    const noOne = (): void => undefined;
    let goAway = noOne;
    await gate.enter(noOne);
    const gone = gate.enter((leave) => { goAway = leave; });
    const second = gate.enter(noOne).then(() => entered.push('second'));
    expect(await gate.enter(noOne)).toBe('full');
    goAway();
    expect(await gone).toBe('gone');
    const third = gate.enter(noOne).then(() => entered.push('third'));
    gate.leave();
    await second;
    gate.leave();
    await third;
    expect([entered, gate.inWork, gate.queued]).toEqual([['second', 'third'], 1, 0]);
  });
});
