import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { CardProgram } from '../card/in-memory-reader.js';

/** A chip of the kind 健保卡 have; shared with other cards, as theirs are. */
export const usualAtr = Buffer.from('3BFD1800008131FE45534C4A35324778787979797A52AA', 'hex');

/**
 * A card in a reader of vsmartcard's `vpcd`: pcscd's driver listens, the card connects. Each message has its
 * length (two bytes, big end first) before it; one byte alone is the reader's own: power off (0), on (1),
 * reset (2), ATR wanted (4).
 */
export class VirtualCard {
  private socket: Socket | null = null;
  private received = Buffer.alloc(0);

  constructor(private readonly program: CardProgram, private readonly atr: Uint8Array = usualAtr) {}

  insert(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      this.socket = socket;
      socket.once('connect', resolve);
      // The reader may go at any time; after the insertion that is no failure of the card.
      socket.on('error', reject);
      socket.on('data', (chunk) => this.receive(chunk));
    });
  }

  remove(): Promise<void> {
    const { socket } = this;
    this.socket = null;
    if (!socket || socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    while (this.received.length >= 2) {
      const end = 2 + this.received.readUInt16BE(0);
      if (this.received.length < end) return;
      const message = this.received.subarray(2, end);
      this.received = this.received.subarray(end);
      this.react(message);
    }
  }

  private react(message: Buffer): void {
    const [control] = message;
    if (message.length > 1) void this.answer(message);
    else if (control === 4) this.send(this.atr);
    else this.program.reset();
  }

  private async answer(command: Buffer): Promise<void> {
    this.send(await this.program.answer(command));
  }

  private send(answer: Uint8Array): void {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(answer.length);
    this.socket?.write(Buffer.concat([length, answer]));
  }
}
