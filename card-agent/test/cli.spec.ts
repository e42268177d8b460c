import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ming } from './support/people.js';
import { ask, nonce, post } from './support/running-agent.js';

const program = join(__dirname, '..', 'bin', 'card-agent.mjs');
const site = 'http://localhost:3000';

let home: string;
let demoCards: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'card-agent-cli-'));
  demoCards = join(home, 'cards.json');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const insert = () => writeFileSync(demoCards, JSON.stringify({
  inserted: { payload: ming.payload.toString('base64'), generation: 'direct', status: '1' },
}));

interface Attested {
  readonly attestation: { readonly agentKeyId: string };
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = (...words: string[]) => new Promise<Ended>((resolve) => {
  const all = [program, ...words, '--home', home, '--demo-cards', demoCards, '--origin', site];
  const child = execFile(process.execPath, all, (error, out, err) =>
    resolve({ code: error ? Number(error.code) : 0, out, err }));
  child.stdin?.end();
});

describe('the command line', () => {
  it('tells the version', async () => {
    expect(await run('version')).toMatchObject({ code: 0, out: 'card-agent 0.1.0\n' });
    expect(JSON.parse((await run('version', '--json')).out)).toMatchObject({ version: '0.1.0' });
  });

  it('tells the readers', async () => {
    expect((await run('status')).out).toContain('沒有卡片');
    insert();
    expect(JSON.parse((await run('status', '--json')).out)).toMatchObject({ readers: [{ card: 'present' }] });
  });

  it('shows a card to its holder', async () => {
    insert();
    expect((await run('read')).out).toContain(`姓名 Name： ${ming.name}`);
    const read: unknown = JSON.parse((await run('read', '--json')).out);
    expect(read).toMatchObject({ idNumber: ming.idNumber, status: '1' });
  });

  it('says what is wrong by a code, and ends with 1', async () => {
    expect(await run('read')).toMatchObject({ code: 1, out: '' });
    expect((await run('read')).err).toContain('未置入健保卡');
    const { code, out } = await run('read', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { error: { code: 'card-missing', retriable: true } }]);
  });

  it('attests for an allowed site with a yes, and not without', async () => {
    insert();
    const words = ['attest', '--json', '--for', site, '--nonce', nonce];
    expect(JSON.parse((await run(...words)).out)).toMatchObject({ error: { code: 'consent-denied' } });
    const { attestation: { agentKeyId } } = JSON.parse((await run(...words, '--yes')).out) as Attested;
    const { keys } = JSON.parse((await run('keys', '--json')).out) as { keys: unknown[] };
    expect(keys).toMatchObject([{ origin: site, agentKeyId }]);
    const other = await run('attest', '--json', '--yes', '--for', 'https://evil.example', '--nonce', nonce);
    expect(JSON.parse(other.out)).toMatchObject({ error: { code: 'origin-not-allowed' } });
    expect(JSON.parse((await run('keys', 'remove', site, '--json')).out)).toEqual({ removed: true });
    expect(JSON.parse((await run('keys', '--json')).out)).toEqual({ keys: [] });
  });

  const wrongWords = [[[]], [['bogus']], [['read', '--bogus']]];
  it.each(wrongWords)('shows its use to %p, and ends with 2', async (words) => {
    const { code, err } = await run(...words);
    expect([code, err]).toEqual([2, expect.stringContaining('用法')]);
  });
});

describe('card-agent serve', () => {
  it('serves on loopback until told to stop, on the next port where the first is taken', async () => {
    insert();
    const first = await startServing();
    const second = await startServing();
    expect(second.port).toBeGreaterThan(first.port);
    const asked = ask(first.port, post('/nhi-card', { nonce }, site));
    const own = `http://127.0.0.1:${first.port}`;
    let token: string | undefined;
    while (token === undefined) {
      const { json } = await ask(first.port, post('/consent/pending', {}, own));
      token = (json['pending'] as { token: string } | null)?.token;
    }
    await ask(first.port, post('/consent/decision', { token, decision: 'allow' }, own));
    const { json } = await asked;
    expect(json['attestation']).toMatchObject({ cardPayload: ming.payload.toString('base64') });
    expect(await first.stop()).toBe(0);
    expect(await second.stop()).toBe(0);
    expect(first.said()).toContain(`nhi-card ${site} done`);
    expect(first.said()).not.toContain(ming.idNumber);
  });
});

async function startServing() {
  const words = ['serve', '--json', '--home', home, '--demo-cards', demoCards, '--origin', site];
  const child = spawn(process.execPath, [program, ...words, '--port', '27740']);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) =>
      resolve((JSON.parse(chunk.toString()) as { address: string }).address));
    child.once('exit', () => reject(new Error(said)));
  });
  return {
    port: Number(new URL(address).port),
    said: () => said,
    stop: () => new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    }),
  };
}
