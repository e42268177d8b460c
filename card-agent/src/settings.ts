import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isOrigin, isOriginOfThisMachine } from './origin.js';

export interface Settings {
  /** The sites that may ask. Empty: nobody may, the person's own command line excepted. */
  readonly origins: readonly string[];
  /** The first of the few ports tried; see `portCount`. */
  readonly port: number;
  readonly keysDirectory: string;
  /** The vendor's PKCS#11 module for certificate cards; null: there are none. */
  readonly certificateModule: string | null;
  /** A file of made-up cards in place of the readers; for the demo. */
  readonly demoCards: string | null;
}

/** A setting that cannot be followed. The agent does not start with half of what it was told. */
export class SettingsError extends Error {}

/** Outside the ranges that systems hand out by themselves, and away from other card components' ports. */
export const defaultPort = 27640;
/** Enough to get around another program; few enough for a page to try them all. */
export const portCount = 5;
// One sign-in site needs one. A long list would be a list that nobody reviews.
const maxOrigins = 16;

type Source = Readonly<Record<string, unknown>>;

/** Flags before environment before the file: the nearer to the person wins. */
export function loadSettings(flags: Source, environment: NodeJS.ProcessEnv): Settings {
  const home = String(flags['home'] ?? environment['CARD_AGENT_HOME'] ?? join(homedir(), '.card-agent'));
  const file = readSettingsFile(join(home, 'settings.json'));
  const demoCards = flags['demo-cards'] ?? environment['CARD_AGENT_DEMO_CARDS'] ?? null;
  const certificateModule = flags['certificate-module'] ?? environment['CARD_AGENT_CERTIFICATE_MODULE']
    ?? file['certificateModule'] ?? null;
  const settings = {
    origins: originsOf(flags['origin'] ?? environment['CARD_AGENT_ORIGINS'] ?? file['origins'] ?? []),
    port: portOf(flags['port'] ?? environment['CARD_AGENT_PORT'] ?? file['port'] ?? defaultPort),
    keysDirectory: join(home, 'keys'),
    certificateModule: certificateModule === null ? null : String(certificateModule),
    demoCards: demoCards === null ? null : String(demoCards),
  };
  // A made-up card must never sign anyone in anywhere but on the machine of whoever tries the demo.
  if (settings.demoCards !== null && !settings.origins.every(isOriginOfThisMachine)) {
    throw new SettingsError('示範卡片只可用於本機網站。 Demo cards are for sites on this machine only.');
  }
  return settings;
}

function readSettingsFile(file: string): Source {
  if (!existsSync(file)) return {};
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (content !== null && typeof content === 'object' && !Array.isArray(content)) return content as Source;
  } catch {
    // Said below, as for any other content that is no settings.
  }
  throw new SettingsError(`設定檔不是 JSON 物件： not a JSON object: ${file}`);
}

function originsOf(value: unknown): string[] {
  const list = (Array.isArray(value) ? value : [value]).flatMap((item) => String(item).split(','))
    .map((item) => item.trim()).filter((item) => item !== '');
  const wrong = list.find((origin) => !isOrigin(origin));
  if (wrong !== undefined) {
    throw new SettingsError(`不是網站來源（如 https://example.gov.tw）： not an origin: ${wrong}`);
  }
  if (list.length > maxOrigins) throw new SettingsError(`至多 ${maxOrigins} 個網站。 At most ${maxOrigins}.`);
  return [...new Set(list)];
}

function portOf(value: unknown): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1024 && port + portCount <= 65_536) return port;
  throw new SettingsError(`不是可用的埠號： not a port to use: ${String(value)}`);
}
