import 'reflect-metadata';
import {
  applicantStream, bankCodeDirectoryStream, paymentBatchStream, paymentStream,
} from '../../src/application/stream-names.js';
import type { DomainFact } from '../../src/domain/facts.js';
import { applicants } from '../../src/projections/applicants/applicants.projection.js';
import { FindApplicant, FindApplicantHandler } from '../../src/projections/applicants/find-applicant.js';
import { bankDirectory } from '../../src/projections/bank-directory/bank-directory.projection.js';
import type { BankCodesQuestion } from '../../src/projections/bank-directory/find-bank-codes.js';
import { FindBankCodes, FindBankCodesHandler } from '../../src/projections/bank-directory/find-bank-codes.js';
import { ListOnlineBankCodesHandler } from '../../src/projections/bank-directory/list-online-bank-codes.js';
import { FindBatch, FindBatchHandler } from '../../src/projections/payment-batches/find-batch.js';
import { FindBatches, FindBatchesHandler } from '../../src/projections/payment-batches/find-batches.js';
import { paymentBatches } from '../../src/projections/payment-batches/payment-batches.projection.js';
import {
  FindPaymentHistory, FindPaymentHistoryHandler,
} from '../../src/projections/payment-timeline/find-payment-history.js';
import { paymentTimeline } from '../../src/projections/payment-timeline/payment-timeline.projection.js';
import type { ReadSide } from './support/read-side.js';
import { caughtUp, openReadSide, record } from './support/read-side.js';
import { paymentRecorded } from './support/stored.js';
import { person, staff } from '../../src/projections/viewer.js';

const at = '2024-05-10T01:00:00.000Z';
const hash = (digit: string): string => digit.repeat(64);
const applicantId = 'b0000000-0000-4000-8000-000000000001';
const payment = paymentRecorded();
const { paymentId } = payment.data;

const opened = (bankCode: string, name: string, effectiveDate = '2006-11-20'): DomainFact =>
  ({ type: 'BankCodeOpened', data: { bankCode, name, effectiveDate } });

const directory: DomainFact[] = [
  { type: 'BankNamed', data: { bank: '004', name: '臺灣銀行', effectiveDate: '2006-01-01' } },
  opened('0040037', '臺灣銀行營業部'), opened('0040059', '臺灣銀行館前分行'), opened('0050015', '土地銀行總行'),
  opened('0050026', '100%分行', '2023-12-18'),
  { type: 'BankCodeClosed', data: { bankCode: '0040059', effectiveDate: '2023-12-18' } },
];

const accepted = (batchId: string, fileHash: string): DomainFact => ({
  type: 'PaymentBatchAccepted',
  data: {
    batchId, fileHash, issuedAt: at, totals: { payments: 2, invoices: 3, amount: 500 }, statusChanges: 1,
    deliveredBy: 'operator', acceptedAt: at,
  },
});
const refused = (batchId: string, fileHash: string): DomainFact => ({
  type: 'PaymentBatchRefused',
  data: {
    batchId, fileHash, errors: [{ line: 3, code: 'batch/bad-date', field: 'paymentDate' }], errorCount: 2_000,
    deliveredBy: 'operator', refusedAt: at,
  },
});

interface Named { readonly batchId: string }

let side: ReadSide;
beforeAll(async () => {
  side = await openReadSide();
  await record(side.log, new Map([
    [bankCodeDirectoryStream, directory],
    [paymentBatchStream('b-1'), [
      refused('b-1', hash('1')), accepted('b-1', hash('2')),
      { type: 'PaymentBatchCompleted', data: {
        batchId: 'b-1', recorded: { payments: 2, statusChanges: 1, alreadyKnown: 0 }, completedAt: at,
      } },
    ]],
    [paymentBatchStream('b-2'), [accepted('b-2', hash('3'))]],
    [paymentBatchStream('b-3'), [refused('b-3', hash('4'))]],
    [paymentStream(paymentId), [payment, {
      type: 'PaymentCorrected',
      data: { paymentId, correction: { amount: 5 }, reason: '誤植', correctedBy: 'op', correctedAt: at },
    }]],
    [applicantStream(applicantId), [
      { type: 'ApplicantRegistered', data: {
        applicantId, kind: 'person', idNumber: { plain: 'A123456789' }, name: { plain: '王小明' },
        registeredAt: at,
      } },
      { type: 'ApplicantContactChanged', data: {
        applicantId, changeId: 'c0000000-0000-4000-8000-000000000001',
        contact: { phone: { plain: '02-2322' } }, changedBy: applicantId, changedAt: at,
      } },
    ]],
  ]));
  await caughtUp(side, [applicants, bankDirectory, paymentBatches, paymentTimeline]);
});
afterAll(() => side.close());

