// A payee and a reviewer in one: applies for accounts, has them approved, rejected, withdrawn and removed,
// and now and then repeats an old request, as a proxy or an impatient person would.
import { setTimeout as pause } from 'node:timers/promises';

const accountsEach = 60;
const rememberedRequests = 20;
const repeatPerMille = 120;
const readPerMille = 40;
const thinkMs = 25;
const rejection = JSON.stringify({ reason: '證件不符' });

/** What may be done next to an account in this state. */
const possible = {
  free: ['apply'], pending: ['withdraw', 'approve', 'approve', 'reject'], approved: ['remove'],
};
const steps = {
  apply: { type: 'AccountApplied', then: 'pending', status: 201, shown: '審核中' },
  withdraw: { type: 'ApplicationWithdrawn', then: 'free', status: 200, shown: '已撤回' },
  approve: { type: 'AccountApproved', then: 'approved', status: 200, shown: '已核准' },
  reject: { type: 'AccountRejected', then: 'free', status: 200, shown: '未核准' },
  remove: { type: 'AccountRemoved', then: 'free', status: 200, shown: '已刪除' },
};

export class PayeeClient {
  #accounts = [];
  #opened = 0;
  #settled = [];
  #commands = 0;

  constructor({ name, calls, ledger, random, payeeToken, reviewerToken, accountIdOf }) {
    Object.assign(this, { name, calls, ledger, random, payeeToken, reviewerToken, accountIdOf });
  }

  async run(signal) {
    while (!signal.aborted) {
      if (this.#settled.length > 0 && this.random.perMille(repeatPerMille)) await this.#repeat();
      else await this.#step();
      await pause(thinkMs);
    }
    this.calls.close();
  }

  async #step() {
    while (this.#accounts.length < accountsEach) this.#accounts.push(this.#anotherAccount());
    const place = this.random.below(accountsEach);
    const account = this.#accounts[place];
    const what = this.random.pick(possible[account.state]);
    const { type, then, status } = steps[what];
    const request = this.#request(what, account);
    const answer = await this.calls.settle(request);
    if (answer?.status !== status) {
      // What became of it nobody knows now: nothing more is asked of this account.
      this.#accounts.splice(place, 1);
      if (answer === null) return void this.ledger.unanswered.push(`${this.name} ${what} ${request.key}`);
      return this.ledger.wrongAnswer(`${this.name} ${what}`, answer);
    }
    account.state = then;
    const { position } = answer.body;
    this.ledger.acknowledge([{ stream: `account-${account.id}`, type, position }]);
    this.#settled = [...this.#settled, { request, answer, what, account }].slice(-rememberedRequests);
    if (this.random.perMille(readPerMille)) await this.#readBack(account, what, position);
  }

  #anotherAccount() {
    const accountNumber = String(++this.#opened).padStart(12, '0');
    return { id: this.accountIdOf('0040037', accountNumber), accountNumber, state: 'free' };
  }

  #request(what, { id, accountNumber }) {
    const key = `${this.name}-${++this.#commands}`;
    const [payee, reviewer] = [{ token: this.payeeToken, key }, { token: this.reviewerToken, key }];
    switch (what) {
      case 'apply': {
        const body = JSON.stringify({ bankCode: '0040037', accountNumber, accountName: '測試戶名' });
        return { ...payee, path: '/accounts', body };
      }
      case 'withdraw': return { ...payee, path: `/accounts/${id}/withdrawal` };
      case 'remove': return { ...payee, method: 'DELETE', path: `/accounts/${id}` };
      case 'approve': return { ...reviewer, path: `/reviews/${id}/approval` };
      case 'reject': return { ...reviewer, path: `/reviews/${id}/rejection`, body: rejection };
    }
    throw new Error(`no such step: ${what}`);
  }

  /**
   * The same request again, long after it was answered: the same answer, and nothing happens. Rather one that
   * would be done again if it were not recognised: most others the rules themselves refuse.
   */
  async #repeat() {
    const dangerous = this.#settled.filter(({ what, account }) =>
      what === 'apply' && account.state === 'free');
    const { request, answer: earlier } = this.random.pick(dangerous.length > 0 ? dangerous : this.#settled);
    const answer = await this.calls.settle(request);
    if (answer === null) return void this.ledger.unanswered.push(`${this.name} repeat ${request.key}`);
    if (answer.status === earlier.status && answer.text === earlier.text) return;
    this.ledger.wrongAnswer(`${this.name} repeated ${request.key}, first answered ${earlier.text}`, answer);
  }

  /** Whoever writes and asks for its own write sees it, or hears that the table is not there yet. */
  async #readBack({ id }, what, position) {
    const path = `/reviews/${id}?wait-for=${position}`;
    const answer = await this.calls.settle({ method: 'GET', path, token: this.reviewerToken });
    if (answer === null || answer.body.account?.status === steps[what].shown) return;
    this.ledger.wrongAnswer(`${this.name} read back after ${what} at ${position}`, answer);
  }
}
