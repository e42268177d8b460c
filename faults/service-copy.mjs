// The service, compiled from its sources into a folder of its own: a build that goes on meanwhile in dist/
// cannot change what is being tested, and a seeded bug never comes near the product.
import { cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from '@swc/core';

const project = resolve(import.meta.dirname, '..');

/** `edits`: file below src/ → [what stands there, what is to stand there instead][]. */
export async function copyService(directory, edits = {}) {
  const options = JSON.parse(await readFile(join(project, '.swcrc'), 'utf8'));
  const sources = join(project, 'src');
  const files = await readdir(sources, { recursive: true });
  const unmet = new Set(Object.keys(edits));
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const text = edited(await readFile(join(sources, file), 'utf8'), file, edits[file] ?? []);
    unmet.delete(file);
    const { code } = await transform(text, { ...options, swcrc: false, filename: file, sourceMaps: false });
    const target = join(directory, 'dist', file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
  if (unmet.size > 0) throw new Error(`seeded bugs for files that are gone: ${[...unmet].join(', ')}`);
  await cp(join(project, 'package.json'), join(directory, 'package.json'));
  for (const shared of ['node_modules', 'data', 'docs']) {
    await symlink(join(project, shared), join(directory, shared));
  }
  return new ServiceCopy(directory);
}

/** A bug that cannot be planted any more would let a control pass for the wrong reason: it stops the run. */
function edited(source, file, edits) {
  return edits.reduce((text, [from, to]) => {
    const found = text.split(from).length - 1;
    if (found !== 1) throw new Error(`${file} holds ${found} times what a seeded bug replaces: ${from}`);
    return text.replace(from, () => to);
  }, source);
}

export class ServiceCopy {
  constructor(directory) {
    this.directory = directory;
    this.main = join(directory, 'dist', 'main.js');
  }

  command(name) {
    return join(this.directory, 'dist', 'commands', `${name}.js`);
  }

  /** A module of the copy, by its path below src/. */
  load(file) {
    return import(pathToFileURL(join(this.directory, 'dist', file)).href);
  }
}
