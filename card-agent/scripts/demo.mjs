// node demo.mjs --file=… --home=… [--memory]: the card part of the service's demo. Says what it does line by
// line; the one line of JSON is where the agent serves, and over which reader.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { agentRoot, ensureAgentBuilt, ensureReaderStack } from './prepare.mjs';

const text = { type: 'string' };
const { values: { file, home, memory } } =
  parseArgs({ options: { file: text, home: text, memory: { type: 'boolean', default: false } } });
ensureAgentBuilt();
const missing = memory ? [] : ensureReaderStack();
if (missing.length > 0) console.log(`▸ 沒有虛擬讀卡機，缺少： no virtual reader, missing: ${missing.join('; ')}`);
const { hostDemo } = await import(join(agentRoot, 'dist', 'virtual', 'demo-host.js'));
await hostDemo({ file, home, withReader: !memory && missing.length === 0 });
