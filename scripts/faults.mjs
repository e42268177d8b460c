// npm run faults: kills the service's processes and its database under load, and counts what got lost. The
// harness compiles the sources itself, into a folder of its own, so nothing needs to be built before.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, requireNode, root } from './prepare.mjs';

requireNode();
ensureInstalled();
const parameters = [join(root, 'faults', 'run.mjs'), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, parameters, { stdio: 'inherit' }).status ?? 1);
