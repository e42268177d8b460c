// Cruises the project, and every folder of planted/ as if it were the project. On stdout what was found
// where, as `rule: from -> to`, and the names of all rules. dependency-cruiser is an ES module, which jest's
// CommonJS sandbox cannot load.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';

const planted = join(import.meta.dirname, 'planted');
const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');

const { enhancedResolveOptions } = options;

/** Wherever node_modules lies, seen from here. */
const fromPackages = (path) => path.replace(/^.*node_modules\//, 'node_modules/');

async function violations(baseDir, folders) {
  const settings = { ...options, ruleSet: { forbidden }, validate: true, baseDir };
  const { output } = await cruise(folders, settings, enhancedResolveOptions);
  const { violations: found } = output.summary;
  const told = found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${fromPackages(to)}`);
  return { files: output.modules.map(({ source }) => source), found: told };
}

const answer = { rules: forbidden.map(({ name }) => name), planted: {} };
for (const folder of readdirSync(planted)) {
  const baseDir = join(planted, folder);
  answer.planted[folder] = (await violations(baseDir, readdirSync(baseDir))).found;
}
answer.project = await violations(join(import.meta.dirname, '..', '..'), ['src', 'card-agent/src']);
process.stdout.write(JSON.stringify(answer));