describe('bank codes', () => {
  const find = (question: Partial<BankCodesQuestion>) =>
    new FindBankCodesHandler(side.readStore).execute(new FindBankCodes({ limit: 50, ...question }));
  const codes = async (question: Partial<BankCodesQuestion>): Promise<string[] | undefined> =>
    (await find(question))?.bankCodes.map(({ code }) => code);

  it('come by code, each under its bank\'s name, without the banks\' own rows', async () => {
    expect(await find({})).toMatchObject({
      bankCodes: [
        { code: '0040037', bank: '004', bankName: '臺灣銀行', openedOn: '2006-11-20', changeReason: '上線' },
        { code: '0040059', state: '停用', changeReason: '停用', changedOn: '2023-12-18' },
        { code: '0050015', bank: '005', bankName: null }, { code: '0050026' },
      ],
      next: null,
    });
  });

  it.each<[string, Partial<BankCodesQuestion>, string[]]>([
    ['a whole code', { code: '0040037' }, ['0040037']],
    ['the beginning of one', { code: '004' }, ['0040037', '0040059']],
    ['part of a name', { name: '銀行' }, ['0040037', '0040059', '0050015']],
    ['either way of writing 臺', { name: '台灣銀行' }, ['0040037', '0040059']],
    ['a name with a wildcard in it, to the letter', { name: '0%' }, ['0050026']],
    ['the date of the last change', { from: '2023-12-18', to: '2023-12-18' }, ['0040059', '0050026']],
    ['a state', { state: '停用' }, ['0040059']],
    ['all at once', { code: '005', name: '分行', from: '2020-01-01', state: '上線' }, ['0050026']],
  ])('are found by %s', async (_by, question, found) => {
    expect(await codes(question)).toEqual(found);
  });

  it('go on page by page', async () => {
    const first = await find({ limit: 3 });
    expect(first?.bankCodes).toHaveLength(3);
    expect(await codes({ limit: 3, cursor: first?.next ?? '' })).toEqual(['0050026']);
    expect(await find({ cursor: 'nonsense' })).toBeNull();
  });

  it('in the text file are those that are 上線', async () => {
    expect(await new ListOnlineBankCodesHandler(side.readStore).execute()).toEqual([
      { code: '0040037', name: '臺灣銀行營業部' }, { code: '0050015', name: '土地銀行總行' },
      { code: '0050026', name: '100%分行' },
    ]);
  });
});

describe('payment batches', () => {
  const find = (batchId: string) => new FindBatchHandler(side.readStore).execute(new FindBatch({ batchId }));

  it('show the file that counts, and beside it those that were refused', async () => {
    expect(await find('b-1')).toEqual({
      batchId: 'b-1', fileHash: hash('2'), status: 'completed', issuedAt: at,
      totals: { payments: 2, invoices: 3, amount: 500 }, statusChanges: 1,
      recorded: { payments: 2, statusChanges: 1, alreadyKnown: 0 }, errorCount: 0, deliveredBy: 'operator',
      judgedAt: at, completedAt: at, position: expect.any(String) as string, errors: [],
      otherFiles: [expect.objectContaining({ fileHash: hash('1'), status: 'refused', errorCount: 2_000 })],
    });
  });

  it('tell the position of the last fact about the file', async () => {
    const positions = new Map<string, string>();
    for await (const { type, data, position } of side.log.readAll('0')) {
      if (type.startsWith('PaymentBatch')) positions.set(`${type} ${(data as Named).batchId}`, position);
    }
    const found = await Promise.all(['b-1', 'b-2', 'b-3'].map(find));
    expect(found.map((batch) => batch?.position)).toEqual([
      'PaymentBatchCompleted b-1', 'PaymentBatchAccepted b-2', 'PaymentBatchRefused b-3',
    ].map((fact) => positions.get(fact)));
  });

  it('show what is wrong', async () => {
    expect(await find('b-3')).toMatchObject({
      status: 'refused', totals: null, recorded: null, errorCount: 2_000,
      errors: [{ line: 3, code: 'batch/bad-date', field: 'paymentDate' }], otherFiles: [],
    });
    expect(await find('b-4')).toBeNull();
  });

  it('are listed with the latest first, page by page', async () => {
    const handler = new FindBatchesHandler(side.readStore);
    const first = await handler.execute(new FindBatches({ limit: 3 }));
    expect(first?.batches.map(({ fileHash }) => fileHash)).toEqual([hash('4'), hash('3'), hash('2')]);
    const second = await handler.execute(new FindBatches({ limit: 3, cursor: first?.next ?? '' }));
    expect(second).toMatchObject({ batches: [{ fileHash: hash('1') }], next: null });
    expect(await handler.execute(new FindBatches({ limit: 3, cursor: '-' }))).toBeNull();
  });
});

describe('the history of a payment', () => {
  const find = (id: string) => new FindPaymentHistoryHandler(side.readStore)
    .execute(new FindPaymentHistory({ paymentId: id, accounts: 'shown' }, staff));

  it('says whose it is and tells every step', async () => {
    expect(await find(paymentId)).toMatchObject({
      paymentId, accountKey: '004003700000012345678',
      entries: [
        { event: 'PaymentRecorded', status: '已匯款', date: '2024-05-10', correction: null },
        { event: 'PaymentCorrected', reason: '誤植', correction: { amount: 5 }, recordedAt: at },
      ],
    });
  });

  it('is null where there is none', async () => {
    expect(await find('a0000000-0000-4000-8000-000000000009')).toBeNull();
  });
});

describe('an applicant\'s data', () => {
  const find = () => new FindApplicantHandler(side.readStore)
    .execute(new FindApplicant({ applicantId }, person({ applicantId })));

  it('open for who may read them', async () => {
    const view = await find();
    if (!view?.contact.phone) throw new Error('missing');
    expect(await side.keys.unsealAll([view.idNumber, view.name, view.contact.phone])).toEqual([
      { plain: 'A123456789' }, { plain: '王小明' }, { plain: '02-2322' },
    ]);
    expect(view.contact).toMatchObject({ email: null, address: null, contactPerson: null, fax: null });
  });

  it('are tombstones once the person is erased', async () => {
    await side.keys.destroy(applicantId);
    const view = await find();
    if (!view) throw new Error('missing');
    expect(await side.keys.unsealAll([view.name])).toEqual([{ destroyed: true }]);
  });
});
