import { existsSync, readFileSync } from 'node:fs';

const lines = readFileSync('docs/asvs.yaml', 'utf8').split('\n').filter((line) => line.startsWith('  - '));
const entries = lines.map((line) =>
  ({
    line,
    // Neither comma nor colon in a text: YAML would read another entry.
    found: /^ {2}- \{ id: (V\d+\.\d+\.\d+), level: [123], about: [^{},:]+, (test|reason|gap): ([^{},:]+) \}$/
      .exec(line),
  }));

describe('the list of security requirements', () => {
  it('names each once, and says of each whether a test, a reason or a gap stands behind it', () => {
    expect(entries.filter(({ found }) => found === null).map(({ line }) => line)).toEqual([]);
    const ids = entries.map(({ found }) => found?.[1]);
    expect(ids.length).toBeGreaterThan(240);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names tests that are there', () => {
    const tests = entries.flatMap(({ found }) => (found?.[2] === 'test' ? [found[3] ?? ''] : []));
    expect(tests.filter((path) => !path.endsWith('.spec.ts') || !existsSync(path))).toEqual([]);
  });
});
