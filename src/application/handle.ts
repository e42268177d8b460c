import type { Decider, Fact, Refusal } from '../domain/decider.js';
import { isRefusal } from '../domain/decider.js';
import type { DomainFact } from '../domain/facts.js';
import type { AppendMeta, AppendResult, EventLog, Position, StreamName } from './event-log.js';
import { noStream } from './event-log.js';

/** Everything a command can come to. `unknown`: retry with the same command id, it will not happen twice. */
export type Outcome<Code extends string = string> =
  | { readonly outcome: 'done'; readonly position: Position | null; readonly replayed: boolean }
  | { readonly outcome: 'refused'; readonly code: Code | 'command/id-reused' | 'command/busy' }
  | { readonly outcome: 'unknown'; readonly cause: string };

/** Deciding again after a conflict costs one read; a stream contended more than this is busy and says so. */
const maxAttempts = 8;

/** What is asked, and by whom, when and under which id. */
export interface Asked<Command> {
  readonly command: Command;
  readonly meta: AppendMeta;
}

/**
 * The only way a fact enters the log for one stream: load, fold, decide, append at the revision that was
 * read; on a conflict decide again, a bounded number of times.
 */
export async function handle<Command, State, F extends DomainFact, Code extends string>(
  log: EventLog,
  decider: Decider<Command, State, F, Code>,
  stream: StreamName,
  { command, meta }: Asked<Command>,
): Promise<Outcome<Code>> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const { state, revision } = await load(log, decider, stream);
    const decision = decider.decide(command, state);
    if (isRefusal(decision)) return refusedUnlessDoneBefore(log, decision as Refusal<Code>, meta);
    const result = await log.append([{ stream, expectedRevision: revision, facts: decision }], meta);
    if (result.kind !== 'conflict') return outcomeOf(result);
  }
  return { outcome: 'refused', code: 'command/busy' };
}

/** State and revision of one stream, from the log itself (never from a projection). */
export async function load<State, F extends Fact>(
  log: EventLog,
  decider: { initial: State; evolve(state: State, fact: F): State },
  stream: StreamName,
): Promise<{ state: State; revision: number }> {
  let state = decider.initial;
  let revision = noStream;
  for await (const fact of log.readStream(stream)) {
    state = decider.evolve(state, fact as unknown as F);
    revision = fact.revision;
  }
  return { state, revision };
}

/** A retry of a command that was done must get its old answer, even where the state has since moved on. */
async function refusedUnlessDoneBefore<Code extends string>(
  log: EventLog, refusal: Refusal<Code>, meta: AppendMeta,
): Promise<Outcome<Code>> {
  const earlier = await log.receipt(meta.commandId, meta.fingerprint);
  return earlier ? outcomeOf(earlier) : { outcome: 'refused', code: refusal.refused };
}

function outcomeOf<Code extends string>(result: AppendResult): Outcome<Code> {
  switch (result.kind) {
    case 'appended': return { outcome: 'done', position: result.position, replayed: result.replayed };
    case 'command-id-reused': return { outcome: 'refused', code: 'command/id-reused' };
    case 'unknown': return { outcome: 'unknown', cause: result.cause };
    case 'conflict': throw new Error('a conflict is decided again, never answered');
  }
}
