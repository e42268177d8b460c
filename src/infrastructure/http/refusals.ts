import type { BankCodeListProblem } from '../../application/bank-codes/bank-code-list.js';
import type { BatchErrorCode } from '../../application/payment-batches/batch-errors.js';
import type { AccountRefusal } from '../../domain/accounts/account.js';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import type { BankCodeRefusal } from '../../domain/bank-codes/bank-code-directory.js';
import type { PaymentBatchRefusal } from '../../domain/payment-batches/payment-batch.js';
import { paymentStatuses, returnReasons } from '../../domain/payments/payment.events.js';
import type { PaymentRefusal } from '../../domain/payments/payment.js';
import type { DomainRefusal } from '../../domain/refusals.js';
import { delegationRows } from './delegation-refusals.js';
import { apiCredentialRows } from './api-credential-refusals.js';
import { identityRows } from './identity-refusals.js';
import type { RefusalRow } from './refusal-row.js';
import { row } from './refusal-row.js';

/** Files of either kind can be no CSV at all, for the same reasons. */
type CsvCode = Extract<BatchErrorCode | BankCodeListProblem, `csv/${string}`>;


/** What HTTP itself refuses, whatever was asked. */
const httpRefusals = {
  'http/malformed': row(400, '請求格式有誤', 'The request is malformed'),
  'http/not-utf-8': row(400, '內容不是 UTF-8', 'The body is not UTF-8'),
  'http/invalid-input': row(400, '輸入內容有誤', 'The input is invalid'),
  'http/invalid-idempotency-key': row(400, 'Idempotency-Key 格式有誤', 'The Idempotency-Key is malformed'),
  'http/invalid-cursor': row(400, '游標有誤，請自第一頁查起', 'The cursor is not one of ours: start from the first page'),
  'http/unauthenticated': row(401, '請先登入', 'Sign in first'),
  'http/forbidden': row(403, '無此權限', 'Not permitted'),
  'http/no-such-route': row(404, '無此網址', 'No such address'),
  'http/method-not-allowed': row(405, '此網址不支援該方法', 'The address does not support this method'),
  'http/timeout': row(408, '請求逾時', 'The request took too long'),
  'http/body-too-large': row(413, '內容過大', 'The body is too large'),
  'http/uri-too-long': row(414, '網址過長', 'The address is too long'),
  'http/unsupported-media-type': row(415, '不支援的內容類型', 'Unsupported content type'),
  'http/unsupported-charset': row(415, '字元集應為 utf-8 或 big5', 'The charset is neither utf-8 nor big5'),
  'http/unsupported-encoding': row(415, '內容不得壓縮', 'The body must not be compressed'),
  'http/headers-too-large': row(431, '標頭過大', 'The headers are too large'),
  'http/internal': row(500, '系統發生錯誤', 'Something went wrong on our side'),
  'http/unavailable': row(503, '服務暫停，請稍後再試', 'Unavailable, try again later'),
  'http/overloaded': row(503, '使用者過多，請稍後再試', 'Too many requests at once, try again'),
  'http/deadline': row(503, '處理時間過長，請稍後再試', 'It took too long, try again'),
  'http/database-unreachable': row(503, '資料庫暫時無法連線，請稍後再試',
    'The database cannot be reached at the moment, try again'),
  'http/database-full': row(503, '資料庫儲存空間不足，暫無法受理異動',
    'The database has no space left: nothing can be recorded until its operator makes some'),
  'http/not-caught-up': row(503, '資料尚未更新至指定位置，請稍後再試', 'Not caught up with that position yet, try again'),
} as const;

/** What can become of any command. */
const commandRefusals = {
  'command/id-reused': row(422, '同一 Idempotency-Key 已用於不同內容',
    'The Idempotency-Key was used for something else'),
  'command/busy': row(503, '同時異動過多，請稍後再試', 'Too many changes at once, try again'),
  'command/unknown-outcome': row(503, '結果未明，請以同一 Idempotency-Key 再試',
    'The outcome is unknown: repeat with the same Idempotency-Key'),
} as const;

