// What must be there before anything of ours can run: Node, the installed packages, the built service. Plain
// Node without packages, because on a fresh clone there are none.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');
export const say = (line) => console.log(`▸ ${line}`);

const at = (...parts) => join(root, ...parts);
const readJson = (file) => JSON.parse(readFileSync(at(file), 'utf8'));

/** A newer syntax would fail with a riddle instead of this sentence. */
export function requireNode() {
  const wanted = /\d+\.\d+\.\d+/.exec(readJson('package.json').engines.node)[0];
  const number = (version) => version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  if (number(process.versions.node) >= number(wanted)) return;
  console.error(`需要 Node.js ${wanted} 以上，目前是 ${process.versions.node}。 `
    + `Node.js ${wanted} or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

/** `npm ci` when what is installed is not what package-lock.json says. */
export function ensureInstalled() {
  if (isInstalled()) return;
  exclusively(() => {
    if (isInstalled()) return;
    say('安裝套件（npm ci）。 Installing packages (npm ci).');
    // Building needs the development packages, whatever NODE_ENV says.
    runNpm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  });
}

/** Builds dist/ when it was built from other sources than the present ones. */
export function ensureBuilt() {
  if (isBuilt()) return;
  exclusively(() => {
    if (isBuilt()) return;
    say('建置服務。 Building the service.');
    const sources = sourcesDigest();
    const nest = at('node_modules/@nestjs/cli/bin/nest.js');
    run(process.execPath, [nest, 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(at('dist', builtFrom), sources);
  });
}

function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status === 0) return;
  console.error(`失敗： failed: ${[command, ...args].join(' ')} (${signal ?? status})`);
  process.exit(status ?? 1);
}

function runNpm(args) {
  const npm = process.env.npm_execpath;
  if (npm) run(process.execPath, [npm, ...args]);
  else run('npm', args, { shell: process.platform === 'win32' });
}

/**
 * npm keeps beside the packages what it installed; packages for other platforms are optional and may be
 * missing.
 */
function isInstalled() {
  if (!existsSync(at('node_modules/.package-lock.json'))) return false;
  const { packages: wanted } = readJson('package-lock.json');
  const { packages: installed } = readJson('node_modules/.package-lock.json');
  delete wanted[''];
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) =>
    installed[path] ? installed[path].version === version : Boolean(optional || devOptional));
}

const builtFrom = '.built-from';
const isBuilt = () => existsSync(at('dist', builtFrom))
  && readFileSync(at('dist', builtFrom), 'utf8') === sourcesDigest();

/** By content, not by time: a checkout of another revision changes times at will. */
function sourcesDigest() {
  const digest = createHash('sha256');
  const sources = readdirSync(at('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  const settings = ['package-lock.json', 'nest-cli.json', '.swcrc', 'tsconfig.json'].map((file) => at(file));
  for (const file of [...sources, ...settings]) {
    digest.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return digest.digest('hex');
}

/**
 * Two commands started at once must not install or build over each other. The lock of a killed one is void.
 */
function exclusively(work) {
  mkdirSync(at('var'), { recursive: true });
  const lock = at('var', 'prepare.lock');
  for (let waited = false; !take(lock); waited = true) {
    if (!waited) say('等候另一個安裝或建置結束。 Waiting for another installation or build to end.');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  let isHeld = true;
  const release = () => {
    if (isHeld) rmSync(lock, { force: true });
    isHeld = false;
  };
  process.once('exit', release);
  work();
  release();
}

function take(lock) {
  try {
    const file = openSync(lock, 'wx');
    writeFileSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = holderOf(lock);
  if (holder && !isAlive(holder)) rmSync(lock, { force: true });
  return false;
}

/** 0 where nobody holds it any more: it was let go since, and the next attempt gets it. */
function holderOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
