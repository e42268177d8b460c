import type { KurrentOptions } from './options.js';

/** Says which part is wrong, and never shows the string: it holds a password. */
export class InvalidConnectionString extends Error {
  override readonly name = 'InvalidConnectionString';
}

const shape = /^(?<scheme>esdb|kurrentdb|kurrent|kdb)(?<discover>\+discover)?:\/\/(?<place>[^?/]+)\/?(?:\?(?<settings>.*))?$/;
const known = new Set([
  'tls', 'tlscafile', 'tlsverifycert', 'usercertfile', 'userkeyfile', 'connectionname', 'nodepreference',
  'maxdiscoverattempts', 'discoveryinterval', 'gossiptimeout', 'keepaliveinterval', 'keepalivetimeout',
  'defaultdeadline',
]);
/** Of a cluster whose nodes do not even refuse: the client's own patience is minutes. */
const gossipTimeoutSeconds = 1;
const maxDiscoverAttempts = 3;

const flat = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

export const isKurrentUrl = (url: string): boolean => /^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//.test(url);

/**
 * The string for the client: its own dialect, with our deadlines and probes unless it brings its own. The
 * client prints a string it does not like, password included, and goes on without what it does not
 * understand; here it is refused instead.
 */
export function connectionStringFor(url: string, options: KurrentOptions): string {
  const { place, discover = '', settings = '' } = shape.exec(url.trim())?.groups ?? {};
  if (place === undefined) throw new InvalidConnectionString('must be esdb://[user:password@]host[:port][,host…][?settings]');
  const given = new Map<string, string>();
  for (const pair of settings.split('&').filter((text) => text !== '')) {
    const [name = '', value = '', ...rest] = pair.split('=');
    if (!known.has(flat(name)) || value === '' || rest.length > 0) {
      throw new InvalidConnectionString(`setting not understood: ${name}`);
    }
    given.set(flat(name), pair);
  }
  if (/=false$/i.test(given.get('tlsverifycert') ?? '')) {
    // The client ignores it: whoever relies on it would believe that any certificate is accepted.
    throw new InvalidConnectionString('tlsVerifyCert=false does nothing; name the authority with tlsCAFile');
  }
  given.delete('tlsverifycert');
  const ours: Readonly<Record<string, number>> = {
    keepAliveInterval: options.keepAliveIntervalMs, keepAliveTimeout: options.keepAliveTimeoutMs,
    defaultDeadline: options.deadlineMs, gossipTimeout: gossipTimeoutSeconds, maxDiscoverAttempts,
  };
  for (const [name, value] of Object.entries(ours)) {
    if (!given.has(flat(name))) given.set(flat(name), `${name}=${value}`);
  }
  return `esdb${discover}://${place}?${[...given.values()].join('&')}`;
}
