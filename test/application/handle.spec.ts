import type { AppendMeta, AppendResult, EventLog, Write } from '../../src/application/event-log.js';
import { handle } from '../../src/application/handle.js';
import { applicantStream } from '../../src/application/stream-names.js';
import type { Decider } from '../../src/domain/decider.js';
import { refuse } from '../../src/domain/decider.js';
import type { DomainFact } from '../../src/domain/facts.js';
import { DomainEventLog } from '../../src/infrastructure/event-store/domain-event-log.js';
import { MemoryEventStore } from '../../src/infrastructure/event-store/memory/memory-event-store.js';
import { InMemoryKeyTable } from '../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../src/infrastructure/keys/sealing-keys.js';

const accountId = '33333333-3333-4333-8333-333333333333';
const officer = '22222222-2222-4222-8222-222222222222';
const at = '2023-05-10T03:04:05.678Z';
const stream = applicantStream(accountId);

/** The smallest rule book with a limit: a desk approves as often as the command says, and no more. */
type Approve = { readonly atMost: number };
type Approvals = Extract<DomainFact, { type: 'AccountApproved' }>;
const desk: Decider<Approve, number, Approvals, 'desk/full'> = {
  initial: 0,
  evolve: (approvals) => approvals + 1,
  decide: ({ atMost }, approvals) => approvals >= atMost ? refuse('desk/full')
    : [{ type: 'AccountApproved', data: { accountId, approvedBy: officer, approvedAt: at } }],
};

const meta = (number: number, fingerprint = 'approve'): AppendMeta => ({
  commandId: `aaaaaaaa-aaaa-4aaa-8aaa-${String(number).padStart(12, '0')}`, fingerprint, by: officer, at,
});
const newLog = (): EventLog =>
  new DomainEventLog(new MemoryEventStore(), new SealingKeys(new InMemoryKeyTable(), MasterKey.random()));

/** A log in front of which something happens before each append; the rest is the log itself. */
class Interrupted extends DomainEventLog {
  appends = 0;

  constructor(
    store: MemoryEventStore, private readonly before: (attempt: number) => Promise<AppendResult | void>,
  ) {
    super(store, new SealingKeys(new InMemoryKeyTable(), MasterKey.random()));
  }

  override async append(writes: readonly Write[], asked: AppendMeta): Promise<AppendResult> {
    return await this.before(++this.appends) ?? super.append(writes, asked);
  }
}

const approve = (log: EventLog, number: number, atMost = 3, fingerprint?: string) =>
  handle(log, desk, stream, { command: { atMost }, meta: meta(number, fingerprint) });
const approvalsIn = async (log: EventLog): Promise<string[]> => {
  const ids: string[] = [];
  for await (const fact of log.readStream(stream)) ids.push(fact.meta.commandId);
  return ids;
};

describe('a command', () => {
  it('that is allowed is done, and told at which position', async () => {
    const log = newLog();
    expect(await approve(log, 1)).toEqual({ outcome: 'done', position: '1', replayed: false });
    expect(await approve(log, 2)).toEqual({ outcome: 'done', position: '2', replayed: false });
    expect(await approvalsIn(log)).toEqual([1, 2].map((number) => meta(number).commandId));
  });

  it('that the rules refuse is answered with their code, and nothing is stored', async () => {
    const log = newLog();
    expect(await approve(log, 1, 0)).toEqual({ outcome: 'refused', code: 'desk/full' });
    expect(await approvalsIn(log)).toEqual([]);
  });

  it('from which nothing follows is done, and remembered', async () => {
    const log = newLog();
    const quiet = { ...desk, decide: () => [] };
    const ask = () => handle(log, quiet, stream, { command: { atMost: 1 }, meta: meta(1) });
    expect(await ask()).toEqual({ outcome: 'done', position: null, replayed: false });
    expect(await ask()).toEqual({ outcome: 'done', position: null, replayed: true });
  });
});