/** A stranger's account answers as one that does not exist: `account/unknown` is both. */
const accountRows: Record<AccountRefusal, RefusalRow> = {
  'account/unknown': row(404, '查無此帳號申請', 'No such account'),
  'account/unknown-bank-code': row(422, '查無此金融機構代號', 'The bank code does not exist'),
  'account/bank-code-closed': row(422, '金融機構代號已停用', 'The bank code is closed'),
  'account/invalid-number': row(422, '帳號應為 1 至 14 位數字', 'An account number has 1 to 14 digits'),
  'account/unprintable-name': row(422, '戶名含控制字元或看不見的排版符號',
    'The account name holds control characters'),
  'account/unprintable-explanation': row(422, '說明含控制字元或看不見的排版符號',
    'The explanation holds control characters'),
  'account/name-required': row(422, '請填戶名', 'The account name is required'),
  'account/already-applied': row(409, '此帳號已在審核中', 'The account is already under review'),
  'account/already-approved': row(409, '此帳號已核准', 'The account is already approved'),
  'account/applied-again': row(409, '此帳號已另行申請，請重新檢視', 'Applied for anew since it was looked at: look again'),
  'account/not-pending': row(409, '此申請不在審核中', 'The application is not under review'),
  'account/not-approved': row(409, '此帳號未經核准', 'The account is not approved'),
  'account/same-officer': row(403, '不得審核自己的申請', 'Nobody reviews an application of their own'),
  'account/reviewer-is-delegate': row(403, '被授權人不得審核該公司的申請',
    'A delegate of the applicant does not review their applications'),
  'account/explanation-required': row(422, '原因為「其他」時請說明', 'The reason 其他 needs an explanation'),
};

const applicantRows: Record<ApplicantRefusal, RefusalRow> = {
  'applicant/unknown': row(404, '查無申請人資料', 'No such applicant'),
  'applicant/erased': row(409, '申請人資料已刪除', 'The applicant has been erased'),
  'applicant/already-registered': row(409, '申請人已登錄', 'The applicant is already registered'),
  'applicant/invalid-id-number': row(422, '統一編號有誤', 'The ID number or UBN is invalid'),
  'applicant/unprintable-name': row(422, '申請人名稱含控制字元或看不見的排版符號',
    'The name holds control characters'),
  'applicant/name-required': row(422, '請填申請人名稱', 'The name is required'),
  'applicant/nothing-to-change': row(422, '沒有要修改的資料', 'There is nothing to change'),
};

/** A stranger's payment answers as one that does not exist: `payment/unknown` is both. */
const paymentRows: Record<PaymentRefusal, RefusalRow> = {
  'payment/unknown': row(404, '查無此筆支付', 'No such payment'),
  'payment/invalid-text': row(422, '文字欄位空白、過長，或代號前後有空白',
    'A text field is empty, too long, or a key with blanks around it'),
  'payment/unprintable-text': row(422, '文字欄位含控制字元或改變文字方向的符號',
    'A text field has control characters, or such as turn its direction'),
  'payment/invalid-year': row(422, '會計年度有誤', 'The fiscal year is invalid'),
  'payment/invalid-date': row(422, '日期有誤或過晚；寫法如 115/03/01、1150301 或 2026-03-01',
    'No date, or too far ahead; one is written as 115/03/01, 1150301 or 2026-03-01'),
  'payment/invalid-bank-code': row(422, '金融機構代號應為 7 位數字', 'A bank code has 7 digits'),
  'payment/invalid-account-number': row(422, '帳號應為 1 至 14 位數字', 'An account number has 1 to 14 digits'),
  'payment/invalid-amount': row(422, '金額應為正整數元', 'An amount is a positive whole number of 元'),
  'payment/invalid-invoice': row(422, '發票資料有誤', 'An invoice is invalid'),
  'payment/different-content': row(409, '同一筆支付已有不同內容', 'The payment is recorded with other content'),
  'payment/unknown-status': row(422, `支付狀態應為下列之一：${paymentStatuses.join('、')}`,
    'The payment status is none of these'),
  'payment/status-not-allowed': row(409, '支付狀態有誤：首次僅得為待匯款或已匯款，其後不得倒退',
    'The status may not stand here: a payment comes as 待匯款 or 已匯款, and never goes back'),
  'payment/date-before-previous-status': row(422, '日期早於前一狀態', 'The date is before the previous status'),
  'payment/unknown-return-reason': row(422, `退匯原因應為下列之一：${returnReasons.join('、')}`,
    'The reason of return is none of these'),
  'payment/reason-required': row(422, '請填原因', 'A reason is required'),
  'payment/reason-too-long': row(422, '原因過長', 'The reason is too long'),
  'payment/not-correctable': row(422, '此欄位不得更正', 'The field cannot be corrected'),
  'payment/unknown-bank-code': row(422, '查無此金融機構代號', 'The bank code does not exist'),
};

