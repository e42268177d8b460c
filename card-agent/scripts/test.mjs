// npm test: the agent's tests by themselves, to one line, `N passed, N failed`. They need the repository's
// tools (jest, swc) and nothing of its services.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, requireNode } from '../../scripts/prepare.mjs';
import {
  agentRoot, ensureAgentBuilt, ensureBrowser, ensureReaderStack, sayWhatIsMissing,
} from './prepare.mjs';

requireNode();
ensureInstalled();
ensureAgentBuilt();
const missing = [...ensureReaderStack(), ...ensureBrowser()];
const folder = mkdtempSync(join(tmpdir(), 'card-agent-results-'));
const file = join(folder, 'results.json');
const jest = createRequire(join(agentRoot, 'package.json')).resolve('jest/bin/jest');
const args = [jest, '--json', `--outputFile=${file}`, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: agentRoot, stdio: 'inherit' });
const results = JSON.parse(readFileSync(file, 'utf8'));
rmSync(folder, { recursive: true, force: true });
sayWhatIsMissing(missing);
const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
const skipped = results.numPendingTests;
console.log(`${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = status === 0 && failed === 0 ? 0 : 1;
