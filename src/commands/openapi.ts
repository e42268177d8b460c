import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppModule, openParts } from '../app.module.js';
import { Admission } from '../infrastructure/http/admission/admission.js';
import { DemoTokens } from '../infrastructure/http/demo-tokens.js';
import { documentPath } from '../infrastructure/http/openapi-paths.js';
import { createServer } from '../infrastructure/http/server.js';
import { createLogger } from '../infrastructure/logging.js';
import { runCommandLine } from './command-line.js';

const file = 'docs/api/openapi.json';
const help = `寫出 API 說明 ${file}，內容與服務於 ${documentPath} 提供的相同。
Writes the description of the API, the same text the service serves. Needs no database.

  npm run openapi
  npm run openapi -- --check          只比較，不寫入 / compare only; exit code 1 when the file is not up to date`;

await runCommandLine({
  help,
  options: { check: { type: 'boolean' } },
  run: async ({ check }) => {
    const current = await servedDocument();
    if (check !== true) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, current);
      console.log(`已寫入 ${file}。 Written.`);
      return 0;
    }
    if (committed() === current) return 0;
    console.error(`${file} 不是最新的，請執行 npm run openapi。 ${file} is out of date: run npm run openapi.`);
    return 1;
  },
});

/** Composed whole but for a database: nothing connects before its first use. */
async function servedDocument(): Promise<string> {
  const limits = { jsonBytes: 1, csvBytes: 1, listBytes: 1, uploadSilenceMs: 1_000 };
  const parts = openParts({
    databaseUrl: 'postgres://127.0.0.1/nowhere', masterKey: Buffer.alloc(32).toString('base64'), connections: 4,
    logger: createLogger('silent'), wakeWorker: () => undefined,
  });
  const module = await AppModule.of(parts, limits, { waitingFor: async () => ['start'] });
  const authenticator = new DemoTokens(parts.demoTokenKey);
  const admission = new Admission(
    { requestsInWork: 1, requestsQueued: 0, uploadsInWork: 1, deadlineMs: 10_000 },
    { isUp: true, onLost: () => undefined }, parts);
  const { app } = await createServer(module, { ...parts, authenticator, limits, admission });
  try {
    return (await app.inject({ method: 'GET', url: documentPath })).body;
  } finally {
    await app.close();
    await parts.close();
  }
}

function committed(): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
