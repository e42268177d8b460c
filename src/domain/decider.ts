/** Anything that survives JSON.stringify and JSON.parse unchanged: what a fact may carry. */
export type Json =
  | string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Something that happened, in the officers' words, past tense. Once stored it never changes. */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** An expected "no": a value with a stable code, never an exception. */
export interface Refusal<Code extends string = string> {
  readonly refused: Code;
}

export type Decision<F extends Fact, Code extends string> = readonly F[] | Refusal<Code>;

/**
 * The one shape of every rule book: `decide` says what follows from a command, `evolve` what a fact means.
 * Both are pure: no clock, no random, no I/O; `by`, `at` and ids come inside the command.
 */
export interface Decider<Command, State, F extends Fact, Code extends string> {
  readonly initial: State;
  evolve(state: State, fact: F): State;
  decide(command: Command, state: State): Decision<F, Code>;
}

export const refuse = <Code extends string>(code: Code): Refusal<Code> => ({ refused: code });

export const isRefusal = (decision: object): decision is Refusal => 'refused' in decision;

export const fold = <State, F extends Fact>(
  decider: { initial: State; evolve(state: State, fact: F): State },
  facts: readonly F[],
  from: State = decider.initial,
): State => facts.reduce((state, fact) => decider.evolve(state, fact), from);

/**
 * A personal field (name, ID number, phone, e-mail, address, free text about a person).
 * `plain` exists only between a command and the log; what is stored is always `sealed`: ciphertext under the
 * person's key. Deciders never look inside.
 */
export type Personal = { readonly plain: string } | { readonly sealed: string };
