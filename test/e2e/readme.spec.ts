import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout, until } from './checkout.js';

interface Step { readonly commands: string; readonly prints: string | null }

const startMs = 240_000;
const marker = '=== end of step ===';

/** The commands between the walk's marks, each with what the page says it prints. */
function walkOf(page: string): Step[] {
  const text = readFileSync(join(__dirname, '..', '..', page), 'utf8');
  const walk = /<!-- walk -->([^]*)<!-- \/walk -->/.exec(text)?.[1] ?? '';
  return [...walk.matchAll(/```sh\n([^]*?)```\n(?:```text\n([^]*?)```)?/g)]
    .map(([, commands = '', prints]) => ({ commands, prints: prints ?? null }));
}

/** `…` stands for anything; blanks at line ends and how often a line is broken do not count. */
function patternOf(prints: string): RegExp {
  const escaped = prints.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').trim();
  return new RegExp(`^\\s*${escaped.replace(/\s+/g, '\\s*').replaceAll('…', '[^]*?')}\\s*$`);
}

describe('the walk of the README', () => {
  const steps = walkOf('README.md');
  let checkout: Checkout;
  let printed: string[];

  beforeAll(async () => {
    checkout = new Checkout();
    const service = await checkout.serve();
    await until(startMs, () => checkout.ready.cardAgent !== null);
    const script = steps.map(({ commands }) => `${commands}\necho; echo '${marker}'`).join('\n');
    printed = checkout.run('bash', ['--norc', '-euo', 'pipefail', '-c', script]).split(marker);
    await service.stop();
  }, startMs);
  afterAll(() => checkout.remove(), startMs);

  it.each(steps.map((step, n) => ({ ...step, n, title: step.commands.split('\n')[0] })))(
    'prints what the page says: $title', ({ prints, n }) => {
      expect(printed[n]).toMatch(prints === null ? /^\s*$/ : patternOf(prints));
    });

  it('leads from an application to the proof', () => {
    const all = steps.map(({ commands }) => commands).join('\n');
    const parts = [
      '/accounts', '/approval', '/payment-batches', '/reconciliations', '/history', '/sign-ins/certificate',
      '/registrations/confirmations', '/sign-ins"', '/delegation-offers"', '/acceptances"', 'prove',
    ];
    expect(parts.filter((part) => !all.includes(part))).toEqual([]);
  });

  it('is the same in both languages', () => {
    expect(walkOf('README.zh-TW.md')).toEqual(steps);
  });
});
