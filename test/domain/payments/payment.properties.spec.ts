import fc from 'fast-check';
import type { PaymentCommand } from '../../../src/domain/payments/payment.js';
import { historyOf, paymentDecider } from '../../../src/domain/payments/payment.js';
import type { PaymentFact } from '../../../src/domain/payments/payment.events.js';
import { mayFollow } from '../../../src/domain/payments/payment-status.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';
import { paymentCommand } from './payment-arbitraries.js';

const commandsFor = (paymentId: string) =>
  fc.array(paymentCommand(paymentId), { maxLength: 30, size: 'max' });
const runs = { seed: 1_050_001, numRuns: 500 };

/** What a payment comes to by its facts alone: the last amount that any of them names. */
const lastAmount = (facts: readonly PaymentFact[]): number => facts.reduce((amount, fact) => {
  if (fact.type === 'PaymentRecorded') return fact.data.amount;
  return fact.type === 'PaymentCorrected' ? fact.data.correction.amount ?? amount : amount;
}, 0);

const finalState = (commands: readonly PaymentCommand[]) =>
  tell(paymentDecider, commands).states.at(-1) ?? paymentDecider.initial;

describe('the rules of payments', () => {
  itIsARuleBook({
    decider: paymentDecider, command: paymentCommand('payment-1'), seed: 1_050_000,
    facts: [
      'PaymentRecorded', 'RemittanceRecorded', 'RemittanceReturned', 'PaymentReissued', 'ChequeIssuedInstead',
      'PaymentCancelled', 'PaymentCorrected',
    ],
  });

  it('lose and make no money: what all payments come to is what was recorded, as corrected', () =>
    fc.assert(fc.property(fc.tuple(...['a', 'b', 'c'].map(commandsFor)), (perPayment) => {
      let held = 0;
      let told = 0;
      for (const commands of perPayment) {
        const { facts, states } = tell(paymentDecider, commands);
        const state = states.at(-1) ?? paymentDecider.initial;
        held += state.status === 'none' ? 0 : state.details.amount;
        told += lastAmount(facts);
        expect(facts.filter(({ type }) => type === 'PaymentRecorded').length).toBeLessThanOrEqual(1);
      }
      expect(held).toBe(told);
    }), runs));

  it('keep every amount a positive whole number of 元', () =>
    fc.assert(fc.property(commandsFor('a'), (commands) => {
      for (const { status, ...state } of tell(paymentDecider, commands).states) {
        if (status === 'none' || !('details' in state)) continue;
        expect(Number.isSafeInteger(state.details.amount) && state.details.amount > 0).toBe(true);
      }
    }), runs));

  it('never let a status run backwards, nor a date before the one it follows', () =>
    fc.assert(fc.property(commandsFor('a'), (commands) => {
      const state = finalState(commands);
      if (state.status === 'none') return;
      const history = historyOf(state);
      const [paidOn, next] = [state.details.paymentDate, state.changes[0]];
      expect(next === undefined || paidOn <= next.on).toBe(true);
      expect(history.at(-1)?.status).toBe(state.status);
      history.slice(1).forEach((change, i) => {
        const earlier = history[i];
        expect(earlier && mayFollow(change.status, earlier.status)).toBe(true);
        if (i > 0) expect(earlier && earlier.on <= change.on).toBe(true);
      });
    }), runs));

  it('add nothing when everything that was delivered is delivered once more', () =>
    fc.assert(fc.property(commandsFor('a'), (commands) => {
      const { obeyed } = tell(paymentDecider, commands);
      const state = finalState(commands);
      for (const command of obeyed) {
        if (command.type !== 'CorrectPayment') expect(paymentDecider.decide(command, state)).toEqual([]);
      }
    }), runs));
});
