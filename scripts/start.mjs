// npm start: installs and builds what is missing, then serves from this very process. One process less to
// forward signals to, and one less that may be killed while the others live on. With a role (`npm run
// start:api`, `start:projector`, `start:worker`) it does that part only, beside any number of others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, requireNode, root, say } from './prepare.mjs';

/** Where a process stands: `null` when it is gone, or where the system has no /proc. */
function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]);
  } catch {
    return null;
  }
}

function isShellOfNpm(pid) {
  try {
    return /^[^\0]*sh\0-c\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

/**
 * npm starts us through a shell. When npm is killed, or passes a SIGTERM on to that shell, nobody tells us:
 * we would serve on, unseen, and the next `npm start` would find the place taken.
 */
function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const npm = isShellOfNpm(parent) ? parentOf(parent) : null;
  const watch = setInterval(() => {
    if (process.ppid === parent && (npm === null || parentOf(parent) === npm)) return;
    clearInterval(watch);
    say('npm 已結束，隨之停止。 npm has ended: stopping too.');
    process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => clearInterval(watch));
}

const [role] = process.argv.slice(2);
if (role !== undefined) process.env.ROLES = role;
else {
  // One that is whole shows everything; parts of many do not each bring a card reader along.
  process.env.DEMO_CARD_READER ||= 'auto';
  // With a database of its own a person tries it out, and reads what it says: the log would stand in between.
  if (!process.env.DATABASE_URL) process.env.LOG_LEVEL ||= 'warn';
}
requireNode();
ensureInstalled();
ensureBuilt();
process.chdir(root);
process.setSourceMapsEnabled(true);
stopWithNpm();
// The terminal was closed: that is a Ctrl-C as well.
process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
await import(pathToFileURL(join(root, 'dist', 'main.js')).href);
