import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { generateBatch } from '../../../src/infrastructure/demo/demo-batch.js';

export interface Callers { readonly payee: string; readonly operator: string }

/** What was acknowledged: each must be in the log, once. */
export interface Acknowledged {
  readonly accounts: string[];
  readonly batches: { readonly batchId: string; readonly payments: number }[];
}

export const paymentsPerBatch = 150;
const patienceMs = 5_000;
const pauseMs = 100;
const bankCodes = ['0040037', '0050050', '0099689', '7000021'];

/**
 * Clients as they should be: the same request with the same key, at whichever process answers, until one says
 * what became of it. They end when they are told to, each with an answer to its last request.
 */
export class RetryingClients {
  readonly acknowledged: Acknowledged = { accounts: [], batches: [] };
  /** Answers that no client should ever get. */
  readonly strange: string[] = [];
  private stopping = false;
  private readonly ended: Promise<unknown>;
  private turn = 0;

  constructor(private readonly urls: readonly string[], callers: Callers, clients = 2) {
    const loops = Array.from({ length: clients }, (_, n) => this.apply(callers.payee, n));
    this.ended = Promise.all([...loops, this.deliver(callers.operator)]);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.ended;
  }

  private async apply(token: string, client: number): Promise<void> {
    for (let n = 0; !this.stopping; n++) {
      const body = JSON.stringify({
        bankCode: bankCodes[0], accountNumber: `8${client}${String(n).padStart(6, '0')}`, accountName: '測試',
      });
      const answer = await this.ask('/api/v1/accounts', token, 'application/json', body);
      const { accountId } = answer.body as { accountId: string };
      if (answer.status === 201) this.acknowledged.accounts.push(accountId);
      else this.strange.push(JSON.stringify(answer));
      await delay(pauseMs);
    }
  }

  private async deliver(token: string): Promise<void> {
    for (let seed = 1_000; !this.stopping; seed++) {
      const file = [...generateBatch({ payments: paymentsPerBatch, seed, bankCodes })].join('');
      const { status, body } = await this.ask('/api/v1/payment-batches', token, 'text/csv', file);
      const { batchId, recorded } = body as { batchId: string; recorded?: { payments: number } };
      if ((status === 200 || status === 201) && recorded) {
        this.acknowledged.batches.push({ batchId, payments: recorded.payments });
      } else this.strange.push(JSON.stringify({ status, body }));
    }
  }

  /** The next process is asked each time: the last one may be dead. 202 and 503 both mean: ask again. */
  private async ask(path: string, token: string, type: string, body: string) {
    const headers = {
      'authorization': `Bearer ${token}`, 'content-type': type, 'idempotency-key': randomUUID(),
      'prefer': 'wait=2',
    };
    for (;;) {
      const url = this.urls[this.turn++ % this.urls.length] ?? '';
      const signal = AbortSignal.timeout(patienceMs);
      const answer = await fetch(url + path, { method: 'POST', headers, body, signal })
        .then(async (response) => ({ status: response.status, body: await response.json() as unknown }))
        .catch(() => null);
      if (answer !== null && answer.status !== 202 && answer.status !== 503) return answer;
      await delay(pauseMs);
    }
  }
}
