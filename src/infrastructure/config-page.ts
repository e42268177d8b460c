import { z } from 'zod';
import { settings } from './config.js';

const intro = `# Settings

Environment variables. This page is generated from \`src/infrastructure/config.ts\` by \`npm run
configuration\`; a test fails when it is not current. Everything is checked at the start: a wrong setting
ends the process, which names every problem at once and shows no value. An empty variable counts as unset.

Three things no single setting can say: a part of the service (\`ROLES\` names fewer than all) needs
\`DATABASE_URL\` and \`MASTER_KEY\`; \`EVENT_STORE_URL\` needs \`DATABASE_URL\`; \`DEMO\` is refused in
production and needs the \`api\` role.

| setting | default | limits | why |
|---|---|---|---|
`;

interface Described {
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly items?: Described;
  readonly type?: string;
}

/** Every setting with its default, limits and reason, as a page. */
export function configurationPage(): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const { default: usual, ...described } = z.toJSONSchema(setting, { unrepresentable: 'any' }) as Described;
    return `| \`${name}\` | ${shown(usual)} | ${limitsOf(described)} | ${setting.description ?? ''} |\n`;
  });
  return intro + rows.join('');
}

function shown(value: unknown): string {
  if (value === undefined) return '—';
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
}

function limitsOf({ minimum, maximum, enum: words, items, type }: Described): string {
  if (words) return words.join(', ');
  if (items?.enum) return `any of ${items.enum.join(', ')}`;
  if (type === 'number' || type === 'integer') return `${withMarks(minimum)}–${withMarks(maximum)}`;
  return 'text';
}

const withMarks = (number = 0): string => number.toLocaleString('en-US');
