import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const daemon = '/usr/sbin/pcscd';
// On Linux it ends with us, however we end.
const mortal = existsSync('/usr/bin/setpriv') ? '/usr/bin/setpriv --pdeathsig KILL' : '';
const driverFolders = ['/usr/lib/pcsc/drivers/serial', '/usr/lib/x86_64-linux-gnu/pcsc/drivers/serial',
  '/usr/lib/aarch64-linux-gnu/pcsc/drivers/serial'];

/** The driver of virtual readers, when pcscd and it are installed. */
export function findVirtualDriver(): string | null {
  if (!existsSync(daemon)) return null;
  const folder = driverFolders.find((name) =>
    existsSync(name) && readdirSync(name).includes('libifdvpcd.so'));
  return folder === undefined ? null : join(folder, 'libifdvpcd.so');
}

/**
 * A pcscd of our own with virtual readers alone: at a socket of its own (clients find it by
 * PCSCLITE_CSOCK_NAME), so that neither root nor the machine's own pcscd comes into it. The socket is handed
 * over as systemd does it, because pcscd can be told of no other place.
 */
export class PrivatePcscd {
  private readonly folder = mkdtempSync(join(tmpdir(), 'card-agent-pcscd-'));
  readonly socket = join(this.folder, 'pcscd.comm');
  private child: ChildProcess | null = null;

  /** One reader with two slots, at the port and the next one: the driver keeps no more than one reader. */
  constructor(driver: string, private readonly port: number) {
    const channel = `0x${port.toString(16)}`;
    const configuration = [
      'FRIENDLYNAME "Virtual reader"', `DEVICENAME /dev/null:${channel}`, `LIBPATH ${driver}`,
      `CHANNELID ${channel}`,
    ].join('\n');
    mkdirSync(join(this.folder, 'reader.conf.d'));
    writeFileSync(join(this.folder, 'reader.conf.d', 'virtual'), `${configuration}\n`);
  }

  get slots(): readonly number[] {
    return [this.port, this.port + 1];
  }

  get processId(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<void> {
    const server = await listenAt(`${this.socket}.new`);
    renameSync(`${this.socket}.new`, this.socket);
    const fd = (server as Server & { _handle: { fd: number } })._handle.fd;
    const readers = join(this.folder, 'reader.conf.d');
    const command = `${mortal} ${daemon} --foreground --critical --config "${readers}"`;
    const run = `LISTEN_FDS=1 LISTEN_PID=$$ exec ${command}`;
    this.child = spawn('/bin/sh', ['-c', run], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    await new Promise((resolve) => server.close(resolve));
    for (const port of this.slots) await this.waitForSlot(port);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill(signal);
    });
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The driver listens once pcscd has loaded it. */
  private async waitForSlot(port: number): Promise<void> {
    const end = Date.now() + 20_000;
    while (!isListening(port)) {
      if (Date.now() > end || this.child?.exitCode !== null) throw new Error('pcscd did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function listenAt(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

/** From the kernel's table: to connect would be to put a card in. */
function isListening(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  const listening = ' 0A ';
  return readFileSync('/proc/net/tcp', 'utf8').split('\n')
    .some((line) => line.includes(local) && line.includes(listening));
}
