import { readFileSync } from 'node:fs';
import { AgentError } from '../agent-error.js';
import type { NhiCardReading } from '../nhi/read-nhi-card.js';
import { readNhiCardIn } from '../nhi/read-nhi-card.js';
import type { PcscReader } from '../pcsc/pcsc-reader.js';
import type { CardBox } from './card-box.js';
import type { VirtualCardContent, VirtualNhiCard } from './card-content.js';
import type { Mishap } from './card-process.js';
import type { PrivatePcscd } from './private-pcscd.js';

/** The whole stack, and the hand that misuses it. */
export interface Rig {
  readonly pcscd: PrivatePcscd;
  readonly box: CardBox;
  readonly reader: PcscReader;
  readonly people: readonly { readonly payload: Uint8Array }[];
}

export const readerAt = ({ pcscd }: Rig, port: number): string =>
  `Virtual reader 00 0${pcscd.slots.indexOf(port)}`;

export function contentOf({ people }: Rig, turn: number): VirtualNhiCard {
  const person = people[turn % people.length];
  if (!person) throw new Error('no people');
  const generation = turn % 2 === 0 ? 'selects' : 'direct';
  return { payload: Buffer.from(person.payload).toString('base64'), generation };
}

/** A card, or the next person's 健保卡. */
export async function insert(
  rig: Rig, port: number, card: number | VirtualCardContent, mishap?: Mishap,
): Promise<void> {
  await rig.box.insert(port, typeof card === 'number' ? contentOf(rig, card) : card, mishap);
  await until(rig, port, 'present');
}

export async function remove(rig: Rig, port: number): Promise<void> {
  await rig.box.remove(port);
  await until(rig, port, 'absent');
}

/** pcscd looks every 0.4 s; more than this and it has lost the card. */
async function until(rig: Rig, port: number, wanted: 'present' | 'absent'): Promise<void> {
  const end = Date.now() + 15_000;
  for (;;) {
    const statuses = await rig.reader.statuses();
    if (statuses.find(({ name }) => name === readerAt(rig, port))?.card === wanted) return;
    if (Date.now() > end) throw new Error(`${readerAt(rig, port)} is not ${wanted} after 15 s`);
    await pause(25);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => {
  setTimeout(resolve, ms);
});

export type Tried = { readonly reading: NhiCardReading } | { readonly code: string };

export async function tryToRead(rig: Rig, port: number): Promise<Tried> {
  try {
    return { reading: await readNhiCardIn(rig.reader, readerAt(rig, port)) };
  } catch (error) {
    if (error instanceof AgentError) return { code: error.code };
    throw error;
  }
}

export const isOf = (tried: Tried, content: VirtualNhiCard): boolean =>
  'reading' in tried && Buffer.from(tried.reading.payload).toString('base64') === content.payload;

/** Resident memory of a process, in KB. */
export function residentKb(processId: number | null): number {
  if (processId === null) return 0;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1] ?? 0);
}

/** On all readers at once: the time goes by in waiting for pcscd to look. */
export async function onEveryReader(
  { pcscd }: Rig, count: number, work: (port: number, turn: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(pcscd.slots.map(async (port) => {
    while (next < count) await work(port, next++);
  }));
}
