import {
  connectionStringFor, InvalidConnectionString,
} from '../../src/infrastructure/event-store/kurrent/connection-string.js';
import { kurrentDefaults } from '../../src/infrastructure/event-store/kurrent/options.js';

describe('a connection string', () => {
  const discovery = 'gossipTimeout=1&maxDiscoverAttempts=3';
  const ours = `?keepAliveInterval=10000&keepAliveTimeout=5000&defaultDeadline=2500&${discovery}`;

  it.each([
    ['esdb://one:2113', `esdb://one:2113${ours}`],
    ['esdb+discover://cluster.example?tlsVerifyCert=true', `esdb+discover://cluster.example${ours}`],
    ['kurrentdb://user:p%40ss@one,two,three/', `esdb://user:p%40ss@one,two,three${ours}`],
    ['esdb://one?tls=false&KeepAlive_Interval=20000',
      `esdb://one?tls=false&KeepAlive_Interval=20000&keepAliveTimeout=5000&defaultDeadline=2500&${discovery}`],
  ])('%s keeps what it says and gets our deadlines and probes', (given, expected) => {
    expect(connectionStringFor(given, kurrentDefaults)).toBe(expected);
  });

  it.each([
    'esdb://', 'http://user:secret@one', 'postgres://user:secret@one/log', 'esdb://user:half?secret@one',
    'esdb://user:secret@one?defaultDeadline=1000', 'esdb://user:secret@one?tsl=false',
    'esdb://user:secret@one?tls',
    'esdb://user:secret@one?tlsVerifyCert=false', 'esdb://user:secret@one?throwOnAppendFailure=false',
  ])('that the client would misunderstand is refused, and not shown: %s', (given) => {
    let refusal: unknown;
    try {
      connectionStringFor(given, kurrentDefaults);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(InvalidConnectionString);
    expect(String(refusal)).not.toContain('secret');
  });
});
