import { createInterface } from 'node:readline';
import { serve } from '../cli/serve.js';
import type { Terminal } from '../cli/terminal.js';
import { isOriginOfThisMachine } from '../origin.js';
import { loadSettings } from '../settings.js';
import { DemoHand } from './demo-hand.js';
import { findOpenSc } from './opensc.js';
import { findVirtualDriver } from './private-pcscd.js';

export interface DemoOptions {
  /** Which card is in the reader: see contentIn. */
  readonly file: string;
  readonly home: string;
  /** Where a pcscd and OpenSC are; else the reader is the file itself. */
  readonly withReader: boolean;
}

/**
 * The card agent as anyone runs it, over made-up cards. Whoever started it writes the sites it may serve to
 * standard input, as one line of JSON, and closes it to end everything: it does not outlive its owner.
 */
export async function hostDemo({ file, home, withReader }: DemoOptions): Promise<void> {
  const input = createInterface({ input: process.stdin });
  const owner = new Promise<void>((resolve) => { input.once('close', resolve); });
  const origins = new Promise<string[]>((resolve) => {
    input.once('line', (line) => resolve(JSON.parse(line) as string[]));
  });
  void owner.then(() => process.kill(process.pid, 'SIGTERM'));
  const [driver, module] = [findVirtualDriver(), findOpenSc()];
  const hand = withReader && driver !== null && module !== null
    ? await DemoHand.open(driver, file, home) : null;
  const sites = await origins;
  // A made-up card must never sign anyone in anywhere but on the machine of whoever tries the demo.
  if (!sites.every(isOriginOfThisMachine)) throw new Error('the demo is for sites on this machine only');
  const cards = hand === null ? { 'demo-cards': file } : { 'certificate-module': module };
  try {
    await serve(loadSettings({ origin: sites, home, ...cards }, {}), terminal);
  } finally {
    await hand?.close();
  }
  process.exit(0);
}

const terminal: Terminal = {
  json: true,
  out: (text) => { process.stdout.write(`${text}\n`); },
  note: () => undefined,
};
