// A crowd that costs little: connections kept open as a reverse proxy keeps them, one request at a time on
// each, and of an answer only what is asked about it is read. A real crowd is on other machines; here it is
// on the same one, and Node's own HTTP client takes more CPU for a refusal than the service does.
import { connect } from 'node:net';

const headEnds = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

export class LeanCrowd {
  #connections = new Set();
  #free = [];
  #waiting = [];
  #watch;
  #isClosed = false;

  constructor(port, patienceMs) {
    this.port = port;
    this.patienceMs = patienceMs;
    // One look at all of them now and then, not a timer for each.
    this.#watch = setInterval(() => this.#letTheTiredGo(), 100);
  }

  async open(connections) {
    for (let n = 0; n < connections; n++) await this.#join();
  }

  close() {
    this.#isClosed = true;
    clearInterval(this.#watch);
    for (const connection of this.#connections) connection.socket.destroy();
  }

  /** `{ status, isToldWhen, ms }`; the status is null where nobody answered within the crowd's patience. */
  ask({ path, method = 'GET', token, key, body = '' }) {
    const text = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
      + (key ? `Idempotency-Key: ${key}\r\n` : '')
      + (body ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` : '')
      + `\r\n${body}`;
    return new Promise((resolve) => {
      const call = { text, resolve, from: performance.now() };
      const connection = this.#free.pop();
      if (connection) connection.send(call);
      else this.#waiting.push(call);
    });
  }

  #join() {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: this.port, noDelay: true });
      const connection = new Connection(socket, () => this.#isFree(connection));
      socket.once('error', reject);
      socket.once('connect', () => {
        this.#connections.add(connection);
        this.#isFree(connection);
        resolve();
      });
      socket.once('close', () => {
        if (!this.#connections.delete(connection)) return;
        this.#free = this.#free.filter((one) => one !== connection);
        connection.done({ status: null });
        if (!this.#isClosed) this.#join().catch(() => undefined);
      });
    });
  }

  #isFree(connection) {
    const next = this.#waiting.shift();
    if (next) connection.send(next);
    else this.#free.push(connection);
  }

  #letTheTiredGo() {
    const before = performance.now() - this.patienceMs;
    for (const { call, socket } of this.#connections) if (call?.from < before) socket.destroy();
  }
}

class Connection {
  call = null;
  #head = nothing;
  #bodyLeft = 0;
  #answer = null;

  constructor(socket, whenFree) {
    this.socket = socket;
    this.whenFree = whenFree;
    socket.on('data', (bytes) => this.#take(bytes));
  }

  send(call) {
    this.call = call;
    this.socket.write(call.text);
  }

  done(answer) {
    const { call } = this;
    this.call = null;
    this.#answer = null;
    call?.resolve({ ...answer, ms: performance.now() - call.from });
  }

  #take(bytes) {
    let body = bytes;
    if (this.#answer === null) {
      const read = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
      const end = read.indexOf(headEnds);
      if (end < 0) {
        this.#head = read;
        return;
      }
      this.#head = nothing;
      this.#begin(read.toString('latin1', 0, end));
      body = read.subarray(end + headEnds.length);
    }
    this.#bodyLeft -= body.length;
    if (this.#bodyLeft > 0) return;
    const { closes, ...answer } = this.#answer;
    this.done(answer);
    // Its end is told by the socket, and another one takes its place.
    if (!closes) this.whenFree();
  }

  #begin(head) {
    const told = head.toLowerCase();
    this.#bodyLeft = Number(/\r\ncontent-length: (\d+)/.exec(told)?.[1]);
    this.#answer = {
      status: Number(head.slice(9, 12)), isToldWhen: told.includes('\r\nretry-after: '),
      closes: told.includes('\r\nconnection: close'),
    };
  }
}
