// One campaign: a service of several processes over a database of its own, clients that keep calling, and a
// kill -9 per round of whatever the dice say; at the end everything is held against everything.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startClients } from './clients.mjs';
import { judgeLog, judgeTables, proven } from './judge.mjs';
import { keptPort } from './kept-port.mjs';
import { Ledger } from './ledger.mjs';
import { ServiceProcess } from './service-processes.mjs';

const roles = ['api', 'projector', 'worker'];
const longestPauseMs = 400;
/** As many as there are clients: the last kill is over when commands get through again. */
const acknowledgedBetweenKills = 8;
/** A campaign in which hardly anything was asked proves nothing. */
const leastAcknowledged = 250;
const startMs = 120_000;
/** A whole minute: on a busy machine a process takes that long to start. What it took is told. */
const recoverMs = 60_000;
const catchUpMs = 60_000;
const lookEveryMs = 10;

export class Campaign {
  stuck = [];
  #longestWaitMs = 0;
  #killed = {};

  /** `build`: the copy whose processes are killed; `sound`: the one that judges them. */
  constructor({ name, sound, build, postgres, directory, each, random, say }) {
    Object.assign(this, { name, sound, build, postgres, directory, each, random, say });
    this.ledger = new Ledger();
  }

  async run(rounds, kills = [...roles, 'postgres']) {
    await this.#open();
    try {
      await this.#startProcesses();
      const clients = await startClients(this);
      const from = Date.now();
      for (let round = 1; round <= rounds; round++) {
        await this.#round(this.random.pick(kills));
        if (round % 25 === 0 || round === rounds) this.say(this.#progress(round));
      }
      const seconds_per_round = Math.round((Date.now() - from) / Math.max(1, rounds) / 10) / 100;
      await this.#settle(clients);
      return { rounds, seconds_per_round, ...await this.#findings() };
    } finally {
      await Promise.all(this.processes.map((each) => each.stop()));
      await this.parts.close();
    }
  }

  async #open() {
    this.databaseUrl = await this.postgres.create(this.name);
    this.masterKey = randomBytes(32).toString('base64');
    const { migrate } = await this.sound.load('infrastructure/migrations/migrate.js');
    const { openParts } = await this.sound.load('app.module.js');
    const { createLogger } = await this.sound.load('infrastructure/logging.js');
    await migrate(this.databaseUrl);
    this.parts = openParts({
      databaseUrl: this.databaseUrl, masterKey: this.masterKey, connections: 5,
      logger: createLogger('silent'), wakeWorker: () => undefined,
    });
    this.processes = [];
    if (this.build !== this.sound) await this.#seed();
  }

  /** Whatever the service under test is like, the people of the demo are there when it starts. */
  async #seed() {
    const api = this.#process(this.sound, roles.join(), { n: 0, port: 0, managementPort: 0 });
    api.start();
    try {
      await this.#untilReady([api]);
    } finally {
      await api.stop();
    }
  }

  async #startProcesses() {
    for (const role of roles) {
      for (let n = 1; n <= this.each; n++) {
        const [port, managementPort] = [await keptPort(this.sound), await keptPort(this.sound)];
        this.processes.push(this.#process(this.build, role, { n, port, managementPort }));
      }
    }
    for (const each of this.processes) each.start();
    await this.#untilReady(this.processes);
  }

