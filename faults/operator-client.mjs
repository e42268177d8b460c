// The treasury's side: delivers small batches, tells later statuses of payments delivered before, corrects
// one now and then, and delivers old files again.
import { setTimeout as pause } from 'node:timers/promises';

const rememberedFiles = 10;
const againPerMille = 120;
const correctPerMille = 400;
const laterPerMille = 500;
const waitSeconds = 2;
const lookAgainMs = 100;
const thinkMs = 60;
const agency = 'F1';
const fiscalYear = 115;

export class OperatorClient {
  #batches = 0;
  #corrections = 0;
  #recorded = [];
  #files = [];

  constructor({ name, calls, ledger, random, token, paymentIdOf, batchStreamOf }) {
    Object.assign(this, { name, calls, ledger, random, token, paymentIdOf, batchStreamOf });
  }

  async run(signal) {
    while (!signal.aborted) {
      if (this.#files.length > 0 && this.random.perMille(againPerMille)) await this.#deliverAgain();
      else await this.#deliverNext();
      if (this.#recorded.length > 0 && this.random.perMille(correctPerMille)) await this.#correct();
      await pause(thinkMs);
    }
    this.calls.close();
  }

  async #deliverNext() {
    const number = ++this.#batches;
    const batchId = `${this.name}-${number}`;
    const vouchers = Array.from({ length: this.random.between(3, 25) }, (_, n) =>
      `${batchId}-${n}`);
    // Each payment is returned at most once: what follows a return is another rule's business.
    const returned = this.random.perMille(laterPerMille) ? this.#recorded.splice(0, 2) : [];
    const file = { batchId, text: fileOf(batchId, vouchers, returned, this.random) };
    const outcome = await this.#outcomeOf(file);
    if (outcome === null) return void this.ledger.unanswered.push(`${this.name} batch ${batchId}`);
    if (outcome.wrong) return this.ledger.wrongAnswer(`${this.name} batch ${batchId}`, outcome.wrong);
    this.ledger.acknowledge([
      ...['PaymentBatchAccepted', 'PaymentBatchCompleted'].map((type) =>
        ({ stream: this.batchStreamOf(batchId), type })),
      ...vouchers.map((voucher) => ({ stream: this.#streamOf(voucher), type: 'PaymentRecorded' })),
      ...returned.map((voucher) => ({ stream: this.#streamOf(voucher), type: 'RemittanceReturned' })),
    ]);
    this.#recorded = [...this.#recorded, ...vouchers].slice(-200);
    this.#files = [...this.#files, file].slice(-rememberedFiles);
  }

  async #deliverAgain() {
    const file = this.random.pick(this.#files);
    const outcome = await this.#outcomeOf(file);
    if (outcome === null) return void this.ledger.unanswered.push(`${this.name} again ${file.batchId}`);
    if (outcome.wrong) this.ledger.wrongAnswer(`${this.name} again ${file.batchId}`, outcome.wrong);
  }

  /** Delivers, and asks until the work on the file has ended: `{}` when it is recorded. */
  async #outcomeOf({ batchId, text }) {
    const delivered = await this.calls.settle({
      path: '/payment-batches', token: this.token, key: `batch-${batchId}`, body: text, type: 'text/csv',
      headers: { prefer: `wait=${waitSeconds}` },
    });
    if (delivered === null || delivered.status !== 202) return verdictOf(delivered);
    const path = `/payment-batches/deliveries/${delivered.body.deliveryId}`;
    for (;;) {
      const answer = await this.calls.settle({ method: 'GET', path, token: this.token });
      if (answer === null || answer.status !== 200) return answer && { wrong: answer };
      if (answer.body.outcome === 'completed') return {};
      if (answer.body.outcome === 'refused') return { wrong: answer };
      await pause(lookAgainMs);
    }
  }

  async #correct() {
    const voucher = this.random.pick(this.#recorded);
    const amount = 1_000_000 + ++this.#corrections;
    const answer = await this.calls.settle({
      path: `/payments/${this.#paymentIdOf(voucher)}/corrections`, token: this.token,
      key: `correction-${this.name}-${this.#corrections}`,
      body: JSON.stringify({ reason: '金額誤植', correction: { amount } }),
    });
    if (answer === null) return void this.ledger.unanswered.push(`${this.name} correction ${voucher}`);
    if (answer.status !== 201) return this.ledger.wrongAnswer(`${this.name} correction`, answer);
    const { position } = answer.body;
    this.ledger.acknowledge([{ stream: this.#streamOf(voucher), type: 'PaymentCorrected', position }]);
  }

  #paymentIdOf(voucherNo) {
    return this.paymentIdOf({ agencyCode: agency, fiscalYear, voucherNo, seq: '1' });
  }

  #streamOf(voucherNo) {
    return `payment-${this.#paymentIdOf(voucherNo)}`;
  }
}

const verdictOf = (answer) =>
  answer === null ? null : answer.status === 200 || answer.status === 201 ? {} : { wrong: answer };

function fileOf(batchId, vouchers, returned, random) {
  const lines = [`H,1,${batchId},2026-10-30T18:00:00+08:00`];
  let [sum, invoices] = [0, 0];
  for (const [n, voucher] of vouchers.entries()) {
    const amount = random.between(100, 90_000);
    lines.push(`P,${agency},示範機關,02-0000-0000,${fiscalYear},${voucher},1,2026-10-01,080001,0040037,`
      + `${String(random.between(1, 60)).padStart(12, '0')},${amount},已匯款,業務費`);
    if (n % 2 === 0) lines.push(`I,KS${String(10_000_000 + n)},2026-09-15,${amount}`);
    invoices += n % 2 === 0 ? 1 : 0;
    sum += amount;
  }
  for (const voucher of returned) {
    lines.push(`S,${agency},${fiscalYear},${voucher},1,退匯,2026-10-20,帳號錯誤`);
  }
  lines.push(`T,${vouchers.length},${invoices},${sum}`);
  return lines.map((line) => `${line}\r\n`).join('');
}
