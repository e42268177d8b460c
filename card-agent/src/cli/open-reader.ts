import type { CardReader } from '../card/card-reader.js';
import { DemoReader } from '../card/demo-reader.js';
import { PcscReader } from '../pcsc/pcsc-reader.js';
import type { Settings } from '../settings.js';

export const openReader = ({ demoCards }: Settings): CardReader =>
  demoCards === null ? new PcscReader() : new DemoReader(demoCards);
