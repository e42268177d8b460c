// npm run bench: builds the product, installs the peers (for the benches only), and measures both in one run.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root, say } from './prepare.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
const directory = join(root, 'bench');
if (!existsSync(join(directory, 'node_modules', '@event-driven-io'))) {
  say('安裝評測對象（只供評測）。 Installing the peers of the benches.');
  const options = { cwd: directory, stdio: 'inherit' };
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], options);
  if (status !== 0) process.exit(status ?? 1);
}
/**
 * To collect what the measuring process itself leaves behind takes ten milliseconds, once in a hundred
 * questions: the 99th percentile of whichever side it hits. With more room it is once in four hundred.
 */
const room = '--max-semi-space-size=64';
const parameters = [room, join(directory, 'run.mjs'), ...process.argv.slice(2)];
const run = spawnSync(process.execPath, parameters, { stdio: 'inherit' });
process.exit(run.status ?? 1);
