import type { Rig, Tried } from './rig.js';
import {
  contentOf, insert, isOf, onEveryReader, pause, readerAt, remove, residentKb, tryToRead,
} from './rig.js';

/** What was counted. `wrong` must be 0: a reading that is not of the card in the reader. */
export interface Figures {
  readonly [name: string]: number;
}

type Counted = Record<string, number>;

function count(figures: Counted, tried: Tried, wanted: boolean): void {
  const name = 'code' in tried ? tried.code : wanted ? 'read' : 'wrong';
  figures[name] = (figures[name] ?? 0) + 1;
}

/** Cards in and out. Memory is measured after a tenth, when every part has been used, and at the end. */
export async function cycles(rig: Rig, total: number): Promise<Figures> {
  const figures: Counted = { read: 0, wrong: 0 };
  const process_ = { before: 0, childBefore: 0, id: rig.reader.processId };
  await onEveryReader(rig, total, async (port, turn) => {
    await insert(rig, port, turn);
    const tried = await tryToRead(rig, port);
    count(figures, tried, isOf(tried, contentOf(rig, turn)));
    await remove(rig, port);
    if (turn === Math.floor(total / 10)) {
      process_.before = residentKb(process.pid);
      process_.childBefore = residentKb(rig.reader.processId);
      process_.id = rig.reader.processId;
    }
  });
  return {
    ...figures,
    agentKb: process_.before, agentGrowthKb: residentKb(process.pid) - process_.before,
    bindingKb: process_.childBefore,
    bindingGrowthKb: residentKb(rig.reader.processId) - process_.childBefore,
    bindingReplaced: process_.id === rig.reader.processId ? 0 : 1,
  };
}

/** Pulled while a command is being answered, at each of the four commands in turn; then a card that works. */
export async function pulls(rig: Rig, total: number): Promise<Figures> {
  const figures: Counted = { read: 0, wrong: 0, afterwards: 0 };
  await onEveryReader(rig, total, async (port, turn) => {
    await insert(rig, port, turn, { atCommand: turn % 4 + 1, event: 'pull' });
    count(figures, await tryToRead(rig, port), false);
    await remove(rig, port);
    await insert(rig, port, turn + 1);
    if (isOf(await tryToRead(rig, port), contentOf(rig, turn + 1))) figures['afterwards']! += 1;
    await remove(rig, port);
  });
  return figures;
}

/** Another person's card in its place while a command is being answered. */
export async function swaps(rig: Rig, total: number): Promise<Figures> {
  const figures: Counted = { read: 0, wrong: 0, afterwards: 0 };
  await onEveryReader(rig, total, async (port, turn) => {
    const next = contentOf(rig, turn + 1);
    await insert(rig, port, turn, { atCommand: turn % 4 + 1, event: 'swap', swapTo: next });
    const tried = await tryToRead(rig, port);
    count(figures, tried, isOf(tried, next));
    // The new card is there; pcscd may need a look to see it.
    if (await readsWithin(rig, port, next, 5000)) figures['afterwards']! += 1;
    await remove(rig, port);
  });
  return figures;
}

/**
 * Swapped while the binding's process stands still: its events of both cards then come as one, and it never
 * hears of a removal. Once before a connection, once within it.
 */
export async function swapsUnseen(rig: Rig, total: number): Promise<Figures> {
  const figures: Counted = { read: 0, wrong: 0, within: 0, withinRefused: 0 };
  const [port = 0] = rig.pcscd.slots;
  for (let turn = 0; turn < total; turn += 1) {
    const next = contentOf(rig, turn + 1);
    await insert(rig, port, turn);
    await standingStill(rig, () => rig.box.insert(port, next));
    const tried = await tryToRead(rig, port);
    count(figures, tried, isOf(tried, next));
    if (!isOf(tried, next)) await readsWithin(rig, port, next, 5000);
    figures['within']! += 1;
    if (await refusesWithin(rig, port, turn)) figures['withinRefused']! += 1;
    await remove(rig, port);
  }
  return figures;
}

/** The connection was made to one card: after the swap it must answer nothing any more. */
async function refusesWithin(rig: Rig, port: number, turn: number): Promise<boolean> {
  const getData = Buffer.from('00CA1100020000', 'hex');
  try {
    await rig.reader.withCard(readerAt(rig, port), async (card) => {
      await card.transmit(Buffer.from('00A4040010D1580000010000000000000000001100', 'hex'));
      await standingStill(rig, () => rig.box.insert(port, contentOf(rig, turn)));
      return await card.transmit(getData);
    });
    return false;
  } catch {
    return true;
  }
}

async function standingStill({ reader }: Rig, work: () => Promise<void>): Promise<void> {
  const id = reader.processId;
  if (id !== null) process.kill(id, 'SIGSTOP');
  await work();
  // pcscd looks every 0.4 s: by now it has seen the one card go and the other come.
  await pause(1200);
  if (id !== null) process.kill(id, 'SIGCONT');
}

/** pcscd killed or stopped, and started again. The cards' connections to it are gone: they come in anew. */
export async function restarts(rig: Rig, total: number): Promise<Figures> {
  const figures: Counted = { restarts: 0, refusedWhileDown: 0, readAfter: 0, slowestRecoveryMs: 0 };
  const [port = 0] = rig.pcscd.slots;
  for (let turn = 0; turn < total; turn += 1) {
    await insert(rig, port, turn);
    await rig.pcscd.stop(turn % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
    if ('code' in await tryToRead(rig, port)) figures['refusedWhileDown']! += 1;
    await rig.pcscd.start();
    figures['restarts']! += 1;
    await rig.box.insert(port, contentOf(rig, turn));
    const started = Date.now();
    if (await readsWithin(rig, port, contentOf(rig, turn), 15_000)) figures['readAfter']! += 1;
    figures['slowestRecoveryMs'] = Math.max(figures['slowestRecoveryMs']!, Date.now() - started);
    await remove(rig, port);
  }
  return figures;
}

/** A card that says nothing for a while, asked again and again; then another card. */
export async function silence(rig: Rig, silentMs: number): Promise<Figures> {
  const figures: Counted = { asked: 0, cardSilent: 0, wrong: 0, slowestAnswerMs: 0, readAfter: 0 };
  const [port = 0] = rig.pcscd.slots;
  await insert(rig, port, 0, { atCommand: 2, event: 'silence' });
  const end = Date.now() + silentMs;
  while (Date.now() < end) {
    const asked = Date.now();
    const tried = await tryToRead(rig, port);
    figures['asked']! += 1;
    if ('reading' in tried) figures['wrong']! += 1;
    else if (tried.code === 'card-silent') figures['cardSilent']! += 1;
    figures['slowestAnswerMs'] = Math.max(figures['slowestAnswerMs']!, Date.now() - asked);
  }
  await rig.box.insert(port, contentOf(rig, 1));
  const started = Date.now();
  if (await readsWithin(rig, port, contentOf(rig, 1), 15_000)) figures['readAfter']! += 1;
  figures['recoveryMs'] = Date.now() - started;
  await remove(rig, port);
  return figures;
}

async function readsWithin(
  rig: Rig, port: number, content: ReturnType<typeof contentOf>, ms: number,
): Promise<boolean> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (isOf(await tryToRead(rig, port), content)) return true;
    await pause(100);
  }
  return false;
}
