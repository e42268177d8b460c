import type { Principal } from '../../src/application/command-context.js';
import { accountIdOf } from '../../src/application/stream-names.js';
import { accountKey } from '../../src/domain/identifiers/account-number.js';
import { FindAccountsOf, FindAccountsOfHandler } from '../../src/projections/accounts/find-accounts-of.js';
import { FindApplicant, FindApplicantHandler } from '../../src/projections/applicants/find-applicant.js';
import {
  FindDelegationsOf, FindDelegationsOfHandler, FindDelegationsTo, FindDelegationsToHandler,
} from '../../src/projections/delegations/find-delegations.js';
import {
  FindPaymentHistory, FindPaymentHistoryHandler,
} from '../../src/projections/payment-timeline/find-payment-history.js';
import type { ReadStore } from '../../src/projections/projection.js';
import {
  FindReconciliations, FindReconciliationsHandler,
} from '../../src/projections/reconciliation/find-reconciliations.js';
import { FindSignIns, FindSignInsHandler } from '../../src/projections/sign-ins/find-sign-ins.js';
import { staff } from '../../src/projections/viewer.js';
import type { Service } from '../http/support/service.js';
import { startService } from '../http/support/service.js';
import type { World } from '../http/support/world.js';
import { bank, caughtUp, delegated, populate } from '../http/support/world.js';

let service: Service;
let world: World;
let ming: Principal;
let mingsDelegation: string;
let unguarded: ReadStore;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  ming = world.people.payee;
  const others = accountIdOf(world.people.otherPayee.applicantId ?? '', bank, '222');
  mingsDelegation = await delegated(service, {
    company: world.people.otherPayee, delegate: ming, accountIds: [others],
  });
  await service.parts.readStore.waitFor('delegations', await caughtUp(service), 20_000);
  const { pool, readStore } = service.parts;
  // As the tables' owner, whom no policy binds: what is left are the filters of the queries themselves.
  unguarded = {
    query: async <R extends object>(_viewer: unknown, sql: string, parameters: readonly unknown[] = []) =>
      (await pool.query<R>(sql, [...parameters])).rows,
    waitFor: (...asked) => readStore.waitFor(...asked),
  };
});
afterAll(async () => { await service.close(); });

describe('with every policy gone, the filters of the queries alone', () => {
  it('find a payee\'s own accounts', async () => {
    const { applicantId = '' } = ming;
    const handler = new FindAccountsOfHandler(unguarded);
    const views = await handler.execute(new FindAccountsOf({ applicantId }, staff));
    expect(views.map(({ accountId }) => accountId)).toEqual([world.account]);
  });

  it('find a payee\'s own record', async () => {
    for (const { applicantId = '' } of [ming, world.people.company]) {
      const handler = new FindApplicantHandler(unguarded);
      const view = await handler.execute(new FindApplicant({ applicantId }, staff));
      expect(view?.applicantId).toBe(applicantId);
    }
  });

  it('find the payments to the accounts asked for', async () => {
    for (const number of ['111', '222']) {
      const [accountId, key] = [accountIdOf(ming.applicantId ?? '', bank, number), accountKey(bank, number)];
      const question = {
        accounts: [{ accountId, accountKey: key }], filter: {}, sort: 'account-date', limit: 50,
      } as const;
      const handler = new FindReconciliationsHandler(unguarded);
      const answer = await handler.execute(new FindReconciliations(question, staff));
      if (!('json' in answer)) throw new Error(answer.refused);
      const { rows, totals } =
        JSON.parse(answer.json) as { rows: { paymentId: string }[]; totals: { rows: number } };
      expect(rows.map(({ paymentId }) => paymentId))
        .toEqual([number === '111' ? world.payment : world.othersPayment]);
      expect(totals.rows).toBe(1);
    }
  });

  it('find the delegations that a company gave', async () => {
    const handler = new FindDelegationsOfHandler(unguarded);
    for (const [giver, given] of [['company', world.delegation], ['otherPayee', mingsDelegation]] as const) {
      const { applicantId: companyId = '' } = world.people[giver];
      const page = await handler.execute(new FindDelegationsOf({ companyId, limit: 50 }));
      expect(page?.delegations.map(({ delegationId }) => delegationId)).toEqual([given]);
    }
  });

  it('find the delegations that somebody holds', async () => {
    const handler = new FindDelegationsToHandler(unguarded);
    for (const [holder, held] of [['otherPayee', world.delegation], ['payee', mingsDelegation]] as const) {
      const { applicantId: delegateId = '' } = world.people[holder];
      const found = await handler.execute(new FindDelegationsTo({ delegateId }, staff));
      expect(found.map(({ delegationId }) => delegationId)).toEqual([held]);
    }
  });

  it('find the history of the payment asked for', async () => {
    const handler = new FindPaymentHistoryHandler(unguarded);
    for (const paymentId of [world.payment, world.othersPayment]) {
      const found = await handler.execute(new FindPaymentHistory({ paymentId, accounts: 'shown' }, staff));
      expect(found?.entries).toHaveLength(1);
    }
  });

  it('find one\'s own sign-ins', async () => {
    await service.parts.pool.query(`
      INSERT INTO read.sign_ins (ordinal, attempt_id, person_id, method, purpose, result, tried_at)
      SELECT i, gen_random_uuid(), gen_random_uuid(), 'certificate', 'sign-in', 'accepted', 'x'
      FROM generate_series(1, 3) AS i`);
    const handler = new FindSignInsHandler(unguarded);
    const page = await handler.execute(new FindSignIns({ personId: ming.id, limit: 50 }, staff));
    expect(page?.signIns).toEqual([]);
  });
});
