/** A reader as anyone may see it: its name and whether a card is in it. Nothing of the card itself. */
export interface ReaderStatus {
  readonly name: string;
  readonly card: 'absent' | 'present';
}

/** A card for the length of one connection. */
export interface Card {
  /** The whole answer: data, then two bytes of status. */
  transmit(command: Uint8Array): Promise<Uint8Array>;
}

/**
 * Where cards come from. Every `withCard` is a connection of its own: what one operation learnt of a card is
 * never taken for true in the next one, because the card may be another by then. It fails with an AgentError.
 */
export interface CardReader {
  readonly kind: 'pcsc' | 'memory';
  statuses(): Promise<ReaderStatus[]>;
  withCard<T>(reader: string, use: (card: Card) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
