import { randomUUID } from 'node:crypto';
import type { Principal } from '../../src/application/command-context.js';
import { accountIdOf, certificateSignInStream } from '../../src/application/stream-names.js';
import { accountKey } from '../../src/domain/identifiers/account-number.js';
import { connectClient } from '../../src/infrastructure/postgres/pool.js';
import { rebuild } from '../../src/infrastructure/read-store/rebuild.js';
import { prove } from '../../src/infrastructure/read-store/prove.js';
import { queryAs } from '../../src/infrastructure/read-store/viewed-query.js';
import { projections } from '../../src/projections/projections.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import {
  FindReconciliations, FindReconciliationsHandler,
} from '../../src/projections/reconciliation/find-reconciliations.js';
import type { Viewer } from '../../src/projections/viewer.js';
import { anybody, person, staff } from '../../src/projections/viewer.js';
import type { Service } from '../http/support/service.js';
import { startService } from '../http/support/service.js';
import type { World } from '../http/support/world.js';
import { bank, caughtUp, delegated, populate } from '../http/support/world.js';

type Rows = readonly Readonly<Record<string, unknown>>[];

let service: Service;
let world: World;
let ming: Principal;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  ming = world.people.payee;
  for (const who of Object.values(world.people)) await signedIn(who);
  const { people: { company }, companysAccount } = world;
  await delegated(service, { company, delegate: ming, accountIds: [companysAccount] });
  const head = await caughtUp(service);
  for (const { name } of projections) await service.parts.readStore.waitFor(name, head, 20_000);
  await service.parts.pool.query(`
    INSERT INTO read.payment_batches
      (ordinal, last_position, batch_id, file_hash, status, delivered_by, judged_at)
    SELECT i, i, 'B' || i, 'x', 'refused', gen_random_uuid(), 'x' FROM generate_series(1, 2) AS i`);
});
afterAll(async () => { await service.close(); });

async function signedIn({ id: personId }: Principal): Promise<void> {
  const [attemptId, commandId, at] = [randomUUID(), randomUUID(), '2026-03-02T01:00:00.000Z'];
  const data = { personId, attemptId, purpose: 'sign-in', acceptedAt: at } as const;
  const fact = { type: 'CertificateAccepted', data } as const;
  await service.parts.log.append(
    [{ stream: certificateSignInStream(attemptId), expectedRevision: -1, facts: [fact] }],
    { commandId, fingerprint: 'f', by: personId, at });
}

const accountOf = ({ applicantId = '' }: Principal, number: string) =>
  ({ accountId: accountIdOf(applicantId, bank, number), accountKey: accountKey(bank, number) });
const whole = (viewer: Viewer, table: string): Promise<Rows> =>
  service.parts.readStore.query(viewer, `SELECT * FROM read.${table} ORDER BY 1, 2`);
const asOwner = async (table: string): Promise<Rows> =>
  (await service.parts.pool.query(`SELECT * FROM read.${table} ORDER BY 1, 2`)).rows as Rows;
const mings = (): Viewer => person({
  personId: ming.id, applicantId: ming.applicantId, accounts: [accountOf(ming, '111')],
  paymentId: world.payment,
});

/** Reviewed by hand: what of a table 王小明 may see, were every filter of every query gone. */
const seenByMing: Readonly<Record<string, (row: Rows[number]) => boolean>> = {
  accounts: (row) => row.applicant_id === ming.applicantId,
  account_history: () => false,
  applicants: (row) => row.applicant_id === ming.applicantId,
  bank_directory: () => true,
  delegations: (row) => row.delegate_id === ming.applicantId,
  payment_batches: () => false,
  payment_timeline: (row) => row.payment_id === world.payment,
  reconciliation: (row) => row.account_key === accountKey(bank, '111'),
  sign_ins: (row) => row.person_id === ming.id,
};
const ownOnly = projections.map(({ name }) => name).filter((name) => name !== 'bank_directory');

