import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { principalOf, seedDemo } from '../../src/demo.js';
import {
  importDefaultBankCodes,
} from '../../src/infrastructure/bank-code-lists/import-default-bank-codes.js';
import { demoPeople } from '../../src/infrastructure/demo/demo-people.js';
import type { Service } from './support/service.js';
import { startService } from './support/service.js';
import { caughtUp } from './support/world.js';

let service: Service;
beforeAll(async () => {
  service = await startService();
  const imported = await importDefaultBankCodes(service.parts.log, '2024-01-01T00:00:00.000Z');
  const position = imported?.outcome === 'done' ? imported.position ?? '0' : '0';
  await service.parts.readStore.waitFor('bank_directory', position, 10_000);
});
afterAll(async () => { await service.close(); });

const said: string[] = [];
const seed = (signal: AbortSignal, commands = service.server.app.get(CommandBus)) => seedDemo({
  commands, queries: service.server.app.get(QueryBus), seed: 1, payments: 300, signal,
  know: (...who) => service.parts.identity.people.enter(...who),
  say: (line) => { said.push(line); },
});

/** A start that is asked to stop while the given command is carried out. */
async function interruptedAt(count: number): Promise<void> {
  const interrupted = new AbortController();
  const bus = service.server.app.get(CommandBus);
  let given = 0;
  const execute: CommandBus['execute'] = (command: never) => {
    if (++given === count) interrupted.abort();
    return bus.execute(command);
  };
  await expect(seed(interrupted.signal, { execute } as CommandBus)).rejects.toThrow('abort');
  expect(given).toBe(count);
}

describe('the demo treasury', () => {
  it('that was interrupted is taken up where it stopped', async () => {
    for (const count of [1, 4, 9]) await interruptedAt(count);
    await seed(new AbortController().signal);
    expect(said.at(-1)).toMatch(/300/);
  });

  it('started again adds nothing', async () => {
    const head = await service.parts.log.head();
    await seed(new AbortController().signal);
    expect(await service.parts.log.head()).toBe(head);
    expect(said.at(-1)).toContain('recorded before');
  });

  it('has payments for every account of every payee', async () => {
    await caughtUp(service);
    for (const person of demoPeople(1)) {
      if (!person.applicant) continue;
      const response = await service.as(principalOf(person)).get('/api/v1/reconciliations');
      const { subtotals } = response.json<{ subtotals: object[] }>();
      expect([person.name, subtotals.length]).toEqual([person.name, person.applicant.accounts.length]);
    }
  });

  it('has somebody for every role, and more than one payee', () => {
    const roles = demoPeople(1).flatMap((person) => person.roles);
    expect(roles.filter((role) => role === 'payee').length).toBeGreaterThan(2);
    expect(new Set(roles)).toEqual(new Set(['payee', 'reviewer', 'operator', 'auditor']));
  });
});

it('knows the demo people by the cards they will show', async () => {
  await seed(new AbortController().signal);
  for (const { id, applicant } of demoPeople(1)) {
    if (applicant?.kind !== 'person') continue;
    const known = await service.parts.identity.people.find(applicant.idNumber);
    expect(known).toMatchObject({ personId: id, applicantId: applicant.applicantId });
  }
});
