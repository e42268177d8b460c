import { randomUUID } from 'node:crypto';
import type { Service } from './support/service.js';
import { principal, startService } from './support/service.js';
import { caughtUp, paid } from './support/world.js';

interface Projection {
  readonly projection: string;
  readonly version: number;
  readonly expectedVersion: number;
  readonly position: string;
  readonly state: string;
  readonly lag: { readonly events: number; readonly seconds: number };
  readonly rebuild: object | null;
  readonly stopped: { readonly wayOn: string } | null;
}
interface Operations {
  readonly head: string;
  readonly projections: readonly Projection[];
  readonly deliveries: { readonly pending: number; readonly first: object | null };
}

let service: Service;
beforeAll(async () => { service = await startService(); });
afterAll(async () => { await service.close(); });

const operations = async (): Promise<Operations> =>
  (await service.as(principal('operator')).get('/api/v1/operations')).json<Operations>();
const metrics = (): Promise<string> => service.parts.metrics.registry.metrics();
const reconciliation = async (): Promise<Projection | undefined> =>
  (await operations()).projections.find(({ projection }) => projection === 'reconciliation');
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!await isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('the operator\'s view of the service', () => {
  it('shows every table up with the log, worked on by a projector', async () => {
    await paid(service, '1');
    await caughtUp(service);
    await until(async () => (await operations()).projections.every(({ state, lag }) =>
      state === 'working' && lag.events === 0));
    const { head, projections, deliveries } = await operations();
    expect(projections.map(({ projection }) => projection)).toEqual([
      'account_history', 'accounts', 'applicants', 'bank_directory', 'delegations', 'payment_batches',
      'payment_timeline', 'reconciliation', 'sign_ins',
    ]);
    for (const { position, version, expectedVersion, rebuild, stopped } of projections) {
      expect([position, version, rebuild, stopped]).toEqual([head, expectedVersion, null, null]);
    }
    expect(deliveries).toEqual({ pending: 0, first: null });
  });

  it('shows a rebuild with how far it has come, for as long as its lock is held', async () => {
    const client = await service.parts.pool.connect();
    await client.query(`INSERT INTO read.rebuilds (projection, step, position, until)
      VALUES ('reconciliation', 'reading', 25, 100) ON CONFLICT (projection) DO UPDATE
      SET step = 'reading', position = 25, until = 100`);
    expect(await reconciliation()).toMatchObject({ state: 'working', rebuild: null });
    await client.query(`SELECT pg_advisory_lock(7305011, hashtext('reconciliation'))`);
    expect(await reconciliation()).toMatchObject({
      state: 'rebuilding', rebuild: { step: 'reading', position: '25', until: '100', percent: 25 },
    });
    client.release(true);
    await until(async () => (await reconciliation())?.state === 'working');
  });

  it('shows the fact before which a table stands, under which schema, and the way on', async () => {
    const position = await unreadable();
    await until(async () => (await reconciliation())?.state === 'stopped');
    expect(await reconciliation()).toMatchObject({
      position: String(BigInt(position) - 1n),
      stopped: {
        position, type: 'PaymentRecorded', version: 99, stream: expect.stringMatching(/^payment-/),
        why: expect.stringContaining('unknown-version'), wayOn: expect.stringMatching(/重新部署.*start the projectors/),
      },
      lag: { events: 1 },
    });
    expect((await reconciliation())?.lag.seconds).toBeGreaterThan(0);
    expect(await metrics()).toMatch(/^treasury_projection_lag_events\{projection="reconciliation"\} 1$/m);
    expect(await metrics()).toMatch(/^treasury_projection_lag_seconds\{projection="reconciliation"\} 0*[1-9.]/m);
  });
});

/** A fact of a version of the code that is yet to come. Answers where it stands. */
async function unreadable(): Promise<string> {
  const { rows } = await service.parts.pool.query<{ position: string }>(`
    WITH head AS (UPDATE log.head SET position = position + 1 RETURNING position),
    template AS (SELECT e.* FROM log.events e JOIN log.fact_types t ON t.code = e.type
      WHERE t.name = 'PaymentRecorded' LIMIT 1)
    INSERT INTO log.events
    SELECT (jsonb_populate_record(template::log.events, jsonb_build_object(
      'position', head.position, 'stream', $1::text, 'id', $2::text, 'version', 99,
      'recorded_at', now()))).*
    FROM head, template RETURNING position`, [randomUUID(), randomUUID()]);
  return rows[0]?.position ?? '';
}
