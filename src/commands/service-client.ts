import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../infrastructure/config.js';

/** A service that answers over HTTP, and in whose name it is asked. */
export interface Service { readonly url: string; readonly token: string }

interface Ready {
  readonly url: string;
  readonly cardAgent: { readonly url: string } | null;
  readonly principals: readonly { readonly roles: readonly string[]; readonly token: string }[];
}

/** API_URL and API_TOKEN, or else the service of this directory and its demo operator. */
export function findService(role: string): Service {
  const { API_URL: url, API_TOKEN: token } = process.env;
  if (url && token) return { url, token };
  const { READY_FILE } = readConfig(process.env);
  const ready = readReady(READY_FILE);
  const principal = ready?.principals.find(({ roles }) => roles.includes(role));
  if (ready && principal) return { url: url ?? ready.url, token: token ?? principal.token };
  throw new Error(`找不到執行中的服務：請先 npm start，或設定 API_URL 與 API_TOKEN。 `
    + `No running service found in ${READY_FILE}: run npm start first, or set API_URL and API_TOKEN.`);
}

export function readReady(file: string): Ready | null {
  try {
    return JSON.parse(readFileSync(join(file), 'utf8')) as Ready;
  } catch {
    return null;
  }
}

export async function ask({ url, token }: Service, path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(new URL(path, url), {
      ...init, headers: { ...init.headers, authorization: `Bearer ${token}` },
    });
  } catch (cause) {
    throw new Error(`無法連線 ${url}。 ${url} does not answer.`, { cause });
  }
}

/** Asks again and again until the answer is the one waited for. */
export async function askUntil<T>(
  service: Service, path: string, found: (answer: T) => boolean, signal: AbortSignal,
): Promise<T> {
  for (;;) {
    const answer = await ask(service, path, { signal });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const body = await answer.json() as T;
    if (found(body)) return body;
    await delay(500, undefined, { signal });
  }
}
