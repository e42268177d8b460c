import { AgentError } from '../agent-error.js';
import type { Card, CardReader, ReaderStatus } from './card-reader.js';

/** A card by what it answers. `reset` is what losing power does to it. */
export interface CardProgram {
  reset(): void;
  answer(command: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * Readers without hardware: for the demo, and for the rules in the tests. It keeps PC/SC's one promise that
 * matters: a connection is to the card that was there when it was made, and no other.
 */
export class InMemoryReader implements CardReader {
  readonly kind = 'memory';
  private readonly slots: Map<string, { card: CardProgram | null; insertions: number }>;

  constructor(names: readonly string[] = ['In-memory reader']) {
    this.slots = new Map(names.map((name) => [name, { card: null, insertions: 0 }]));
  }

  insert(card: CardProgram, reader = this.firstName()): void {
    const slot = this.slotOf(reader);
    card.reset();
    this.slots.set(reader, { card, insertions: slot.insertions + 1 });
  }

  remove(reader = this.firstName()): void {
    this.slots.set(reader, { ...this.slotOf(reader), card: null });
  }

  statuses(): Promise<ReaderStatus[]> {
    return Promise.resolve([...this.slots].map(([name, { card }]) =>
      ({ name, card: card ? 'present' : 'absent' })));
  }

  async withCard<T>(reader: string, use: (card: Card) => Promise<T>): Promise<T> {
    const { card, insertions } = this.slotOf(reader);
    if (!card) throw new AgentError('card-missing');
    const requireSame = () => {
      const now = this.slotOf(reader);
      if (now.card !== card || now.insertions !== insertions) throw new AgentError('card-removed');
    };
    return await use({
      transmit: async (command) => {
        requireSame();
        const answer = await card.answer(command);
        requireSame();
        return answer;
      },
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private firstName(): string {
    return [...this.slots.keys()][0] ?? '';
  }

  private slotOf(reader: string) {
    const slot = this.slots.get(reader);
    if (!slot) throw new AgentError('reader-missing');
    return slot;
  }
}
