import 'reflect-metadata';
import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { commandTable } from '../../src/application/commands.js';
import { queryHandlers } from '../../src/projections/query-handlers.js';

// The names under which @nestjs/cqrs keeps what a handler handles; it exports no constant for them.
const handledCommand = '__commandHandler__';
const handledQuery = '__queryHandler__';

const sourceOf = (layer: string): string => {
  const root = join(__dirname, '..', '..', 'src', layer);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
};
const namesIn = (source: string, pattern: RegExp): string[] =>
  [...source.matchAll(pattern)].map(([, name]) => name ?? '').sort();

describe('the table of commands', () => {
  const source = sourceOf('application');

  it('lists every command there is', () => {
    const written = namesIn(source, /^export class (\w+) extends Command</gm);
    expect(written.length).toBeGreaterThan(0);
    expect(commandTable.map(({ command }) => command.name).sort()).toEqual(written);
  });

  it('lists every handler there is', () => {
    const written = namesIn(source, /^@CommandHandler\(\w+\)\s+export class (\w+)/gm);
    expect(commandTable.map(({ handler }) => handler.name).sort()).toEqual(written);
  });

  it.each(commandTable.map((row) => [row.command.name, row] as const))(
    'gives %s its own handler and at least one role', (_name, { command, handler, roles }) => {
      expect(Reflect.getMetadata(handledCommand, handler)).toBe(command);
      expect(roles.length).toBeGreaterThan(0);
    });
});

describe('the table of queries', () => {
  const source = sourceOf('projections');

  it('lists every handler there is', () => {
    const written = namesIn(source, /^@QueryHandler\(\w+\)\s+export class (\w+)/gm);
    expect(written.length).toBeGreaterThan(0);
    expect(queryHandlers.map(({ name }) => name).sort()).toEqual(written);
  });

  it('has an answer to every query', () => {
    const asked = namesIn(source, /^export class (\w+) extends Query</gm);
    const queryOf = (handler: object): string =>
      (Reflect.getMetadata(handledQuery, handler) as { name: string }).name;
    expect(queryHandlers.map(queryOf).sort()).toEqual(asked);
  });
});

describe('the files', () => {
  const root = join(__dirname, '..', '..');
  const files = ['src', 'test', 'scripts', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => !file.includes('node_modules')).map((file) => join(folder, file)));

  it('have names that say something', () => {
    const vague = /^(index\.[cm]?[jt]s|.*\b(utils?|helpers?|managers?|base)\b.*)$/i;
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => vague.test(file.split(sep).pop() ?? ''))).toEqual([]);
  });

  it('of one capability lie in folders of the same name in every layer', () => {
    const capabilities = readdirSync(join(root, 'src/domain'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'identifiers').map(({ name }) => name);
    expect(capabilities.length).toBeGreaterThan(0);
    const folders = readdirSync(join(root, 'src/application'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.filter((folder) => !capabilities.includes(folder))).toEqual([]);
  });
});
