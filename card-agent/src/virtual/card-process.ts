// Virtual cards in a process of their own, as a real card is: it answers (or does not) whatever the agent is
// busy with. One request after the other, over IPC.
import type { CardProgram } from '../card/in-memory-reader.js';
import type { VirtualCardContent } from './card-content.js';
import { programOf } from './card-content.js';
import { VirtualCard } from './virtual-card.js';

/** What goes wrong, at which command since the insertion (1 is SELECT, 2 the first reading). */
export interface Mishap {
  readonly atCommand: number;
  readonly event: 'silence' | 'pull' | 'swap';
  readonly swapTo?: VirtualCardContent;
}

export type CardRequest = { readonly id: number; readonly port: number } & (
  | { readonly do: 'insert'; readonly content: VirtualCardContent; readonly mishap?: Mishap }
  | { readonly do: 'remove' }
);

const cards = new Map<number, VirtualCard>();

async function obey(request: CardRequest): Promise<void> {
  await cards.get(request.port)?.remove();
  cards.delete(request.port);
  if (request.do === 'insert') await insert(request.port, request.content, request.mishap);
}

async function insert(port: number, content: VirtualCardContent, mishap?: Mishap): Promise<void> {
  const program = programOf(content);
  const card = new VirtualCard(mishap ? withMishap(program, mishap, port) : program);
  await card.insert(port);
  cards.set(port, card);
}

function withMishap(program: CardProgram, mishap: Mishap, port: number): CardProgram {
  let commands = 0;
  return {
    reset: () => program.reset(),
    answer: async (command) => {
      commands += 1;
      if (commands < mishap.atCommand) return program.answer(command);
      if (mishap.event !== 'silence') await cards.get(port)?.remove();
      if (mishap.event === 'swap' && mishap.swapTo) await insert(port, mishap.swapTo);
      return await new Promise<never>(() => undefined);
    },
  };
}

process.on('message', (request: CardRequest) => {
  void obey(request).then(() => process.send?.({ id: request.id }),
    (error: unknown) => process.send?.({ id: request.id, error: String(error) }));
});
process.on('disconnect', () => process.exit(0));
