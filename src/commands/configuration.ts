import { readFileSync, writeFileSync } from 'node:fs';
import { openParts } from '../app.module.js';
import { configurationPage } from '../infrastructure/config-page.js';
import { createLogger } from '../infrastructure/logging.js';
import { metricsPage } from '../infrastructure/metrics/metrics-page.js';
import { runCommandLine } from './command-line.js';

const help = `寫出設定與監控數值的說明 docs/CONFIGURATION.md、docs/METRICS.md。
Writes the pages of settings and metrics from the code. Needs no database.

  npm run configuration
  npm run configuration -- --check    只比較，不寫入 / compare only; exit code 1 when a page is not up to date`;

await runCommandLine({
  help,
  options: { check: { type: 'boolean' } },
  run: async ({ check }) => {
    const outdated = Object.entries(await pages()).filter(([file, text]) => committed(file) !== text);
    for (const [file, text] of outdated) {
      if (check !== true) writeFileSync(file, text);
      console.log(check === true ? `${file} 不是最新的。 ${file} is out of date.` : `已寫入 ${file}。 Written.`);
    }
    return check === true && outdated.length > 0 ? 1 : 0;
  },
});

async function pages(): Promise<Readonly<Record<string, string>>> {
  const parts = openParts({
    databaseUrl: 'postgres://127.0.0.1/nowhere', masterKey: Buffer.alloc(32).toString('base64'), connections: 4,
    logger: createLogger('silent'), wakeWorker: () => undefined,
  });
  await parts.close();
  return {
    'docs/CONFIGURATION.md': configurationPage(),
    'docs/METRICS.md': metricsPage(parts.metrics),
  };
}

function committed(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
