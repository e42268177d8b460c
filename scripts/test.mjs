// npm test: from a fresh clone to one line, `N passed, N failed`. Types, lint and boundaries first: they fail
// fastest.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureAgentBuilt, ensureBrowser, ensureReaderStack, sayWhatIsMissing,
} from '../card-agent/scripts/prepare.mjs';
import { ensureInstalled, requireNode, root, say } from './prepare.mjs';

const module = (file) => [process.execPath, join(root, 'node_modules', file)];
/** Two lines of work for two cores: lint takes as long as the rest together. */
const checks = [
  [['lint', [...module('eslint/bin/eslint.js'), '.']]],
  [
    ['types', [...module('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.test.json']],
    ['types of the card agent', [
      ...module('typescript/bin/tsc'), '--noEmit', '-p', join('card-agent', 'tsconfig.test.json'),
    ]],
    ['boundaries', [
      ...module('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src',
    ]],
  ],
];

const succeeds = ([command, ...args]) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

/** Whether it passed. What it had to say comes when it has ended: side by side their lines would mix. */
function passes([name, [command, ...args]]) {
  return new Promise((resolve) => {
    const said = [];
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece));
    child.on('error', ({ message }) => said.push(Buffer.from(message)));
    child.on('close', (status) => {
      say(name);
      process.stderr.write(Buffer.concat(said));
      resolve(status === 0);
    });
  });
}

async function failing(checksInTurn) {
  const failed = [];
  for (const check of checksInTurn) if (!await passes(check)) failed.push(check[0]);
  return failed;
}

/**
 * Counted by jest itself. A suite that could not even be loaded has no tests to count, and failed all the
 * same.
 */
function runTests(patterns) {
  const directory = mkdtempSync(join(tmpdir(), 'treasury-test-results-'));
  const file = join(directory, 'results.json');
  try {
    const passed = succeeds([...module('jest/bin/jest.js'), '--json', `--outputFile=${file}`, ...patterns]);
    const results = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      complete: passed && results.success && !results.wasInterrupted,
    };
  } catch (error) {
    console.error(`jest 沒有留下結果： jest left no results: ${error.message}`);
    return { passed: 0, failed: 0, skipped: 0, complete: false };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

requireNode();
ensureInstalled();
ensureAgentBuilt();
const missing = [...ensureReaderStack(), ...ensureBrowser()];
const failedChecks = (await Promise.all(checks.map(failing))).flat();
say('tests');
const { passed, failed, skipped, complete } = runTests(process.argv.slice(2));
sayWhatIsMissing(missing);
if (failedChecks.length > 0) console.error(`未通過的檢查： checks that failed: ${failedChecks.join(', ')}`);
process.exitCode = complete && failed === 0 && failedChecks.length === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