const bankCodeRows: Record<Exclude<BankCodeRefusal | BankCodeListProblem, CsvCode>, RefusalRow> = {
  'bank-codes/empty-list': row(422, '清單沒有任何代號', 'The list holds no code'),
  'bank-codes/invalid-date': row(422, '生效日有誤', 'The effective date is invalid'),
  'bank-codes/invalid-entry': row(422, '清單內有代號或名稱錯誤', 'A code or name of the list is invalid'),
  'bank-codes/duplicate-code': row(422, '清單內代號重複', 'A code stands twice in the list'),
  'bank-codes/not-in-force-yet': row(409, '清單的生效日尚未到', 'The list is not in force yet'),
  'bank-codes/older-list': row(409, '已匯入較新的清單', 'A newer list has been imported'),
  'bank-codes/suspected-truncation': row(409, '停用過多，清單可能不完整；請以 confirmClosures 確認',
    'So many closures that the list may be cut off: confirm their number by confirmClosures'),
  'bank-codes/wrong-header': row(422, '標題列不符', 'The header is not that of the published list'),
  'bank-codes/wrong-field-count': row(422, '欄位數不符', 'A row has not five fields'),
  'bank-codes/invalid-code': row(422, '代號有誤', 'A code is invalid'),
  'bank-codes/name-required': row(422, '名稱空白', 'A name is missing'),
  'bank-codes/repeated-code': row(422, '代號重複', 'A code stands on two rows'),
  'bank-codes/truncated': row(422, '檔案不完整', 'The file was cut off'),
};

