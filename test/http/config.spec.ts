import { InvalidConfig, readConfig, settings } from '../../src/infrastructure/config.js';

const key = Buffer.alloc(32, 7).toString('base64');
const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
};

describe('the configuration', () => {
  it('of a fresh clone is the whole service with its demo, reachable from this machine only', () =>
    expect(readConfig({})).toMatchObject({
      HOST: '127.0.0.1', PORT: 3000, DEMO: true, ROLES: ['api', 'projector', 'worker'],
      READY_FILE: 'var/ready.json',
    }));

  it('takes an empty setting for one that is not there', () =>
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({})));

  it('with a database of its own has no demo unless asked for', () => {
    const own = { DATABASE_URL: 'postgres://db/treasury', MASTER_KEY: key };
    expect(readConfig(own).DEMO).toBe(false);
    expect(readConfig({ ...own, DEMO: 'on' }).DEMO).toBe(true);
  });

  it('tells everything that is wrong at once', () => {
    const wrong = { PORT: '70000', ROLES: 'api,projector,worker,painter', LOG_LEVEL: 'loud' };
    expect(problemsOf({ ...wrong, NODE_ENV: 'production', DEMO: 'on' })).toEqual([
      expect.stringMatching(/^PORT: /), expect.stringMatching(/^ROLES\.3: /),
      expect.stringMatching(/^LOG_LEVEL: /), 'DEMO: must be off when NODE_ENV is production',
    ]);
  });

  it('never shows a value that may be a secret', () => {
    const secret = { DATABASE_URL: 'mysql://root:hunter2@db', MASTER_KEY: 'aHVudGVyMg==' };
    const problems = problemsOf(secret).join('\n');
    expect(problems).toMatch(/DATABASE_URL.*\n.*MASTER_KEY/s);
    expect(problems).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('takes a KurrentDB for its log, whose connection string it never shows', () => {
    const own = { DATABASE_URL: 'postgres://db/treasury', MASTER_KEY: key };
    const url = 'esdb://treasury:hunter2@one:2113,two:2113,three:2113?tls=true';
    expect(readConfig({ ...own, EVENT_STORE_URL: url })).toMatchObject({
      EVENT_STORE_URL: url, EVENT_STORE_DEADLINE_MS: 2_500, EVENT_STORE_PARALLEL_CALLS: 64, DEMO: false,
    });
    for (const wrong of ['http://treasury:hunter2@one', 'esdb://treasury:why?hunter2@one', `${url}&hunter2=1`]) {
      const problems = problemsOf({ ...own, EVENT_STORE_URL: wrong });
      expect(problems).toEqual([expect.stringMatching(/^EVENT_STORE_URL: /)]);
      expect(problems.join()).not.toContain('hunter2');
    }
  });

  it('with a KurrentDB needs a database that is no less its own, and has no demo unless asked for', () => {
    const given = { EVENT_STORE_URL: 'esdb://one?tls=false' };
    expect(problemsOf(given)).toEqual([expect.stringMatching(/^DATABASE_URL: /)]);
    expect(problemsOf({ ...given, NODE_ENV: 'production' })).toHaveLength(1);
  });

  it('leaves half of its connections to those who upload nothing', () => {
    const tooMany = [expect.stringMatching(/^UPLOADS_IN_WORK: /)];
    expect(problemsOf({ UPLOADS_IN_WORK: '11' })).toEqual(tooMany);
    expect(problemsOf({ UPLOADS_IN_WORK: '8', POOL_SIZE: '15' })).toEqual(tooMany);
    expect(readConfig({ POOL_SIZE: '7' }).UPLOADS_IN_WORK).toBe(3);
    expect(problemsOf({ UPLOADS_IN_WORK: '40', POOL_SIZE: '80' })).toEqual([]);
  });

  it('has no demo in production', () => expect(readConfig({ NODE_ENV: 'production' }).DEMO).toBe(false));

  it('of a database needs the master key that every process shares', () =>
    expect(problemsOf({ DATABASE_URL: 'postgres://db/treasury' }))
      .toEqual([expect.stringMatching(/^MASTER_KEY: /)]));

  it('of a part of the service needs the database in which the parts meet, and the key they share', () => {
    expect(problemsOf({ ROLES: 'projector' }))
      .toEqual([expect.stringMatching(/^DATABASE_URL: /), expect.stringMatching(/^MASTER_KEY: /)]);
    expect(problemsOf({ ROLES: 'worker', DATABASE_URL: 'postgres://db/treasury', MASTER_KEY: key })).toEqual([]);
  });

  it('of a process of many leaves nothing on the local disk unless told to', () => {
    const own = { DATABASE_URL: 'postgres://db/treasury', MASTER_KEY: key };
    expect(readConfig({ ...own, ROLES: 'api' }).writesReadyFile).toBe(false);
    expect(readConfig({ ...own, READY_FILE: '/run/ready.json' }).writesReadyFile).toBe(true);
    expect(readConfig({ ...own, DEMO: 'on' }).writesReadyFile).toBe(true);
  });

  it.each([`${key}\n`, key.replace('=', ''), Buffer.alloc(31).toString('base64'), 'x'])(
    'refuses the master key %j', (given) =>
      expect(problemsOf({ MASTER_KEY: given })).toEqual([expect.stringMatching(/^MASTER_KEY: /)]));

  it.each(['-1', '1.5', '1e3', ' 3000', '0x10', '65536'])('refuses port %j', (port) =>
    expect(problemsOf({ PORT: port })).toHaveLength(1));

  it.each(Object.entries(settings))('says why %s is as it is', (_, setting) =>
    expect(setting.description?.length).toBeGreaterThan(20));
});
