import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readConfig, settings } from '../../src/infrastructure/config.js';

type Values = Readonly<Record<string, string>>;
interface Service {
  readonly image?: string;
  readonly environment?: Values;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[] | Values;
  readonly healthcheck?: object;
  readonly deploy?: { readonly resources: { readonly limits: Values } };
  readonly read_only?: boolean;
  readonly ports?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}
interface Yaml { load(text: string, options: object): unknown }

const directory = join(process.cwd(), 'deploy/compose');
const text = readFileSync(join(directory, 'compose.yaml'), 'utf8');
const example = readFileSync(join(directory, '.env.example'), 'utf8');

/** The parser that comes with @nestjs/swagger; anchors and `<<` as Docker Compose reads them. */
function parsed(yaml: string): Compose {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const { load, ...schemas } = createRequire(require.resolve('@nestjs/swagger'))('js-yaml') as Yaml & object;
  const schema = (schemas as { YAML11_SCHEMA?: object }).YAML11_SCHEMA;
  return load(yaml, schema === undefined ? {} : { schema }) as Compose;
}

const compose = parsed(text);
const { services } = compose;
const ours = Object.entries(services).filter(([, { image }]) => image?.includes('SERVICE_IMAGE'));
const exampleValues: Values = Object.fromEntries(
  [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

/** As Docker Compose fills in `${NAME}`, `${NAME:-default}` and `${NAME:?}`. */
const filled = (value: string, values: Values): string =>
  value.replaceAll(/\$\{([A-Z_]+)(?::-([^}]*)|:\?)?\}/g, (_, name: string, or = '') => values[name] || or);

/** What the images document, by service. A misspelt one would be ignored without a word. */
const knownOfImages: Readonly<Record<string, readonly string[]>> = {
  kurrent: [
    'KURRENTDB_CLUSTER_SIZE', 'KURRENTDB_DISCOVER_VIA_DNS', 'KURRENTDB_NODE_PORT',
    'KURRENTDB_REPLICATION_PORT', 'KURRENTDB_RUN_PROJECTIONS', 'KURRENTDB_CERTIFICATE_FILE',
    'KURRENTDB_TRUSTED_ROOT_CERTIFICATES_PATH',
    'KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE', 'KURRENTDB_DEFAULT_ADMIN_PASSWORD',
    'KURRENTDB_DEFAULT_OPS_PASSWORD', 'KURRENTDB_REPLICATION_IP', 'KURRENTDB_GOSSIP_SEED',
    'KURRENTDB_ADVERTISE_HOST_TO_CLIENT_AS',
  ],
  postgres: ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB', 'POSTGRES_INITDB_ARGS'],
};
/** Read by our own script or configuration file beside the image. */
const readBy: Readonly<Record<string, string>> = {
  'postgres-replica': 'compose/postgres/replica.sh', postgres: 'compose/postgres/10-replication.sh',
  proxy: 'proxy/Caddyfile',
};
const mentions = (name: string, variable: string): boolean => readBy[name] !== undefined
  && new RegExp(`\\$\\{?${variable}\\b`).test(readFileSync(join(directory, '..', readBy[name]), 'utf8'));
const imageOf = (name: string): string => name.replace(/\d$/, '').replace(/-replica$/, '');

describe('the compose file', () => {
  it('has the cluster, the replica, and two of every process', () => {
    expect(Object.keys(services).sort()).toEqual([
      'api1', 'api2', 'archive-owner', 'certificates', 'kurrent1', 'kurrent2', 'kurrent3', 'postgres',
      'postgres-replica', 'projector1', 'projector2', 'proxy', 'worker1', 'worker2',
    ]);
    expect(ours.map(([, { environment }]) => environment?.ROLES).sort())
      .toEqual(['api', 'api', 'projector', 'projector', 'worker', 'worker']);
  });

  it('gives the service settings that it has, and that it starts with', () => {
    const values = {
      ...exampleValues, POSTGRES_PASSWORD: 'ab12', KURRENT_ADMIN_PASSWORD: 'cd34',
      MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    for (const [, { environment = {} }] of ours) {
      expect(Object.keys(environment).filter((name) => !(name in settings))).toEqual([]);
      const given = Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, filled(value, values)]));
      const config = readConfig(given);
      const expected = { DEMO: false, NODE_ENV: 'production', PORT: 3000, MANAGEMENT_PORT: 9464 };
      expect(config).toMatchObject(expected);
      expect(config.DATABASE_URL).toBe('postgres://treasury:ab12@postgres:5432/treasury');
      expect(config.EVENT_STORE_URL).toContain('cd34@kurrent1:2113,kurrent2:2113,kurrent3:2113');
    }
  });

  it('gives the API what signing in needs: an origin, a mail server outside, and whom to trust', () => {
    const values = {
      ...exampleValues, SMTP_URL: 'smtp://a:b@mail:587', SIGN_IN_ROOTS: '/sign-in/roots',
      SIGN_IN_CRLS: '/sign-in/crls', MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    const apis = [services.api1, services.api2].map((api) => api ?? {});
    for (const { environment = {}, networks, volumes } of apis) {
      const config = readConfig(Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, filled(value, values)])));
      const { SMTP_URL, SIGN_IN_ROOTS, SIGN_IN_CRLS } = values;
      expect(config).toMatchObject({
        PUBLIC_ORIGIN: `https://${exampleValues.SITE_ADDRESS}`, SMTP_URL, SIGN_IN_ROOTS, SIGN_IN_CRLS,
      });
      expect(networks).toEqual(['inside', 'outside']);
      expect(volumes?.some((volume) => volume.endsWith(':/sign-in:ro'))).toBe(true);
    }
  });

  it('has a database that takes every connection its processes may open', () => {
    const conf = readFileSync(join(directory, 'postgres/postgresql.conf'), 'utf8');
    const [, most] = /^max_connections = (\d+)$/m.exec(conf) ?? [];
    const told = /(\d+) for the log, a projector (\d+)/.exec(settings.POOL_SIZE.description ?? '');
    const [, ofLog, ofTables] = told ?? [];
    const each = readConfig({}).POOL_SIZE + Number(ofLog);
    const ofSuperusers = 3;
    expect(Number(most)).toBeGreaterThanOrEqual(6 * each + 2 * Number(ofTables) + ofSuperusers);
  });

  it('gives every other image only variables that it documents or that our script reads', () => {
    const foreign = Object.entries(services).filter(([, { image }]) => !image?.includes('SERVICE_IMAGE'));
    for (const [name, { environment = {} }] of foreign) {
      const unknown = Object.keys(environment).filter((variable) =>
        !knownOfImages[imageOf(name)]?.includes(variable) && !mentions(name, variable));
      expect({ name, unknown }).toEqual({ name, unknown: [] });
    }
  });

  it('asks for the variables of .env.example, and each of those is explained and asked for', () => {
    const asked = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
    expect(Object.keys(exampleValues).sort()).toEqual([...asked].sort());
    for (const name of ['NODE_ENV', 'DEMO']) expect(exampleValues[name]).toMatch(/^(production|off)$/);
    const secrets = Object.entries(exampleValues).filter(([name]) => /KEY|PASSWORD/.test(name));
    expect(secrets).toHaveLength(5);
    expect(secrets.filter(([, value]) => value !== '')).toEqual([]);
  });

  it('names no service, volume, network or file that is not there', () => {
    for (const service of Object.values(services)) {
      for (const name of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty([name]);
      const networks = service.networks ?? [];
      const names = Array.isArray(networks) ? networks as string[] : Object.keys(networks);
      for (const name of names) expect(compose.networks).toHaveProperty([name]);
      for (const [source = ''] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
        if (source.startsWith('.')) expect(existsSync(join(directory, source)) ? '' : source).toBe('');
        else if (!source.startsWith('$')) expect(compose.volumes).toHaveProperty([source]);
      }
    }
  });

  it('waits only for what can be waited for', () => {
    for (const { depends_on: awaited = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(awaited)) {
        if (condition === 'service_healthy') expect(services[name]).toHaveProperty('healthcheck');
        else expect(condition).toBe('service_completed_successfully');
      }
    }
  });

  it('limits memory and processors of whatever keeps running, and publishes only the proxy', () => {
    const oneShot = new Set(['certificates', 'archive-owner']);
    for (const [name, { deploy, ports }] of Object.entries(services)) {
      if (!oneShot.has(name)) {
        const limits = { cpus: expect.any(String) as string, memory: expect.any(String) as string };
        expect(deploy?.resources.limits).toEqual(limits);
      }
      expect(ports === undefined).toBe(name !== 'proxy');
    }
    expect(compose.networks.inside?.internal).toBe(true);
    for (const [, { read_only: readOnly }] of ours) expect(readOnly).toBe(true);
  });
});

describe('the image', () => {
  const dockerfile = readFileSync(join(directory, 'Dockerfile'), 'utf8');

  it('is made of files that are there and that its ignore file lets through', () => {
    const ignored = readFileSync(join(directory, 'Dockerfile.dockerignore'), 'utf8').split('\n');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
      .flatMap(([, files]) => files.split(' '));
    expect(copied.length).toBeGreaterThan(5);
    for (const file of copied) {
      expect(existsSync(join(process.cwd(), file)) ? '' : file).toBe('');
      expect(ignored).toContain(`!${file}`);
    }
    expect(ignored).toContain('*');
  });

  it('runs as another user than root, and is asked whether it lives', () => {
    expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
    expect(dockerfile).toMatch(/HEALTHCHECK[^]*\/health\/live/);
    expect(dirname(/CMD \["node", "(.*)"\]/.exec(dockerfile)?.[1] ?? '')).toBe('dist');
  });
});
