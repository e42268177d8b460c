// What must be there before the agent can be built, run or tested. Plain Node without packages. `built` also
// says where the reader stack is missing something, so that a test that cannot run says why.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

export const agentRoot = resolve(import.meta.dirname, '..');
const at = (...parts) => join(agentRoot, ...parts);
const say = (line) => console.log(`▸ ${line}`);

function run(command, args, options = {}) {
  const usual = { cwd: agentRoot, stdio: ['ignore', 'ignore', 'inherit'] };
  return spawnSync(command, args, { ...usual, ...options }).status === 0;
}

/** By content: the compiler runs only when a source is another than the one compiled. */
export function ensureAgentBuilt() {
  const digest = createHash('sha256');
  const sources = readdirSync(at('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  for (const file of [...sources, at('tsconfig.json')]) digest.update(file).update(readFileSync(file));
  const wanted = digest.digest('hex');
  const mark = at('dist', '.built-from');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  say('建置讀卡元件。 Building the card agent.');
  // In the repository the compiler is the repository's; in a checkout of this folder alone it is its own.
  const compiler = createRequire(at('package.json')).resolve('typescript/bin/tsc');
  if (!run(process.execPath, [compiler, '-p', at('tsconfig.json')], { stdio: 'inherit' })) process.exit(1);
  writeFileSync(mark, wanted);
}

const isRoot = () => process.getuid?.() === 0;
const hasDaemon = () => ['/usr/sbin/pcscd', '/usr/lib/pcsc/drivers/serial/libifdvpcd.so',
  '/usr/bin/softhsm2-util', '/usr/bin/opensc-tool'].every((file) => existsSync(file));
const canCompile = () => existsSync('/usr/include/PCSC/winscard.h')
  && ['make', 'g++', 'python3'].every((tool) => run('sh', ['-c', `command -v ${tool}`]));
const hasBinding = () => ['pcsclite/build/Release/pcsclite.node', 'pkcs11js/build/Release/pkcs11.node']
  .every((file) => existsSync(at('node_modules', file)));

/** What is missing for tests with a real pcscd, after installing what can be installed here. */
export function ensureReaderStack() {
  if (process.platform !== 'linux') return ['Linux'];
  if (!hasDaemon() || !hasBinding() && !canCompile()) installPackages();
  if (!hasBinding() && canCompile()) installBinding();
  return [
    ...hasDaemon() ? [] : ['pcscd, vsmartcard-vpcd, softhsm2, opensc'],
    ...hasBinding() ? [] : ['pcsclite, pkcs11js (libpcsclite-dev, build-essential, python3)'],
  ];
}

/** What tests of the pages need: a Chromium of this machine; none is downloaded by any package of ours. */
export function ensureBrowser() {
  if (findBrowser()) return [];
  install('安裝 Chromium。 Installing Chromium.', ['chromium']);
  return findBrowser() ? [] : ['chromium'];
}

/** Where systems put it; CHROMIUM says where else. */
export const findBrowser = () => [
  process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((file) => file !== '' && existsSync(file));

const installPackages = () => install('安裝讀卡機服務與虛擬讀卡機。 Installing pcscd and the virtual reader.', [
  'pcscd', 'vsmartcard-vpcd', 'softhsm2', 'opensc', 'opensc-pkcs11', 'libpcsclite-dev', 'build-essential',
  'python3',
]);

function install(what, names) {
  if (!isRoot() || !run('sh', ['-c', 'command -v apt-get'])) return;
  say(what);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  const words = ['install', '-y', '--no-install-recommends', ...wait, ...names];
  const attempt = () => run('apt-get', words, { env });
  if (!attempt() && run('apt-get', ['update', ...wait], { env })) attempt();
}

/** The only package needed here; the rest is the repository's. Its native part is built on the spot. */
function installBinding() {
  say('安裝讀卡機連接元件。 Installing the reader binding.');
  const args = ['ci', '--omit=dev', '--no-audit', '--no-fund', '--foreground-scripts=false'];
  const npm = process.env.npm_execpath;
  if (npm) run(process.execPath, [npm, ...args]);
  else run('npm', args);
}

export function sayWhatIsMissing(missing) {
  if (missing.length === 0) return;
  console.error([
    '!! 未執行：用虛擬卡片（pcscd、PKCS#11）或瀏覽器的測試。 NOT RUN: tests of cards or in a browser.',
    `!! 缺少： missing: ${missing.join('; ')}。`,
    '!! 以 root 執行即自動安裝。 As root they are installed.',
  ].join('\n'));
}