describe('with every filter gone, PostgreSQL alone', () => {
  const tables = projections.map(({ name }) => name);
  it.each(tables)('shows a payee of %s nothing of anybody else', async (name) => {
    const isSeen = seenByMing[name];
    if (!isSeen) throw new Error(`say above who sees what of ${name}`);
    expect(await whole(mings(), name)).toEqual((await asOwner(name)).filter(isSeen));
  });

  it.each(ownOnly)('has rows of several people in %s to show', async (name) =>
    expect((await asOwner(name)).length).toBeGreaterThan(1));

  it('shows whoever it does not know the bank codes and nothing else', async () => {
    for (const { name } of projections) {
      expect(await whole(anybody, name)).toHaveLength(name === 'bank_directory' ? 5 : 0);
    }
  });

  it('shows the staff every case, but nobody\'s sign-ins', async () => {
    for (const { name } of projections) {
      expect(await whole(staff, name)).toEqual(name === 'sign_ins' ? [] : await asOwner(name));
    }
  });

  it('answers a query that asks for other people\'s accounts with one\'s own rows', async () => {
    const accounts = [accountOf(ming, '111'), accountOf(world.people.otherPayee, '222')];
    const asked = { accounts, filter: {}, sort: 'account-date', limit: 50 } as const;
    const handler = new FindReconciliationsHandler(service.parts.readStore);
    const seen = async (viewer: Viewer) => {
      const answer = await handler.execute(new FindReconciliations(asked, viewer));
      if (!('json' in answer)) throw new Error(answer.refused);
      return (JSON.parse(answer.json) as { rows: { paymentId: string }[] }).rows.map((row) => row.paymentId);
    };
    expect(await seen(mings())).toEqual([world.payment]);
    expect(await seen(person({ accounts }))).toEqual([world.payment, world.othersPayment]);
  });

  it('keeps to it in a table that was rebuilt, which proves equal to its log', async () => {
    const { parts } = service;
    await rebuild({ ...parts, projection: reconciliation });
    expect(await whole(mings(), 'reconciliation')).toHaveLength(1);
    expect(await whole(anybody, 'reconciliation')).toEqual([]);
    const proof = await prove({ ...parts, projection: reconciliation });
    expect(proof).toMatchObject({ outcome: 'equal', rows: 2 });
  });
});

describe('what a query became', () => {
  it('ends with it, on the same connection', async () => {
    const { readStore, pool } = service.parts;
    const client = await pool.connect();
    client.release();
    for (let i = 0; i < 20; i++) {
      expect(await whole(mings(), 'reconciliation')).toHaveLength(1);
      expect(await whole(anybody, 'reconciliation')).toEqual([]);
      const { rows } = await pool.query(`SELECT current_user = session_user AS "isOwner",
        coalesce(current_setting('treasury.account_keys', true), '') AS keys`);
      expect(rows).toEqual([{ isOwner: true, keys: '' }]);
      await expect(readStore.query(mings(), 'SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    }
  });

  it('is said anew, or kept, where the first query of a connection fails', async () => {
    const { connectionString = '' } = service.parts.pool.options;
    const client = await connectClient(connectionString, { applicationName: 'row level security spec' });
    const all = (viewer: Viewer) => queryAs(client, viewer, 'SELECT * FROM read.reconciliation', []);
    await expect(queryAs(client, mings(), 'SELECT 1 / 0', [])).rejects.toMatchObject({ code: '22012' });
    expect([await all(mings()), await all(anybody), await all(mings())].map(({ length }) => length))
      .toEqual([1, 0, 1]);
    await client.end();
  });

  it.each(['log.events', 'keys.personal_keys', 'identity.sessions', 'read.checkpoints'])(
    'reads nothing of %s', async (table) => {
      for (const viewer of [staff, mings()]) {
        const asked = service.parts.readStore.query(viewer, `SELECT * FROM ${table}`);
        await expect(asked).rejects.toMatchObject({ code: '42501' });
      }
    });

  it('writes nothing', async () => {
    const asked = service.parts.readStore.query(staff, 'DELETE FROM read.reconciliation');
    await expect(asked).rejects.toMatchObject({ code: '42501' });
  });
});

it('a table without its policies would be noticed', async () => {
  const { pool } = service.parts;
  await pool.query('ALTER TABLE read.applicants DISABLE ROW LEVEL SECURITY');
  expect((await whole(mings(), 'applicants')).length).toBeGreaterThan(1);
  await pool.query('ALTER TABLE read.applicants ENABLE ROW LEVEL SECURITY');
  expect(await whole(mings(), 'applicants')).toHaveLength(1);
});
