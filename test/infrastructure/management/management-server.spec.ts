import { ManagementServer } from '../../../src/infrastructure/management/management-server.js';
import { ChecksReadiness } from '../../../src/infrastructure/management/readiness.js';

const readiness = new ChecksReadiness();
let missing: string | null = null;
let server: ManagementServer;
const ask = async (path: string, method = 'GET') => {
  const answer = await fetch(`http://127.0.0.1:${server.address.port}${path}`, { method });
  return { status: answer.status, body: await answer.text(), type: answer.headers.get('content-type') };
};

beforeAll(async () => {
  readiness.add('start', () => missing);
  server = await ManagementServer.listen({
    readiness, host: '127.0.0.1', port: 0,
    metrics: { contentType: 'text/plain; version=0.0.4', metrics: async () => 'treasury_x 1\n' },
  });
});
afterAll(() => server.close());

describe('the management port of a process', () => {
  it('tells that it lives, whatever it waits for', async () => {
    missing = 'database';
    expect(await ask('/health/live')).toMatchObject({ status: 200, body: '{"status":"ok"}\n' });
  });

  it('tells what it waits for, until it waits for nothing', async () => {
    missing = 'tables';
    const { status, body } = await ask('/health/ready');
    expect([status, JSON.parse(body)]).toEqual([503, { status: 'waiting', waitingFor: ['tables'] }]);
    missing = null;
    expect((await ask('/health/ready')).status).toBe(200);
  });

  it('tells figures as Prometheus reads them', async () => expect(await ask('/metrics')).toEqual(
    { status: 200, body: 'treasury_x 1\n', type: 'text/plain; version=0.0.4' }));

  it('has nothing else, and changes nothing', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics', 'POST')).status).toBe(405);
  });
});

describe('readiness', () => {
  it('takes a check that fails or never ends for what is missing', async () => {
    const checked = new ChecksReadiness();
    checked.add('database', () => Promise.reject(new Error('the database does not answer')));
    checked.add('projectors', () => new Promise(() => undefined));
    checked.add('start', () => null);
    expect(await checked.waitingFor()).toEqual(['database', 'projectors']);
  });
});