  async #untilReady(processes) {
    const deadline = Date.now() + startMs;
    while (!processes.every((each) => each.isUp())) {
      const exits = processes.flatMap((each) => each.unexpectedExits);
      if (Date.now() > deadline || exits.length > 0) {
        const late = processes.filter((each) => !each.isUp()).map(({ name }) => name);
        throw new Error(`not started: ${late.join(', ')}\n${exits.join('\n')}`);
      }
      await pause(lookEveryMs);
    }
  }

  #process({ main }, role, { n, port, managementPort }) {
    const { databaseUrl: DATABASE_URL, masterKey: MASTER_KEY } = this;
    const environment = {
      DATABASE_URL, MASTER_KEY, ROLES: role, PORT: String(port), LOG_LEVEL: 'error',
      MANAGEMENT_PORT: String(managementPort),
      ...(role.includes('api') && { DEMO: 'on', DEMO_PAYMENTS: '1' }),
    };
    const directory = join(this.directory, this.name);
    return Object.assign(
      new ServiceProcess({ name: `${role}-${n}`, main, environment, directory, managementPort }),
      { role, port });
  }

  /** Kills when the last kill has been survived: the one chosen works again, and commands get through. */
  async #round(role) {
    const before = this.ledger.acknowledged;
    await pause(this.random.below(longestPauseMs));
    const victim = role === 'postgres' ? null
      : this.random.pick(this.processes.filter((each) => each.role === role));
    await this.#within(recoverMs, `${victim?.name ?? role} before its next kill`, () =>
      this.ledger.acknowledged >= before + acknowledgedBetweenKills && (victim === null || victim.isUp()));
    this.#killed[role] = (this.#killed[role] ?? 0) + 1;
    if (victim === null) {
      await this.postgres.crash();
      await this.postgres.start();
    } else {
      await victim.kill();
      victim.start();
    }
  }

  async #within(milliseconds, what, isSo) {
    const from = Date.now();
    while (!await isSo()) {
      if (Date.now() > from + milliseconds) return this.#stuck(`not within ${milliseconds} ms: ${what}`);
      await pause(lookEveryMs);
    }
    this.#longestWaitMs = Math.max(this.#longestWaitMs, Date.now() - from);
  }

  async #stuck(what) {
    const late = this.processes.filter((each) => !each.isUp());
    const told = await Promise.all(late.map((each) => each.told()));
    this.stuck.push([what, ...told].join('\n'));
  }

  /** No more kills: clients get their last answers, tables catch up, processes end as asked. */
  async #settle(clients) {
    await this.#within(startMs, 'all processes', () => this.processes.every((each) => each.isUp()));
    await this.#within(recoverMs, `${leastAcknowledged} commands`, () =>
      this.ledger.acknowledged >= leastAcknowledged);
    await clients.finish();
    await this.#within(catchUpMs, 'tables caught up', () => this.#caughtUp());
    await Promise.all(this.processes.map((each) => each.stop()));
  }

  async #caughtUp() {
    const { rows: [{ behind }] } = await this.parts.pool.query(
      `SELECT count(*)::int AS behind FROM read.checkpoints
       WHERE position < (SELECT position FROM log.head)`);
    return behind === 0;
  }

  async #findings() {
    const { databaseUrl: DATABASE_URL, masterKey: MASTER_KEY, ledger } = this;
    const log = await judgeLog(this.parts.pool, ledger, this.base);
    const proof = await proven(this.sound, { DATABASE_URL, MASTER_KEY });
    const tables = await judgeTables(this.sound, this.parts);
    const differing = Object.values(tables).reduce((sum, rows) => sum + rows, 0);
    const { examples, gaps, ...counts } = log;
    const exits = this.#unexpectedExits();
    return {
      killed: this.#killed, acknowledged: ledger.acknowledged, ...counts,
      gaps: gaps.length, differing_rows: proof.equal ? differing : Math.max(1, differing),
      unexpected_exits: exits.length, wrong_answers: ledger.wrongAnswers.length,
      unanswered: ledger.unanswered.length, stuck: this.stuck.length,
      longest_recovery_ms: this.#longestWaitMs,
      evidence: [
        ...examples, ...gaps, proof.words, ...exits, ...ledger.wrongAnswers.slice(0, 10),
        ...ledger.unanswered.slice(0, 10), ...this.stuck,
      ].filter((words) => words !== ''),
    };
  }

  #unexpectedExits() {
    return this.processes.flatMap((each) => each.unexpectedExits);
  }

  #progress(round) {
    const { acknowledged, wrongAnswers } = this.ledger;
    const exits = this.#unexpectedExits().length;
    return `${this.name}: ${round} rounds, ${acknowledged} acknowledged, `
      + `${wrongAnswers.length} wrong answers, ${exits} unexpected exits`;
  }
}
