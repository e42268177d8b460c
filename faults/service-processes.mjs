// API, projectors and workers as an operator starts them: `node dist/main.js` with ROLES. Restarted when they
// end, as a supervisor would; an end that nobody asked for is remembered.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const wordsKept = 4_000;
const supervisorPauseMs = 300;
const stopMs = 20_000;

/** None of them outlives us. */
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class ServiceProcess {
  unexpectedExits = [];
  #child;
  /** Children whose end was asked for. */
  #dismissed = new WeakSet();
  #words = '';
  #startedAt = 0;

  constructor({ name, main, environment, directory, managementPort }) {
    Object.assign(this, { name, main, environment, managementPort });
    this.readyFile = join(directory, name, 'ready.json');
    mkdirSync(join(directory, name), { recursive: true });
  }

  start() {
    this.#words = '';
    this.#startedAt = performance.now();
    rmSync(this.readyFile, { force: true });
    const child = spawn(process.execPath, [this.main], {
      env: { PATH: process.env.PATH, READY_FILE: this.readyFile, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    child.stderr.on('data', (words) => this.#note(String(words)));
    // Its log; what it tells a person at the terminal (addresses, tokens of the demo) explains no death.
    child.stdout.on('data', (words) => this.#note(
      String(words).split('\n').filter((line) => line.startsWith('{')).join('\n')));
    child.once('exit', (code, signal) => this.#ended(child, code ?? signal));
  }

  get pid() {
    return this.#child.pid;
  }

  /** Started as far as it goes: it says so in a file, which is taken away before every start. */
  isUp() {
    return !hasEnded(this.#child) && existsSync(this.readyFile);
  }

  /** What it says it waits for, and its last words: for whoever looks at one that does not come up. */
  async told() {
    const { managementPort } = this;
    const ready = await fetch(`http://127.0.0.1:${managementPort}/health/ready`, {
      signal: AbortSignal.timeout(2_000),
    }).then((answer) => answer.text(), String);
    const age = Math.round(performance.now() - this.#startedAt);
    return this.#told(`says ${ready.trim()}, started ${age} ms ago`);
  }

  /** Resolves when it is gone, and its port with it. */
  async kill() {
    const child = this.#child;
    this.#dismissed.add(child);
    if (hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Politely; whoever does not end in time, or not well, has ended unexpectedly. */
  async stop() {
    const child = this.#child;
    this.#dismissed.add(child);
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const result = await Promise.race([ended, pause(stopMs, 'still running', { ref: false })]);
    if (result[0] === 0) return;
    child.kill('SIGKILL');
    this.unexpectedExits.push(this.#told(`asked to stop: ${String(result)}`));
  }

  #ended(child, how) {
    running.delete(child);
    if (this.#dismissed.has(child)) return;
    this.unexpectedExits.push(this.#told(`ended by itself: ${how}`));
    setTimeout(() => this.#dismissed.has(child) || this.start(), supervisorPauseMs);
  }

  #told(what) {
    return `${this.name} ${what}\n${this.#words}`;
  }

  #note(words) {
    this.#words = `${this.#words}${words}`.slice(-wordsKept);
  }
}

const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;
