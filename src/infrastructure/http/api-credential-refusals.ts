import type { IssueRefusal } from '../../application/api-credentials/issue-api-credential.js';
import type { RefusalRow } from './refusal-row.js';
import { row } from './refusal-row.js';

type Code = Exclude<IssueRefusal, 'account/unknown'> | 'api-credential/too-fast';

export const apiCredentialRows: Record<Code, RefusalRow> = {
  'api-credential/unknown': row(404, '查無此 API 憑證', 'No such API credential'),
  'api-credential/revoked': row(409, '此 API 憑證已廢止', 'The API credential was revoked'),
  'api-credential/invalid-expiry': row(422, '有效期限至多 366 日', 'An API credential is good for at most 366 days'),
  'api-credential/accounts-required': row(422, '請指定帳號', 'Name the accounts it is for'),
  'api-credential/too-many': row(409, '有效的 API 憑證至多 10 個，請先廢止不用者',
    'Ten API credentials are in force: revoke those no longer in use'),
  'api-credential/companies-only': row(403, 'API 憑證僅供公司', 'API credentials are for companies'),
  'api-credential/token-shown': row(409, '權杖僅顯示一次；如未收到，請廢止後重新核發',
    'The token was shown once: if it did not arrive, revoke the credential and issue another'),
  'api-credential/too-fast': row(429, '請求過於頻繁，請稍後再試', 'Too many requests by this credential, wait a second'),
};
