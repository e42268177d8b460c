import { appendingContract } from './appending.contract.js';
import { readingContract } from './reading.contract.js';
import type { Capabilities, OpenStore } from './sample-appends.js';
import { subscribingContract } from './subscribing.contract.js';

/** What every store behind the port promises; each adapter's spec calls this with a way to open itself. */
export function eventStoreContract(name: string, open: OpenStore, capabilities: Capabilities): void {
  describe(`${name}: appending`, () => appendingContract(open));
  describe(`${name}: reading`, () => readingContract(open, capabilities));
  describe(`${name}: subscribing`, () => subscribingContract(open));
}
