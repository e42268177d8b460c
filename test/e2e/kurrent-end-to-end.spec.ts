import { randomInt } from 'node:crypto';
import type { Principal } from '../../src/application/command-context.js';
import { kurrentDefaults } from '../../src/infrastructure/event-store/kurrent/options.js';
import type { Proof } from '../../src/infrastructure/read-store/prove.js';
import { prove } from '../../src/infrastructure/read-store/prove.js';
import { rebuild } from '../../src/infrastructure/read-store/rebuild.js';
import { projections } from '../../src/projections/projections.js';
import type { Service } from '../http/support/service.js';
import { principal, startService } from '../http/support/service.js';
import { applied, approved, bank, bankList, caughtUp, person, registered } from '../http/support/world.js';
import type { Place } from '../support/kurrent/places.js';
import { kindsOfPlaces, password } from '../support/kurrent/places.js';

const batches = '/api/v1/payment-batches';
const reconciliations = '/api/v1/reconciliations';
/** Others than those of earlier runs: a real server remembers. */
const run = String(randomInt(1e9, 1e10));
const payments = 600;
const lastPosition = String(2n ** 63n - 1n);

/** Every third payment comes back. */
function file(accountNumber: string): string {
  const seqs = Array.from({ length: payments }, (_, index) => String(index + 1));
  const lines = seqs.map((seq) =>
    `P,A9,示範機關,02-0000-0000,115,${run},${seq},115/03/02,R1,${bank},${accountNumber},100,已匯款,測試`);
  const returned = seqs.filter((_seq, index) => index % 3 === 0)
    .map((seq) => `S,A9,115,${run},${seq},退匯,115/03/04,帳號錯誤`);
  const header = `H,1,B-${run},2026-03-05T10:00:00+08:00`;
  return [header, ...lines, ...returned, `T,${payments},0,${payments * 100}`, ''].join('\r\n');
}