/** What a file can be refused for as a whole, and what each of its lines can. */
type BatchRowCode = Exclude<BatchErrorCode | PaymentBatchRefusal, CsvCode | PaymentRefusal>;
const batchRows: Record<BatchRowCode, RefusalRow> = {
  'batch/invalid-id': row(422, '批次代號有誤', 'The batch id is malformed'),
  'batch/id-reused': row(409, '批次代號已用於另一檔案', 'The batch id belongs to another file'),
  'batch/already-accepted': row(409, '此批次已受理', 'The batch has been accepted'),
  'batch/no-errors': row(422, '沒有錯誤可退件', 'There is no error to refuse for'),
  'batch/not-accepted': row(409, '此批次未受理', 'The batch has not been accepted'),
  'batch/empty-file': row(422, '空白檔案', 'The file holds no record'),
  'batch/missing-header': row(422, '缺少 H 標題列', 'The first record is not H'),
  'batch/second-header': row(422, 'H 標題列重複', 'A further H'),
  'batch/unsupported-version': row(422, '不支援的格式版本', 'Unsupported version'),
  'batch/invalid-time': row(422, 'H 列時間有誤', 'The time in H is malformed'),
  'batch/unknown-record': row(422, '不明的資料列', 'A record of unknown kind'),
  'batch/wrong-field-count': row(422, '欄位數不符', 'A record has more or fewer fields than its kind'),
  'batch/invoice-without-payment': row(422, 'I 列之前沒有 P 列', 'An invoice without a payment above it'),
  'batch/too-many-invoices': row(422, '一筆支付的發票過多', 'Too many invoices of one payment'),
  'batch/too-many-lines-of-payment': row(422, '同一筆支付的資料列過多', 'Too many records about one payment'),
  'batch/duplicate-payment': row(422, '檔案內支付重複', 'A payment stands twice in the file'),
  'batch/repeated-status': row(422, '檔案內同一筆支付的同一狀態重複；若確為兩次，請以日期或說明區別',
    'The same status of a payment twice in the file: if both happened, tell them apart by day or words'),
  'batch/date-too-far-ahead': row(422, '日期過晚：狀態日期至多在 H 列之後 31 日，支付日期至多 366 日',
    'Dated too far ahead: a status at most 31 days after the time in H, a payment at most 366'),
  'batch/missing-trailer': row(422, '缺少 T 結尾列，檔案不完整', 'No trailer: the file was cut off'),
  'batch/after-trailer': row(422, 'T 結尾列之後仍有資料', 'A record behind the trailer'),
  'batch/invalid-trailer': row(422, 'T 結尾列數字有誤', 'A number of the trailer is malformed'),
  'batch/payments-mismatch': row(422, '支付筆數不符', 'The trailer counts other payments'),
  'batch/invoices-mismatch': row(422, '發票張數不符', 'The trailer counts other invoices'),
  'batch/amount-mismatch': row(422, '金額合計不符', 'The trailer has another sum'),
  'batch/amount-too-large': row(422, '金額合計過大', 'The payments sum up to too much'),
};

const csvRows: Record<CsvCode, RefusalRow> = {
  'csv/not-utf-8': row(422, '檔案不是 UTF-8；若為 Big5 請註明 charset=big5',
    'The file is not UTF-8; if it is Big5, say charset=big5'),
  'csv/not-big5': row(422, '檔案不是 Big5；若為 UTF-8 勿註明 charset=big5',
    'The file is not Big5; if it is UTF-8, do not say charset=big5'),
  'csv/malformed-quotes': row(422, '引號有誤', 'Quotation marks are malformed'),
  'csv/record-too-long': row(422, '資料列過長', 'A record is too long'),
  'csv/too-many-fields': row(422, '欄位過多', 'A record has too many fields'),
};

const deliveryRows = {
  'batch/too-many-uploads': row(503, '同時上傳過多，請稍後再試', 'Too many uploads at once, try again'),
  'batch/refused': row(422, '整批退件，未入任何資料', 'The whole file is refused, nothing was recorded'),
  'batch/unknown': row(404, '查無此批次', 'No such batch'),
} as const;

const queryRows = {
  'reconciliation/cursor-mismatch': row(400, '游標與查詢條件不符，請自第一頁查起',
    'The cursor belongs to another question: start from the first page'),
  'reconciliation/amount-too-large': row(422, '合計達 2 的 53 次方元，無法正確表示；請縮小查詢範圍',
    'The sum is 2^53 元 or more and cannot be told exactly: ask for less'),
} as const;

/** Code → status and title. A code any decider can refuse with and that has no row does not compile. */
export const refusals = {
  ...httpRefusals, ...commandRefusals, ...accountRows, ...applicantRows, ...paymentRows, ...bankCodeRows,
  ...batchRows, ...csvRows, ...deliveryRows, ...queryRows, ...identityRows,
  ...delegationRows,
  ...apiCredentialRows,
} as const satisfies Record<DomainRefusal, RefusalRow>;
export type RefusalCode = keyof typeof refusals;
