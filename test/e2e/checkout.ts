import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const project = resolve(__dirname, '..', '..');
const startMs = 180_000;
const stopMs = 60_000;

export interface Ready {
  readonly url: string;
  readonly cardAgent: { readonly url: string; readonly reader: string } | null;
  readonly principals: readonly {
    readonly name: string; readonly roles: readonly string[]; readonly token: string;
  }[];
}

/** The committed files elsewhere, as a clone has them; only node_modules is borrowed, to save minutes. */
export class Checkout {
  readonly directory = mkdtempSync(join(tmpdir(), 'treasury-checkout-'));
  /** Of whatever is run from here on, besides what a person's terminal has. */
  settings: NodeJS.ProcessEnv = {};
  private readonly started: StartedService[] = [];

  constructor() {
    // As any directory a person would clone into: PostgreSQL runs as another user when the tests run as root.
    chmodSync(this.directory, 0o755);
    for (const file of committedFiles()) {
      const from = join(project, file);
      if (existsSync(from)) cpSync(from, join(this.directory, file), { recursive: true });
    }
    for (const folder of ['', 'card-agent']) {
      const from = join(project, folder, 'node_modules');
      if (existsSync(from)) symlinkSync(from, join(this.directory, folder, 'node_modules'));
    }
  }

  /** `npm start`, in a process group of its own, as a terminal would start it. */
  start(): StartedService {
    const service = new StartedService(this.directory, this.settings);
    this.started.push(service);
    return service;
  }

  async serve(): Promise<StartedService> {
    const service = this.start();
    // ready.json alone may be a killed run's, until this one has removed it.
    await until(startMs, () => service.output.includes('ready at') || service.hasEnded);
    if (service.hasEnded) throw new Error(`npm start ended without being ready:\n${service.output}`);
    return service;
  }

  run(command: string, args: readonly string[]): string {
    const env = { ...environment(), ...this.settings };
    return execFileSync(command, args, { cwd: this.directory, env, encoding: 'utf8' });
  }

  get ready(): Ready {
    return JSON.parse(this.read('ready.json')) as Ready;
  }

  get isReady(): boolean {
    return existsSync(this.inVar('ready.json'));
  }

  /** Of the process that serves; npm and its shell only stand in front of it. */
  get servingPid(): number {
    return (JSON.parse(this.read('instance.lock')) as { pid: number }).pid;
  }

  get postgresPid(): number {
    return Number(this.read('postgres/data/postmaster.pid').split('\n')[0]);
  }

  /** Every process that works on this checkout's data or serves from it. */
  processes(): string[] {
    return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n')
      .filter((line) => ['var/postgres', 'var/demo-cards', 'card-agent/dist']
        .some((place) => line.includes(`${this.directory}/${place}`)));
  }

  async remove(): Promise<void> {
    for (const service of this.started) await service.kill();
    for (const line of this.processes()) process.kill(Number(line.trim().split(' ')[0]), 'SIGINT');
    await until(stopMs, () => this.processes().length === 0);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private inVar(file: string): string {
    return join(this.directory, 'var', file);
  }

  private read(file: string): string {
    return readFileSync(this.inVar(file), 'utf8');
  }
}

export class StartedService {
  private readonly child: ChildProcess;
  output = '';
  hasEnded = false;

  constructor(directory: string, settings: NodeJS.ProcessEnv) {
    const env = { ...environment(), ...settings };
    this.child = spawn('npm', ['start'], { cwd: directory, env, detached: true });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    }
    // 'close' comes when nobody holds the output any more: npm, its shell and the service have all ended.
    this.child.once('close', () => { this.hasEnded = true; });
  }

  get npmPid(): number {
    if (this.child.pid === undefined) throw new Error('npm did not start');
    return this.child.pid;
  }

  /** What Ctrl-C does: the whole group gets it. */
  interrupt(): void {
    process.kill(-this.npmPid, 'SIGINT');
  }

  async ended(): Promise<void> {
    await until(stopMs, () => this.hasEnded);
    if (!this.hasEnded) throw new Error(`the service has not ended:\n${this.output}`);
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.interrupt();
    await this.ended();
  }

  async kill(): Promise<void> {
    if (this.hasEnded) return;
    try {
      process.kill(-this.npmPid, 'SIGKILL');
    } catch {
      // The group ended by itself in between.
    }
    await until(stopMs, () => this.hasEnded);
  }
}

export async function until(milliseconds: number, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!isSo() && Date.now() < deadline) await delay(100);
}

/** A process that has ended and that nobody has waited for (a zombie) is not alive. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

function committedFiles(): string[] {
  try {
    return execFileSync('git', ['ls-files', '-z'], { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 26 })
      .split('\0').filter((file) => file !== '');
  } catch {
    // Not a clone but an unpacked archive: everything in it was committed.
    return readdirSync(project).filter((name) => !['node_modules', 'dist', 'var', 'coverage'].includes(name));
  }
}

/** Nothing of the tests' own surroundings: what a person's terminal has, and a free port. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return { PATH, HOME, LANG, TMPDIR, PORT: '0' };
}