describe.each(kindsOfPlaces('kurrent-end-to-end'))('the service over $name', ({ open, canBeSpoilt }) => {
  let place: Place;
  let service: Service;
  let payee: Principal;
  let position = '';
  const operator = principal('operator');

  beforeAll(async () => {
    place = await open();
    service = await startService({ url: place.url, options: { ...kurrentDefaults, deadlineMs: 20_000 } });
    const imported = await service.as(operator).csv('/api/v1/bank-code-lists', bankList);
    expect(imported.statusCode).toBeLessThan(300);
    await service.parts.readStore.waitFor('bank_directory', await service.parts.log.head(), 20_000);
    payee = await registered(service, principal('payee'), person('A123456789', '王小明'));
    await approved(service, principal('reviewer'), await applied(service, payee, run));
  });
  afterAll(async () => {
    await service.close();
    await place.close();
  });

  /** A busy machine may need longer than one request waits: 503 says to ask again. */
  async function answered(url: string) {
    for (;;) {
      const response = await service.as(payee).get(url);
      if (response.statusCode !== 503) return response;
    }
  }

  const proofs = async (): Promise<Proof[]> => {
    const all: Proof[] = [];
    for (const projection of projections) all.push(await prove({ ...service.parts, projection }));
    return all;
  };

  it('records a delivered batch whole', async () => {
    const received = await service.as(operator).csv(batches, file(run), { prefer: 'wait=0' });
    expect(received.statusCode).toBe(202);
    const { deliveryId } = received.json<{ deliveryId: string }>();
    const outcome = (await service.parts.intake.waitForOutcome(deliveryId, 100_000))?.outcome;
    expect(outcome).toMatchObject({
      batchId: `B-${run}`, totals: { payments, amount: payments * 100 },
      recorded: { payments, statusChanges: payments / 3, alreadyKnown: 0 },
    });
    position = outcome?.kind === 'completed' ? outcome.position : '';
  });

  it('shows it to its payee, who waits for it by the position of the receipt', async () => {
    const response = await answered(`${reconciliations}?limit=250&wait-for=${position}`);
    expect(response.statusCode).toBe(200);
    const { totals, rows } = response.json<{ totals: object; rows: readonly object[] }>();
    expect(totals).toMatchObject({ payments, rows: payments });
    expect(rows).toHaveLength(250);
    const returned = await answered(`${reconciliations}?status=${encodeURIComponent('退匯')}`);
    expect(returned.json()).toMatchObject({ totals: { payments: payments / 3 } });
  });

  it('goes through it page by page, each payment once', async () => {
    const seen = new Set<string>();
    let [cursor, pages] = ['', 0];
    do {
      const response = await service.as(payee).get(`${reconciliations}?limit=250${cursor}`);
      const page = response.json<{ rows: readonly { paymentId: string }[]; next: string | null }>();
      for (const { paymentId } of page.rows) seen.add(paymentId);
      cursor = page.next ? `&cursor=${page.next}` : '';
      pages++;
    } while (cursor !== '');
    expect([seen.size, pages]).toEqual([payments, Math.ceil(payments / 250)]);
  });

  it('counts positions in bytes of the log, far beyond the number of facts', () =>
    expect(BigInt(position)).toBeGreaterThan(BigInt(payments) * 100n));

  it('refuses to wait for a position that nobody has written yet', async () => {
    for (const unknown of [`${position}0`, lastPosition]) {
      const response = await service.as(payee).get(`${reconciliations}?wait-for=${unknown}`);
      expect(response.statusCode).toBe(400);
    }
  });

  it('adds nothing when the same file comes again', async () => {
    const head = await service.parts.log.head();
    const response = await service.as(operator).csv(batches, file(run), { prefer: 'wait=30' });
    expect([response.statusCode, response.json()])
      .toMatchObject([200, { alreadyRecorded: true, recorded: { payments } }]);
    expect(await service.parts.log.head()).toBe(head);
  });

  it('has tables that a replay of the log repeats byte for byte', async () => {
    const head = await caughtUp(service);
    const all = await proofs();
    expect(all).toHaveLength(projections.length);
    for (const proof of all) expect(proof).toMatchObject({ outcome: 'equal', position: head });
    const { rows } = all.find(({ projection }) => projection === 'reconciliation') as { rows?: number };
    expect(rows).toBeGreaterThanOrEqual(payments);
  });

  it('rebuilds every table while it serves, into the same rows', async () => {
    const before = await proofs();
    for (const projection of projections) {
      expect(await rebuild({ ...service.parts, projection })).toMatchObject({ projection: projection.name });
    }
    expect(await proofs()).toEqual(before);
    const response = await answered(`${reconciliations}?wait-for=${position}`);
    expect(response.json()).toMatchObject({ totals: { payments } });
  });

  const whereItMayGoAway = canBeSpoilt ? it : () => undefined;
  whereItMayGoAway('tells its callers to come again while KurrentDB is away', async () => {
    await place.server?.wire.stopListening();
    const asked = await service.as(payee).get(reconciliations);
    const told = await service.as(payee).send('POST', '/api/v1/accounts',
      { bankCode: bank, accountNumber: `${run}9`, accountName: '測試戶名' });
    await place.server?.wire.listenAgain();
    for (const { statusCode, headers } of [asked, told]) {
      expect([statusCode, headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    }
    expect(await answered(reconciliations)).toMatchObject({ statusCode: 200 });
  });

  it('notices a row that is not what the log says', async () => {
    await service.parts.pool.query("UPDATE read.reconciliation SET purpose = '別的' WHERE line = 0");
    const reconciliation = (await proofs()).find(({ projection }) => projection === 'reconciliation');
    expect(reconciliation).toMatchObject({ outcome: 'different' });
  });

  it('prints its connection string nowhere', () => {
    expect(service.logged()).toContain('payment batch');
    expect(service.logged()).not.toContain(password);
    expect(service.logged()).not.toContain('esdb:');
  });
});
