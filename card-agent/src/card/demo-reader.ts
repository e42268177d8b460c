import { existsSync, readFileSync } from 'node:fs';
import { AgentError } from '../agent-error.js';
import type { NhiCardGeneration } from '../nhi/nhi-card-program.js';
import { nhiCardProgram } from '../nhi/nhi-card-program.js';
import type { Card, CardReader, ReaderStatus } from './card-reader.js';
import { InMemoryReader } from './in-memory-reader.js';

interface DemoCard {
  /** base64 of the 57 bytes of a made-up person. */
  readonly payload: string;
  readonly generation: NhiCardGeneration;
  readonly status?: string;
}

/**
 * A reader that is a file: `{"inserted": {…}}` is a card in it, `{"inserted": null}` none. Whoever shows the
 * demo changes cards by writing the file. It calls itself `memory` to every caller; no site may take it for a
 * reader.
 */
export class DemoReader implements CardReader {
  readonly kind = 'memory';
  private readonly reader = new InMemoryReader(['示範讀卡機 Demo reader']);
  private content = '';

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

  private follow(): void {
    const content = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '{"inserted":null}';
    if (content === this.content) return;
    this.content = content;
    this.reader.remove();
    const card = cardIn(content);
    if (card) {
      const { payload, generation, status } = card;
      const bytes = Buffer.from(payload, 'base64');
      this.reader.insert(nhiCardProgram({ payload: bytes, ...(status ? { status } : {}) }, generation));
    }
  }
}

function cardIn(content: string): DemoCard | null {
  try {
    return (JSON.parse(content) as { inserted: DemoCard | null }).inserted;
  } catch (error) {
    throw new AgentError('reader-failed', { cause: error });
  }
}
