// What a careful client does: the same request with the same Idempotency-Key again until it is answered.
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Longer than the service itself waits for anything before it says 503. */
const patienceMs = 10_000;
const retryAfterMs = { first: 20, longest: 320 };

export class Calls {
  #agent = new Agent({ keepAlive: true, maxSockets: 2 });
  #turn = 0;
  attempts = 0;

  /** `deadline()`: the instant after which nobody tries again. */
  constructor({ ports, turn, deadline }) {
    Object.assign(this, { ports, deadline });
    this.#turn = turn;
  }

  /** The answer that settles the request: anything but silence and the server's own trouble; else null. */
  async settle(request) {
    for (let waitMs = retryAfterMs.first; Date.now() < this.deadline();) {
      this.attempts++;
      const answer = await this.#once(request).catch(() => null);
      if (answer !== null && answer.status < 500) return answer;
      // Perhaps this process is gone: on with the next one.
      this.#turn++;
      await pause(waitMs);
      waitMs = Math.min(waitMs * 2, retryAfterMs.longest);
    }
    return null;
  }

  close() {
    this.#agent.destroy();
  }

  #once({ method = 'POST', path, token, key, body, type = 'application/json', headers = {} }) {
    const port = this.ports[this.#turn % this.ports.length];
    const options = {
      host: '127.0.0.1', port, method, path: `/api/v1${path}`, agent: this.#agent,
      headers: {
        authorization: `Bearer ${token}`,
        ...(key && { 'idempotency-key': key }), ...(body && { 'content-type': type }), ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const tooLong = setTimeout(() => call.destroy(new Error('no answer')), patienceMs);
      const call = httpRequest(options, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => resolve(answerOf(response, parts)));
      });
      call.once('error', reject);
      call.once('close', () => clearTimeout(tooLong));
      call.end(body);
    });
  }
}

function answerOf({ statusCode, headers, complete }, parts) {
  if (!complete) throw new Error('the answer was cut off');
  const text = Buffer.concat(parts).toString();
  return { status: statusCode, headers, text, body: JSON.parse(text) };
}
