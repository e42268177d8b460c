import { contentIn, programOf } from '../virtual/card-content.js';
import type { Card, CardReader, ReaderStatus } from './card-reader.js';
import { InMemoryReader } from './in-memory-reader.js';

/**
 * A reader that is a file: `{"inserted": {…}}` is a card in it, `{"inserted": null}` none. Whoever shows the
 * demo changes cards by writing the file. It calls itself `memory` to every caller; no site may take it for a
 * reader.
 */
export class DemoReader implements CardReader {
  readonly kind = 'memory';
  private readonly reader = new InMemoryReader(['示範讀卡機 Demo reader']);
  private content = 'null';

  constructor(private readonly file: string) {}

  async statuses(): Promise<ReaderStatus[]> {
    this.follow();
    return await this.reader.statuses();
  }

  async withCard<T>(reader: string, use: (card: Card) => Promise<T>): Promise<T> {
    this.follow();
    return await this.reader.withCard(reader, ({ transmit }) => use({
      transmit: async (command) => {
        this.follow();
        return await transmit(command);
      },
    }));
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  /** The same card for as long as the file says the same. */
  private follow(): void {
    const card = contentIn(this.file);
    const content = JSON.stringify(card);
    if (content === this.content) return;
    this.content = content;
    this.reader.remove();
    if (card) this.reader.insert(programOf(card));
  }
}
