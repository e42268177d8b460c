import type { Command, CommandBus, QueryBus } from '@nestjs/cqrs';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplyAccount } from './application/accounts/apply-account.js';
import { ApproveAccount } from './application/accounts/approve-account.js';
import { ChangeContact } from './application/applicants/change-contact.js';
import { RegisterApplicant } from './application/applicants/register-applicant.js';
import type { CommandContext, Principal } from './application/command-context.js';
import { nameBasedUuid, namespaceOf } from './application/name-based-uuid.js';
import type { Outcome } from './application/handle.js';
import type { Delivery } from './application/payment-batches/batch-intake.js';
import { DeliverPaymentBatch } from './application/payment-batches/deliver-payment-batch.js';
import { FindDelivery } from './application/payment-batches/find-delivery.js';
import { demoBatchId } from './infrastructure/demo/demo-batch.js';
import { demoBatchFile } from './infrastructure/demo/demo-data.js';
import type { DemoApplicant, DemoPrincipal } from './infrastructure/demo/demo-people.js';
import { demoPeople } from './infrastructure/demo/demo-people.js';
import { untilItPasses } from './infrastructure/passing-trouble.js';

export interface DemoWiring {
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly seed: number;
  readonly payments: number;
  /** Whoever shows a card with this ID number is this person, and this applicant. */
  know(idNumber: string, applicantId: string, personId: string): Promise<void>;
  /** Tells the person at the terminal, one line at a time. */
  say(line: string): void;
  readonly signal: AbortSignal;
}

/** Fixed, so that every start gives the same commands their same ids, and a repeated one adds nothing. */
const demoCommands = namespaceOf('12580d20-ddc4-4e2f-90d5-192055b8302b');
/** Between two looks at a batch that is being recorded. */
const lookMs = 200;
const longestWaitMs = 10_000;

/** A demo person as the one who asks. */
export const principalOf = ({ id, roles, applicant }: DemoPrincipal): Principal =>
  ({ id, roles, ...(applicant ? { applicantId: applicant.applicantId } : {}) });

/**
 * Fills the service as its users would, through the same commands: people register and apply, the reviewer
 * approves, the operator delivers. What an earlier start did stays; what a kill cut off is taken up again.
 */
export async function seedDemo(wiring: DemoWiring): Promise<void> {
  const people = demoPeople(wiring.seed);
  const officer = (role: 'reviewer' | 'operator'): Principal => principalOf(one(people, role));
  for (const person of people) {
    if (person.applicant) await settleApplicant(wiring, person, person.applicant, officer('reviewer'));
  }
  wiring.say('示範人員與帳號已備妥。 The demo people and their accounts are in place.');
  await untilItPasses(() => settleBatch(wiring, officer('operator')), wiring.signal);
}

function one(people: readonly DemoPrincipal[], role: DemoPrincipal['roles'][number]): DemoPrincipal {
  const found = people.find(({ roles }) => roles.includes(role));
  if (!found) throw new Error(`there is no demo ${role}`);
  return found;
}

async function settleApplicant(
  wiring: DemoWiring, person: DemoPrincipal, applicant: DemoApplicant, reviewer: Principal,
): Promise<void> {
  const { commands, know, signal } = wiring;
  const { applicantId, kind, idNumber, name, contact, accounts } = applicant;
  const payee = principalOf(person);
  const give = <R extends Outcome>(command: Command<R>): Promise<R> => given(commands, command, signal);
  await give(new RegisterApplicant(contextOf(payee, `register ${applicantId}`), { kind, idNumber, name }));
  await untilItPasses(() => know(idNumber, applicantId, person.id), signal);
  await give(new ChangeContact(contextOf(payee, `contact ${applicantId}`), contact));
  for (const account of accounts) {
    const what = `${applicantId} ${account.bankCode} ${account.accountNumber}`;
    const { accountId } = await give(new ApplyAccount(contextOf(payee, `apply ${what}`), account));
    await give(new ApproveAccount(contextOf(reviewer, `approve ${what}`), accountId));
  }
}

/** The demo asks for nothing that may be refused: a refusal is a bug, and says which. */
async function given<R extends Outcome>(
  commands: CommandBus, command: Command<R>, signal: AbortSignal,
): Promise<R> {
  for (;;) {
    const outcome = await untilItPasses(() => commands.execute(command), signal);
    if (outcome.outcome === 'done') return outcome;
    if (outcome.outcome === 'refused') {
      throw new Error(`the demo's ${command.constructor.name} was refused: ${outcome.code}`);
    }
    // Unknown: the same command again, it will not happen twice.
    await delay(lookMs, undefined, { signal });
  }
}

function contextOf(principal: Principal, what: string): CommandContext {
  const commandId = nameBasedUuid(demoCommands, what);
  const fingerprint = createHash('sha256').update(what).digest('hex');
  return { principal, commandId, fingerprint, at: new Date().toISOString() };
}

/** One that was received before is waited for, not delivered again: its file may be half recorded. */
async function settleBatch(wiring: DemoWiring, operator: Principal): Promise<void> {
  const { queries, payments, seed, say } = wiring;
  const batchId = demoBatchId({ payments, seed });
  const earlier = await queries.execute(new FindDelivery({ batchId }));
  if (earlier?.outcome?.kind === 'completed') {
    return say(`示範批次 ${batchId} 先前已入帳。 The demo batch was recorded before.`);
  }
  say(earlier ? `繼續示範批次 ${batchId}。 Taking up the demo batch again.`
    : `送交示範批次 ${batchId}（${payments} 筆）。 Delivering the demo batch of ${payments} payments.`);
  const { outcome } = await finished(wiring, earlier ?? await delivered(wiring, operator, batchId));
  if (outcome?.kind !== 'completed') throw new Error(`the demo batch was refused ${JSON.stringify(outcome)}`);
  const { payments: recorded, statusChanges } = outcome.recorded;
  say(`已入帳 ${recorded} 筆付款、${statusChanges} 筆狀態異動。 `
    + `Recorded ${recorded} payments and ${statusChanges} later statuses.`);
}

async function delivered(wiring: DemoWiring, operator: Principal, batchId: string): Promise<Delivery> {
  const { commands, payments, seed } = wiring;
  const file = { bytes: demoBatchFile({ payments, seed }), charset: 'utf-8', waitMs: longestWaitMs } as const;
  return (await commands.execute(new DeliverPaymentBatch(contextOf(operator, batchId), file))).delivery;
}

async function finished({ queries, signal }: DemoWiring, delivery: Delivery): Promise<Delivery> {
  let now: Delivery | null = delivery;
  while (now && now.phase !== 'finished') {
    await delay(lookMs, undefined, { signal });
    now = await queries.execute(new FindDelivery({ deliveryId: delivery.deliveryId }));
  }
  if (!now) throw new Error('the delivered demo batch is gone');
  return now;
}
