import type { Decider, Fact } from '../../../src/domain/decider.js';
import { fold, isRefusal, refuse } from '../../../src/domain/decider.js';

/**
 * `given(facts).when(command).then…` for one rule book. Each `then…` also decides the same command again on
 * the state it led to and expects no new fact: whatever is delivered twice must be told once.
 */
export function rulesOf<Command, State, F extends Fact, Code extends string>(
  decider: Decider<Command, State, F, Code>,
) {
  return {
    given: (...past: readonly F[]) => ({
      when: (command: Command) => {
        const state = fold(decider, past);
        const decision = decider.decide(command, state);
        const facts = isRefusal(decision) ? [] : decision as readonly F[];
        const decidedAgain = () => decider.decide(command, fold(decider, facts, state));
        return {
          thenFacts: (...expected: readonly F[]): void => {
            expect(decision).toStrictEqual(expected);
            expect(decidedAgain()).toStrictEqual([]);
          },
          thenNothing: (): void => {
            expect(decision).toStrictEqual([]);
            expect(decidedAgain()).toStrictEqual([]);
          },
          thenRefused: (code: Code): void => {
            expect(decision).toStrictEqual(refuse(code));
            expect(decidedAgain()).toStrictEqual(refuse(code));
          },
        };
      },
    }),
  };
}
