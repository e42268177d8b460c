import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, settings } from '../../src/infrastructure/config.js';

const deploy = join(process.cwd(), 'deploy');
const units = join(deploy, 'systemd');
const read = (...path: string[]): string => readFileSync(join(deploy, ...path), 'utf8');
const roles = ['api', 'projector', 'worker'];
const valuesIn = (text: string): Record<string, string> => Object.fromEntries(
  [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

/** Where the tool is missing the rest of the file is still tested; that this was not must not go unseen. */
function isInstalled(tool: string, packageName: string): boolean {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined) return true;
  process.stderr.write(`\n*** NOT CHECKED: ${tool} is missing (apt-get install ${packageName}) ***\n`);
  return false;
}

describe('the systemd units', () => {
  const directory = mkdtempSync(join(tmpdir(), 'treasury-units-'));
  afterAll(() => { rmSync(directory, { recursive: true, force: true }); });

  it('are what systemd understands, and leave a process little to do harm with', () => {
    expect(readdirSync(units).filter((file) => file.endsWith('@.service')).sort())
      .toEqual(roles.map((role) => `treasury-${role}@.service`));
    if (!isInstalled('systemd-analyze', 'systemd')) return;
    for (const file of readdirSync(units).filter((name) => /\.(service|target|timer)$/.test(name))) {
      // As an instance, and with the Node of this machine: systemd looks whether the program is there.
      const text = read('systemd', file).replaceAll('/usr/bin/node', process.execPath);
      writeFileSync(join(directory, file.replace('@', '@1')), text);
    }
    const files = readdirSync(directory).map((file) => join(directory, file));
    const verified = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
    const words = verified.stderr.split('\n').filter((line) => line.includes('treasury'));
    expect({ status: verified.status, words }).toEqual({ status: 0, words: [] });
    for (const role of roles) {
      const file = join(directory, `treasury-${role}@1.service`);
      const options = ['security', '--offline=true', '--threshold=20', '--no-pager', file];
      const { status, stdout } = spawnSync('systemd-analyze', options, { encoding: 'utf8' });
      const level = status === 0 ? '' : stdout.trim().split('\n').at(-1);
      expect({ status, level }).toEqual({ status: 0, level: '' });
    }
  });

  it('give a process more time to end than it takes', () => {
    const { SHUTDOWN_SECONDS: asked } = readConfig({});
    for (const role of roles) {
      const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(read('systemd', `treasury-${role}@.service`)) ?? [];
      expect(Number(seconds)).toBeGreaterThan(asked);
    }
  });

  it.each(['api-1', 'api-2', 'projector-1', 'projector-2', 'worker-1', 'worker-2'])(
    'start %s with settings that it has, on ports of its own', (instance) => {
      const [role] = instance.split('-');
      const unit = read('systemd', `treasury-${role}@.service`);
      expect(unit).toContain(`Environment=ROLES=${role}\n`);
      const common = valuesIn(read('systemd', 'env', 'treasury.env'));
      const own = valuesIn(read('systemd', 'env', `${instance}.env`));
      const given = { ...common, ...own, ROLES: role, NODE_ENV: 'production' };
      expect(Object.keys(given).filter((name) => !(name in settings))).toEqual([]);
      expect(common.MASTER_KEY).toBe('');
      expect(Object.keys(common)).toEqual(expect.arrayContaining(['PUBLIC_ORIGIN', 'SMTP_URL', 'MAIL_FROM']));
      const config = readConfig({ ...given, MASTER_KEY: Buffer.alloc(32, 1).toString('base64') });
      expect(config).toMatchObject({ DEMO: false, ROLES: [role], HOST: '127.0.0.1' });
    });

  it('give no two instances the same port, and the proxy those of the API', () => {
    const values = readdirSync(join(units, 'env')).map((file) => valuesIn(read('systemd', 'env', file)));
    const ports = values.flatMap(({ PORT, MANAGEMENT_PORT }) => [PORT, MANAGEMENT_PORT]).filter(Boolean);
    expect(ports).toHaveLength(8);
    expect(new Set(ports).size).toBe(ports.length);
    const upstreams = values.flatMap(({ PORT }) => (PORT === undefined ? [] : [`127.0.0.1:${PORT}`]))
      .join(' ');
    expect(read('systemd', 'caddy-treasury.conf')).toContain(`"UPSTREAMS=${upstreams}"`);
  });
});

describe('the proxy', () => {
  const caddyfile = read('proxy', 'Caddyfile');

  it('is configured in words that Caddy understands', () => {
    if (!isInstalled('caddy', 'caddy')) return;
    const home = mkdtempSync(join(tmpdir(), 'treasury-caddy-'));
    cpSync(join(deploy, 'proxy', 'Caddyfile'), join(home, 'Caddyfile'));
    const { status, stderr } = spawnSync('caddy', ['validate', '--config', join(home, 'Caddyfile')], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH, HOME: home,
        SITE_ADDRESS: 'example.org', SITE_TLS: 'internal', UPSTREAMS: 'a:1 b:2',
      },
    });
    rmSync(home, { recursive: true, force: true });
    expect({ status, said: status === 0 ? '' : stderr }).toEqual({ status: 0, said: '' });
  });

  it('lets bodies through that the service takes, and no larger ones', () => {
    const { MAX_BATCH_BYTES, MAX_LIST_BYTES, MAX_JSON_BYTES } = readConfig({});
    const limits = [...caddyfile.matchAll(/request_body @(\w+) \{\s+max_size (\d+)/g)]
      .map(([, name, bytes]) => [name, Number(bytes)]);
    expect(limits).toEqual(
      [['batches', MAX_BATCH_BYTES], ['lists', MAX_LIST_BYTES], ['rest', MAX_JSON_BYTES]]);
  });

  it('has browsers insist on TLS, asks who is ready, and never passes on metrics', () => {
    expect(caddyfile).toMatch(/Strict-Transport-Security "max-age=\d{8}/);
    expect(caddyfile).toContain('health_uri /health/ready');
    expect(caddyfile).not.toContain('/metrics');
  });
});
