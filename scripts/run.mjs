// node scripts/run.mjs <command> …: builds what is missing and runs dist/commands/<command>.js in this
// process.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

const [command, ...rest] = process.argv.slice(2);
requireNode();
ensureInstalled();
ensureBuilt();
const file = join(root, 'dist', 'commands', `${command}.js`);
if (!/^[a-z-]+$/.test(command ?? '') || !existsSync(file)) {
  console.error(`沒有這個命令： no such command: ${command ?? ''}`);
  process.exit(2);
}
process.setSourceMapsEnabled(true);
process.env.INIT_CWD ??= process.cwd();
process.chdir(root);
process.argv.splice(1, process.argv.length, file, ...rest);
await import(pathToFileURL(file).href);