describe('a command that another one overtook', () => {
  it('is decided again on what the other one left, and done', async () => {
    const store = new MemoryEventStore();
    const other = new Interrupted(store, async () => undefined);
    const log = new Interrupted(store, async (attempt) => {
      if (attempt === 1) await approve(other, 99);
    });
    expect(await approve(log, 1)).toEqual({ outcome: 'done', position: '2', replayed: false });
    expect(log.appends).toBe(2);
  });

  it('is refused when the other one left no room', async () => {
    const store = new MemoryEventStore();
    const other = new Interrupted(store, async () => undefined);
    const log = new Interrupted(store, async () => { await approve(other, 99, 1); });
    expect(await approve(log, 1, 1)).toEqual({ outcome: 'refused', code: 'desk/full' });
    expect(await approvalsIn(log)).toEqual([meta(99).commandId]);
  });

  it('every time is busy after eight attempts, with nothing stored', async () => {
    const store = new MemoryEventStore();
    const other = new Interrupted(store, async () => undefined);
    const log = new Interrupted(store, async (attempt) => { await approve(other, 100 + attempt, 1_000); });
    expect(await approve(log, 1, 1_000)).toEqual({ outcome: 'refused', code: 'command/busy' });
    expect(log.appends).toBe(8);
    expect(await approvalsIn(log)).not.toContain(meta(1).commandId);
  });
});

describe('a command sent again', () => {
  it('gets its old answer and adds nothing', async () => {
    const log = newLog();
    await approve(log, 1);
    expect(await approve(log, 1)).toEqual({ outcome: 'done', position: '1', replayed: true });
    expect(await approvalsIn(log)).toHaveLength(1);
  });

  it('gets its old answer also where the state has moved on and would refuse it today', async () => {
    const log = newLog();
    await approve(log, 1, 1);
    expect(await approve(log, 2, 1)).toEqual({ outcome: 'refused', code: 'desk/full' });
    expect(await approve(log, 1, 1)).toEqual({ outcome: 'done', position: '1', replayed: true });
  });

  it('is decided anew when it was refused: nothing of a refusal is kept', async () => {
    const log = newLog();
    expect(await approve(log, 1, 0)).toEqual({ outcome: 'refused', code: 'desk/full' });
    expect(await approve(log, 1, 1)).toEqual({ outcome: 'done', position: '1', replayed: false });
  });

  it('at the same time happens once, and both are told the same', async () => {
    const log = newLog();
    const outcomes = await Promise.all([approve(log, 1), approve(log, 1), approve(log, 1)]);
    expect(outcomes.map((outcome) => 'position' in outcome && outcome.position)).toEqual(['1', '1', '1']);
    expect(await approvalsIn(log)).toHaveLength(1);
  });
});

describe('a command id used for something else', () => {
  it('is refused when the rules would allow it', async () => {
    const log = newLog();
    await approve(log, 1);
    expect(await approve(log, 1, 3, 'another')).toEqual({ outcome: 'refused', code: 'command/id-reused' });
    expect(await approvalsIn(log)).toHaveLength(1);
  });

  it('is refused for that, and not for what the rules say, when they would refuse it', async () => {
    const log = newLog();
    await approve(log, 1, 1);
    expect(await approve(log, 1, 1, 'another')).toEqual({ outcome: 'refused', code: 'command/id-reused' });
  });
});

describe('an append of which nobody knows whether it happened', () => {
  it('is not tried again behind the caller’s back, and says so', async () => {
    const lost = { kind: 'unknown', cause: 'connection lost' } as const;
    const log = new Interrupted(new MemoryEventStore(), async () => lost);
    expect(await approve(log, 1)).toEqual({ outcome: 'unknown', cause: 'connection lost' });
    expect(log.appends).toBe(1);
  });

  it('is settled by the caller’s retry: stored before, it is stored once', async () => {
    const store = new MemoryEventStore();
    const sound = new Interrupted(store, async () => undefined);
    const log = new Interrupted(store, async (attempt) => {
      if (attempt > 1) return undefined;
      await approve(sound, 1);
      return { kind: 'unknown', cause: 'connection lost' };
    });
    expect(await approve(log, 1)).toEqual({ outcome: 'unknown', cause: 'connection lost' });
    expect(await approve(log, 1)).toEqual({ outcome: 'done', position: '1', replayed: true });
    expect(await approvalsIn(log)).toHaveLength(1);
  });
});
