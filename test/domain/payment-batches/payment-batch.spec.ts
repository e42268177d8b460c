import type {
  AcceptBatch, CompleteBatch, RefuseBatch,
} from '../../../src/domain/payment-batches/payment-batch.js';
import { isBatchId, paymentBatchDecider } from '../../../src/domain/payment-batches/payment-batch.js';
import type {
  BatchError, PaymentBatchAccepted, PaymentBatchCompleted, PaymentBatchFact,
} from '../../../src/domain/payment-batches/payment-batch.events.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(paymentBatchDecider);
const batchId = 'B1080510-001';
const at = '2019-05-10T03:00:00.000Z';
const totals = { payments: 2, invoices: 3, amount: 45_720 };
const recorded = { payments: 2, statusChanges: 1, alreadyKnown: 0 };
const wrong: BatchError = { line: 3, code: 'payment/invalid-amount', field: 'amount' };

const accept = (changes: Partial<AcceptBatch> = {}): AcceptBatch => ({
  type: 'AcceptBatch', batchId, fileHash: 'aa', issuedAt: at, totals, statusChanges: 1, by: 'wu', at,
  ...changes,
});
const refuseFile = (changes: Partial<RefuseBatch> = {}): RefuseBatch => ({
  type: 'RefuseBatch', batchId, fileHash: 'aa', errors: [wrong], errorCount: 1, by: 'wu', at, ...changes,
});
const complete: CompleteBatch = { type: 'CompleteBatch', batchId, recorded, at };

const accepted = (fileHash = 'aa'): PaymentBatchAccepted => ({ type: 'PaymentBatchAccepted', data: {
  batchId, fileHash, issuedAt: at, totals, statusChanges: 1, deliveredBy: 'wu', acceptedAt: at,
} });
const refused = (errors = [wrong], errorCount = 1, fileHash = 'aa'): PaymentBatchFact => ({
  type: 'PaymentBatchRefused',
  data: { batchId, fileHash, errors, errorCount, deliveredBy: 'wu', refusedAt: at },
});
const completed: PaymentBatchCompleted =
  { type: 'PaymentBatchCompleted', data: { batchId, recorded, completedAt: at } };

describe('accepting a batch', () => {
  it('is recorded with its totals', () => given().when(accept()).thenFacts(accepted()));

  it('says nothing for the same file again, completed or not', () => {
    given(accepted()).when(accept()).thenNothing();
    given(accepted(), completed).when(accept()).thenNothing();
  });

  it('refuses another file under the same id, completed or not', () => {
    given(accepted()).when(accept({ fileHash: 'bb' })).thenRefused('batch/id-reused');
    given(accepted(), completed).when(accept({ fileHash: 'bb' })).thenRefused('batch/id-reused');
  });

  it('welcomes a corrected file under a refused id', () =>
    given(refused()).when(accept({ fileHash: 'bb' })).thenFacts(accepted('bb')));

  it('welcomes a refused file that is right by now', () =>
    given(refused()).when(accept()).thenFacts(accepted()));

  it.each(['', 'a b', 'ä', 'x'.repeat(65), 'a/b'])('refuses %j as an id', (id) => {
    expect(isBatchId(id)).toBe(false);
    given().when(accept({ batchId: id })).thenRefused('batch/invalid-id');
  });

  it.each(['.', '..', '-a', '_a', '.a'])('refuses %j as a new id: no address ends in it', (id) =>
    given().when(accept({ batchId: id })).thenRefused('batch/invalid-id'));

  it('completes what was accepted under such an id before', () => {
    const old = { batchId: '.a' };
    const before = { ...accepted(), data: { ...accepted().data, ...old } };
    given(before).when({ ...complete, ...old })
      .thenFacts({ ...completed, data: { ...completed.data, ...old } });
  });
});

describe('refusing a batch', () => {
  it('is recorded with what was wrong', () => given().when(refuseFile()).thenFacts(refused()));

  it('says nothing when the same file is refused for the same errors again', () =>
    given(refused()).when(refuseFile()).thenNothing());

  it('is recorded anew for another file, and for other errors in the same one', () => {
    given(refused()).when(refuseFile({ fileHash: 'bb' })).thenFacts(refused([wrong], 1, 'bb'));
    const other = { ...wrong, line: 4 };
    given(refused()).when(refuseFile({ errors: [other] })).thenFacts(refused([other]));
  });

  it('keeps the first 1,000 errors and counts all', () => {
    const errors = Array.from({ length: 1_001 }, (_, i) => ({ line: i + 2, code: 'payment/invalid-date' }));
    given().when(refuseFile({ errors, errorCount: 5_000 }))
      .thenFacts(refused(errors.slice(0, 1_000) as [], 5_000));
  });

  it('refuses to refuse for nothing', () =>
    given().when(refuseFile({ errors: [], errorCount: 0 })).thenRefused('batch/no-errors'));

  it('refuses to take back an acceptance', () => {
    given(accepted()).when(refuseFile()).thenRefused('batch/already-accepted');
    given(accepted(), completed).when(refuseFile()).thenRefused('batch/already-accepted');
  });

  it('refuses another file under an accepted id', () =>
    given(accepted()).when(refuseFile({ fileHash: 'bb' })).thenRefused('batch/id-reused'));
});

describe('completing a batch', () => {
  it('is recorded with what was recorded', () => given(accepted()).when(complete).thenFacts(completed));

  it('says nothing when already completed', () => given(accepted(), completed).when(complete).thenNothing());

  it('refuses what was not accepted', () => {
    given().when(complete).thenRefused('batch/not-accepted');
    given(refused()).when(complete).thenRefused('batch/not-accepted');
  });
});
