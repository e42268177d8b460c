import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CardBox } from './card-box.js';
import type { VirtualCardContent } from './card-content.js';
import { contentIn } from './card-content.js';
import { openScSettings } from './opensc.js';
import { PrivatePcscd } from './private-pcscd.js';

/** Between two looks at the file: a person waits for pcscd, which looks every 0.4 s, anyway. */
const lookMs = 150;

/** A pcscd with a virtual reader, and the hand that keeps that card in it which a file says. */
export class DemoHand {
  private inserted = 'null';
  private readonly timer: NodeJS.Timeout;
  private busy = false;

  private constructor(
    private readonly pcscd: PrivatePcscd, private readonly box: CardBox, private readonly file: string,
  ) {
    this.timer = setInterval(() => void this.look(), lookMs);
  }

  /** From here on this process and its children find that pcscd, and no other. */
  static async open(driver: string, file: string, home: string): Promise<DemoHand> {
    const pcscd = new PrivatePcscd(driver, await freePair());
    await pcscd.start();
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'opensc.conf'), openScSettings);
    process.env['PCSCLITE_CSOCK_NAME'] = pcscd.socket;
    process.env['OPENSC_CONF'] = join(home, 'opensc.conf');
    const cards = fileURLToPath(new URL('./card-process.js', import.meta.url));
    return new DemoHand(pcscd, new CardBox(cards), file);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.box.close();
    await this.pcscd.close();
  }

  private async look(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const card = contentIn(this.file);
      const wanted = JSON.stringify(card);
      if (wanted !== this.inserted) await this.put(card);
      this.inserted = wanted;
    } catch {
      // Half written, or no card at all: the next look tells. The reader stays as it is.
    } finally {
      this.busy = false;
    }
  }

  private async put(card: VirtualCardContent | null): Promise<void> {
    const [slot = 0] = this.pcscd.slots;
    if (card) await this.box.insert(slot, card);
    else await this.box.remove(slot);
  }
}

/** Two ports in a row that nobody has, below those that the system hands out. */
async function freePair(): Promise<number> {
  const first = 22_000 + (process.pid % 4000) * 2;
  for (let port = first; port < first + 200; port += 2) {
    if (await isFree(port) && await isFree(port + 1)) return port;
  }
  throw new Error('no free ports for the virtual reader');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
