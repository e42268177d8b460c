import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { CardBox } from '../../../card-agent/src/virtual/card-box.js';
import type { VirtualNhiCard } from '../../../card-agent/src/virtual/card-content.js';
import type { Mishap } from '../../../card-agent/src/virtual/card-process.js';
import { PrivatePcscd, findVirtualDriver } from '../../../card-agent/src/virtual/private-pcscd.js';

const agentRoot = resolve(__dirname, '..', '..', '..', 'card-agent');
const softHsm = '/usr/lib/softhsm/libsofthsm2.so';
const bindings = ['pcsclite/build/Release/pcsclite.node', 'pkcs11js/build/Release/pkcs11.node'];
const needed = [
  softHsm, '/usr/bin/pkcs11-tool', ...bindings.map((file) => join(agentRoot, 'node_modules', file)),
];
export const canHoldCards = findVirtualDriver() !== null && needed.every((file) => existsSync(file));

export const pin = '246810';
const longestMs = 20_000;

interface OnTheDesk {
  readonly home: string;
  readonly pcscd: PrivatePcscd;
  readonly box: CardBox;
  readonly agent: ChildProcess;
  readonly url: string;
  readonly site: string;
}

/**
 * What stands on a person's desk: a reader (a pcscd of our own, the virtual reader), certificate cards
 * (tokens of SoftHSM2) and the card agent as a process of its own, for the pages of one site.
 */
export class CardDesk {
  private constructor(private readonly desk: OnTheDesk) {}

  static async open(site: string): Promise<CardDesk> {
    const home = mkdtempSync(join(tmpdir(), 'card-desk-'));
    mkdirSync(join(home, 'tokens'));
    writeFileSync(join(home, 'softhsm2.conf'), `directories.tokendir = ${join(home, 'tokens')}\n`);
    const pcscd = new PrivatePcscd(findVirtualDriver() ?? '', 30_000 + (process.pid % 1000) * 2);
    await pcscd.start();
    const agent = spawn(process.execPath, [
      join(agentRoot, 'bin', 'card-agent.mjs'), 'serve', '--json', '--home', home, '--origin', site,
      '--certificate-module', softHsm,
    ], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PCSCLITE_CSOCK_NAME: pcscd.socket, SOFTHSM2_CONF: join(home, 'softhsm2.conf') },
    });
    const box = new CardBox(join(agentRoot, 'dist', 'virtual', 'card-process.js'));
    for await (const line of createInterface({ input: agent.stdout })) {
      const { address } = JSON.parse(line) as { address: string };
      return new CardDesk({ home, pcscd, box, agent, url: address, site });
    }
    throw new Error('the card agent ended');
  }

  async insert(card: VirtualNhiCard, mishap?: Mishap): Promise<void> {
    await this.desk.box.insert(this.desk.pcscd.slots[0] ?? 0, card, mishap);
    await this.until('present');
  }

  async remove(): Promise<void> {
    await this.desk.box.remove(this.desk.pcscd.slots[0] ?? 0);
    await this.until('absent');
  }

  /** A certificate card with this key (PKCS#8) and certificate, both DER, in files. */
  insertToken(label: string, key: string, certificate: string): void {
    const env = { ...process.env, SOFTHSM2_CONF: join(this.desk.home, 'softhsm2.conf') };
    const options = { env, stdio: 'pipe' } as const;
    const words = ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '12345678'];
    execFileSync('softhsm2-util', words, options);
    for (const [type, file] of [['privkey', key], ['cert', certificate]] as const) {
      execFileSync('pkcs11-tool', [
        '--module', softHsm, '--token-label', label, '--login', '--pin', pin, '--write-object', file,
        '--type', type, '--id', '01', ...(type === 'privkey' ? ['--usage-sign'] : []),
      ], options);
    }
  }

  removeTokens(): void {
    rmSync(join(this.desk.home, 'tokens'), { recursive: true });
    mkdirSync(join(this.desk.home, 'tokens'));
  }

  /** What a page asks of the agent, and what the person does on the agent's own page. */
  async asked(kind: CardUse, nonce: string, origin = this.desk.site): Promise<Answer> {
    const { url } = this.desk;
    let answered = false;
    const answer = this.post(`/${kind}`, { nonce }, origin).finally(() => { answered = true; });
    const deadline = Date.now() + longestMs;
    while (!answered && Date.now() < deadline) {
      const { json } = await this.post('/consent/pending', {}, url);
      const pending = json['pending'] as Pending | null;
      if (pending) {
        const [choice] = pending.choices;
        const chosen = choice ? { certificate: choice.id, pin } : {};
        await this.post('/consent/decision', { token: pending.token, decision: 'allow', ...chosen }, url);
        break;
      }
      await delay(50);
    }
    return answer;
  }

  async close(): Promise<void> {
    const { agent, box, pcscd, home } = this.desk;
    agent.kill('SIGTERM');
    await new Promise((done) => { agent.once('exit', done); });
    box.close();
    await pcscd.close();
    rmSync(home, { recursive: true, force: true });
  }

  private async post(path: string, body: object, origin: string): Promise<Answer> {
    const response = await fetch(new URL(path, this.desk.url), {
      method: 'POST', headers: { origin, 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    return { status: response.status, json: await response.json() as Record<string, unknown> };
  }

  private async until(wanted: 'present' | 'absent'): Promise<void> {
    const deadline = Date.now() + longestMs;
    for (;;) {
      const response = await fetch(new URL('/status', this.desk.url));
      const { readers = [] } = await response.json() as { readers?: { card: string }[] };
      const isPresent = readers.some(({ card }) => card === 'present');
      if (readers.length > 0 && isPresent === (wanted === 'present')) return;
      if (Date.now() > deadline) throw new Error(`the reader is not ${wanted}`);
      await delay(50);
    }
  }
}

export type CardUse = 'nhi-card' | 'certificate-signature';
interface Pending { readonly token: string; readonly choices: readonly { readonly id: string }[] }
export interface Answer { readonly status: number; readonly json: Record<string, unknown> }
