// npm run check: all that CI runs (npm test), and before it what a release needs besides: a build that works,
// an API description that is the committed one, and no secret among the committed files.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root, say } from './prepare.mjs';

const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;

/** Shapes that only a credential has. Split, so that this file is not a find of its own. */
const secrets = new RegExp([
  '-----BEGIN [A-Z ]*PRIVATE' + ' KEY-----', 'AKIA' + '[0-9A-Z]{16}', 'gh[pousr]' + '_[A-Za-z0-9]{36}',
  'github' + '_pat_[A-Za-z0-9_]{60}', 'xox[abprs]' + '-[A-Za-z0-9-]{20}', 'npm' + '_[A-Za-z0-9]{36}',
  'sk' + '-(?:ant|proj|live)-[A-Za-z0-9_-]{20}', 'AIza' + '[0-9A-Za-z_-]{35}',
].join('|'));

function noSecrets() {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) return true;
  const finds = stdout.split('\0').filter(Boolean).filter((file) => {
    try {
      return secrets.test(readFileSync(join(root, file), 'latin1'));
    } catch {
      return false;
    }
  });
  for (const file of finds) console.error(`疑似機密： looks like a secret: ${file}`);
  return finds.length === 0;
}

requireNode();
ensureInstalled();
ensureBuilt();
const steps = [
  ['secrets', noSecrets],
  ['openapi', () => node('scripts/run.mjs', 'openapi', '--check')],
  ['npm test', () => node('scripts/test.mjs')],
];
const failed = steps.filter(([name, succeeds]) => {
  say(name);
  return !succeeds();
}).map(([name]) => name);
if (failed.length > 0) console.error(`未通過： failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
