import fc from 'fast-check';
import type { Decider, Fact } from '../../../src/domain/decider.js';
import { fold, isRefusal } from '../../../src/domain/decider.js';

/** Told from here on, nothing may change it: a rule book that keeps its state by mutation fails at once. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

export interface Story<Command, State, F extends Fact> {
  readonly facts: readonly F[];
  readonly states: readonly State[];
  /** The commands that led to facts. */
  readonly obeyed: readonly Command[];
}

/** Gives a rule book one command after the other, each decided on what the ones before it led to. */
export function tell<Command, State, F extends Fact, Code extends string>(
  decider: Decider<Command, State, F, Code>, commands: readonly Command[],
): Story<Command, State, F> {
  const facts: F[] = [];
  const states: State[] = [frozen(decider.initial)];
  const obeyed: Command[] = [];
  let state = decider.initial;
  for (const command of commands) {
    const decision = decider.decide(frozen(command), state);
    if (isRefusal(decision) || decision.length === 0) continue;
    obeyed.push(command);
    for (const fact of decision as readonly F[]) {
      facts.push(frozen(fact));
      state = frozen(decider.evolve(state, fact));
      states.push(state);
    }
  }
  return { facts, states, obeyed };
}

interface Subject<Command, State, F extends Fact, Code extends string> {
  readonly decider: Decider<Command, State, F, Code>;
  readonly command: fc.Arbitrary<Command>;
  readonly seed: number;
  /** Longest sequence tried; shorter where a single command already brings about dozens of facts. */
  readonly longest?: number;
  /** Every fact the commands must be able to bring about, so that no property holds for want of facts. */
  readonly facts: readonly F['type'][];
}

/** What holds for every rule book, whatever it is about. Call inside `describe`. */
export function itIsARuleBook<Command, State, F extends Fact, Code extends string>(
  { decider, command, seed, longest = 30, facts: expected }: Subject<Command, State, F, Code>,
): void {
  const commands = fc.array(command, { maxLength: longest, size: 'max' });
  const runs = { seed, numRuns: 300 };

  it('answers any sequence of commands with facts or refusals, never an exception or a mutation', () => {
    const seen = new Set<string>();
    fc.assert(fc.property(commands, (given) => {
      tell(decider, given).facts.forEach(({ type }) => seen.add(type));
    }), runs);
    expect([...seen].sort()).toEqual([...expected].sort());
  });

  it('adds nothing when a command is decided twice', () =>
    fc.assert(fc.property(commands, command, (given, last) => {
      const state = tell(decider, given).states.at(-1) ?? decider.initial;
      const decision = decider.decide(last, state);
      if (isRefusal(decision)) return;
      expect(decider.decide(last, fold(decider, decision as readonly F[], state))).toEqual([]);
    }), runs));

  it('comes to the same state from the facts at once, and from any prefix and the rest', () =>
    fc.assert(fc.property(commands, fc.nat(), (given, cut) => {
      const { facts, states } = tell(decider, given);
      const at = cut % (facts.length + 1);
      const prefix = fold(decider, facts.slice(0, at));
      expect(prefix).toEqual(states[at]);
      expect(fold(decider, facts.slice(at), prefix)).toEqual(fold(decider, facts));
    }), runs));

  it('reads facts in an order that no decision would give without an exception', () =>
    fc.assert(fc.property(commands, fc.infiniteStream(fc.nat()), (given, picks) => {
      const { facts } = tell(decider, given);
      let state = decider.initial;
      for (const pick of picks.take(facts.length)) {
        const fact = facts[pick % facts.length];
        if (fact) state = frozen(decider.evolve(state, fact));
      }
    }), runs));
}
