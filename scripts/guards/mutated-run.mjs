// Runs specs in this process, with one source changed as it is loaded: nothing is written, no file is
// transpiled twice, and libraries stay loaded. Asked by messages { change, runs }, answered with what the
// tests made of it.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { expect } from 'expect';
import * as circus from 'jest-circus';
import { swc } from '../../test/support/swc.mjs';

const root = process.cwd();
const load = createRequire(import.meta.url);
const secondsOfATest = 30;
const options = { ...swc, module: { type: 'commonjs' } };

/** As first read: an edit while this runs changes nothing. */
const sources = new Map();
const transpiled = new Map();
let changed = null;

function sourceOf(file) {
  if (!sources.has(file)) sources.set(file, readFileSync(file, 'utf8'));
  return sources.get(file);
}

function codeOf(file) {
  if (changed?.file === file) return transformSync(changed.text, { ...options, filename: file }).code;
  if (!transpiled.has(file)) {
    transpiled.set(file, transformSync(sourceOf(file), { ...options, filename: file }).code);
  }
  return transpiled.get(file);
}

Module._extensions['.ts'] = (module, file) => module._compile(codeOf(file), file);
const resolve = Module._resolveFilename;
// Sources import `./x.js` as Node's ES modules demand; on disk it is `./x.ts`.
Module._resolveFilename = function resolved(request, parent, ...rest) {
  const ours = parent?.filename?.endsWith('.ts') && request.startsWith('.') && request.endsWith('.js');
  return resolve.call(this, ours ? request.replace(/\.js$/, '.ts') : request, parent, ...rest);
};

const { describe, it, test, beforeAll, afterAll, beforeEach, afterEach } = circus;
Object.assign(globalThis, { expect, describe, it, test, beforeAll, afterAll, beforeEach, afterEach });

/** The first failure, and nothing more is asked: one is enough. */
let failure = null;
let asked = 0;
circus.addEventHandler((event, state) => {
  if (event.name === 'test_fn_start') asked++;
  if (event.name === 'test_fn_failure') {
    note(isLate(event.error) ? 'late' : 'noticed', event.error, event.test.name);
  }
  if (event.name === 'hook_failure') note('broken', event.error, event.hook.type);
  if (failure) state.testNamePattern = /(?!)/;
});

/** A machine that is busy with something else is no proof. */
const isLate = (error) => /Exceeded timeout/.test(String(error?.message ?? error));

function note(kind, error, where) {
  failure ??= { kind, where, why: String(error?.message ?? error).split('\n')[0] };
}

/** One spec, only the tests with such a name. A source that cannot be loaded has shown nothing. */
async function run({ spec, titles }) {
  circus.resetState();
  for (const file of Object.keys(load.cache)) if (file.endsWith('.ts')) delete load.cache[file];
  const state = circus.getState();
  state.testTimeout = secondsOfATest * 1_000;
  state.testNamePattern = titles ? new RegExp(titles) : null;
  try {
    load(join(root, spec));
  } catch (error) {
    note('broken', error, spec);
    return;
  }
  await circus.run();
}

process.on('message', (order) => { void answer(order); });

async function answer({ change, runs }) {
  [failure, asked] = [null, 0];
  changed = change && { file: join(root, change.file), text: change.text };
  for (const one of runs) if (!failure) await run(one);
  process.send({ ...(failure ?? { kind: asked > 0 ? 'unnoticed' : 'unasked' }), asked });
}
