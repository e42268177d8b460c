import type { KurrentOptions } from './options.js';
import { kurrentDefaults } from './options.js';

/** Says which part is wrong, and shows nothing of the string: it holds a password. */
export class InvalidConnectionString extends Error {
  override readonly name = 'InvalidConnectionString';
}

const shape = /^(?<scheme>esdb|kurrentdb|kurrent|kdb)(?<discover>\+discover)?:\/\/(?<place>[^?/]+)\/?(?:\?(?<settings>.*))?$/;
const known = new Set([
  'tls', 'tlscafile', 'usercertfile', 'userkeyfile', 'connectionname', 'nodepreference',
  'maxdiscoverattempts', 'discoveryinterval', 'gossiptimeout', 'keepaliveinterval', 'keepalivetimeout',
]);
/** Taken for granted by whoever writes them, and without effect: refused rather than ignored. */
const misleading: ReadonlyMap<string, string> = new Map([
  ['tlsverifycert', 'tlsVerifyCert=false does nothing; name the authority with tlsCAFile'],
  ['defaultdeadline', 'defaultDeadline does nothing; the deadline is a setting of the service'],
]);
/** Of a cluster whose nodes do not even refuse: the client's own patience is minutes. */
const gossipTimeoutSeconds = 1;
const maxDiscoverAttempts = 3;

const flat = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

/** Throws `InvalidConnectionString`. */
export const assertConnectionString = (url: string): void => void connectionStringFor(url, kurrentDefaults);

/**
 * The string for the client: its own dialect, with our deadlines and probes unless it brings its own. The
 * client prints a string it does not like, password included, and goes on without what it does not
 * understand; here it is refused instead.
 */
export function connectionStringFor(url: string, options: KurrentOptions): string {
  const { place, discover = '', settings = '' } = shape.exec(url.trim())?.groups ?? {};
  if (place === undefined) throw new InvalidConnectionString('must be esdb://[user:password@]host[:port][,host…][?settings]');
  const given = new Map<string, string>();
  for (const [index, pair] of settings.split('&').filter((text) => text !== '').entries()) {
    const [name = '', value = '', ...rest] = pair.split('=');
    if (flat(pair) === 'tlsverifycert=true') continue;
    const inVain = misleading.get(flat(name));
    if (inVain !== undefined) throw new InvalidConnectionString(inVain);
    if (!known.has(flat(name)) || value === '' || rest.length > 0) {
      // Not even its name is shown: after a "?" in a password that is where the rest of it stands.
      throw new InvalidConnectionString(`setting ${index + 1} of the connection string is not understood`);
    }
    given.set(flat(name), pair);
  }
  const ours: Readonly<Record<string, number>> = {
    keepAliveInterval: options.keepAliveIntervalMs, keepAliveTimeout: options.keepAliveTimeoutMs,
    defaultDeadline: options.deadlineMs, gossipTimeout: gossipTimeoutSeconds, maxDiscoverAttempts,
  };
  for (const [name, value] of Object.entries(ours)) {
    if (!given.has(flat(name))) given.set(flat(name), `${name}=${value}`);
  }
  return `esdb${discover}://${place}?${[...given.values()].join('&')}`;
}
