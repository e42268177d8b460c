import type { ApplyRefusal } from '../../application/identity/apply-for-registration.js';
import type { DeletionRefusal } from '../../application/identity/delete-registration.js';
import type { SignInRefused } from '../../application/identity/sign-in.js';
import type { CertificateRefused } from '../../application/identity/sign-in-with-certificate.js';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import type { StaffListRefusal } from '../../domain/identity/staff-list.js';
import type { AttestationProblem } from '../identity/card-attestation.js';
import type { ChallengeProblem } from '../identity/challenge-table.js';
import type { RefusalRow } from './refusal-row.js';
import { row } from './refusal-row.js';

type CertificateAnswer =
  | Exclude<CertificateRefused, ApplicantRefusal> | 'sign-in/revocation-unknown' | 'sign-in/certificates-off';
type OfCommands = Exclude<ApplyRefusal | DeletionRefusal | SignInRefused, ApplicantRefusal>;

const commandRows: Record<OfCommands, RefusalRow> = {
  'registration/unknown': row(404, '查無此註冊', 'No such registration'),
  'registration/already-registered': row(409, '此卡已註冊', 'The card is registered already'),
  'registration/invalid-time': row(422, '時間有誤', 'The time is invalid'),
  'registration/deadline-passed': row(410, '已逾五日，申請失效，請重新申請',
    'The five days are over and the application is void: apply again'),
  'registration/not-confirmed': row(409, '註冊尚未確認', 'The registration is not confirmed yet'),
  'registration/too-many-mails': row(429, '今日寄送次數已達上限，請明日再試', 'So many mails a day are enough, try tomorrow'),
  'registration/unknown-agent': row(404, '查無此裝置', 'No such device'),
  'registration/no-new-email': row(409, '沒有待確認的電子信箱', 'There is no new address to confirm'),
  'registration/wrong-card': row(422, '健保卡與申請時不同', 'This is not the card of the application'),
  'registration/household-mismatch': row(422, '戶號或戶籍地址不符', 'The household number or address does not match'),
  'registration/household-unavailable': row(503, '戶政資料暫時無法查驗，請稍後再試',
    'The household registration cannot be asked at the moment, try again'),
  'registration/id-number-void': row(422, '此統一證號已失效', 'The ID number is no longer valid'),
  'password/too-short': row(422, '密碼至少 8 個字元', 'A password has at least 8 characters'),
  'password/too-long': row(422, '密碼至多 64 個字元', 'A password has at most 64 characters'),
  'password/too-common': row(422, '密碼過於常見，請換一個', 'The password is too common, choose another'),
  'password/personal': row(422, '密碼不得為個人資料', 'A password is not made of personal data'),
  'ticket/unknown': row(404, '認證碼有誤或已使用', 'The ticket is wrong or was used'),
  'ticket/expired': row(410, '認證碼已逾期，請重新申請', 'The ticket has expired: ask for another'),
  'sign-in/failed': row(401, '登入失敗：未註冊、卡片不符、密碼錯誤，或於陌生裝置錯誤過多',
    'Sign-in failed: not registered, another card, a wrong password, or too many from unknown devices'),
  'sign-in/suspended': row(429, '密碼錯誤三次，暫停十分鐘', 'Three wrong passwords: suspended for ten minutes'),
  'sign-in/revoked': row(403, '已暫停三次，此裝置須重新註冊', 'Suspended three times: register anew to use this device'),
  'sign-in/new-device': row(403, '新的裝置：已寄出認證信，請先於本裝置確認',
    'A new device: a mail is on its way, confirm the device with its ticket first'),
  'sign-in/busy': row(503, '登入人數過多，請稍後再試', 'Too many sign-ins at once, try again'),
  'sign-in/unknown-attempt': row(409, '查無此次登入', 'No such sign-in'),
  'sign-in/invalid-time': row(422, '時間有誤', 'The time is invalid'),
};

const attestationRows: Record<AttestationProblem | ChallengeProblem, RefusalRow> = {
  'attestation/no-challenge': row(422, '請先取得挑戰值，每個僅能使用一次',
    'Ask for a challenge first; each is for one attempt'),
  'attestation/challenge-expired': row(422, '挑戰值已逾五分鐘', 'The challenge is older than five minutes'),
  'attestation/other-purpose': row(422, '挑戰值不是為此用途取得', 'The challenge was asked for another purpose'),
  'attestation/unknown-format': row(422, '不支援的讀卡證明格式', 'Unknown format of attestation'),
  'attestation/unknown-algorithm': row(422, '不支援的簽章演算法', 'Unknown algorithm'),
  'attestation/invalid-base64': row(422, '讀卡證明編碼有誤', 'The attestation is not in strict base64'),
  'attestation/invalid-key': row(422, '讀卡元件金鑰有誤', 'The agent\'s key is no point of P-256'),
  'attestation/key-mismatch': row(422, '讀卡元件金鑰與指紋不符', 'The agent\'s key is not the one it names'),
  'attestation/wrong-signature': row(422, '讀卡證明簽章不符',
    'The signature does not fit this site and this attempt'),
  'card/wrong-length': row(422, '卡片資料長度有誤', 'A card has 57 bytes'),
  'card/invalid-number': row(422, '卡號有誤', 'The card number is invalid'),
  'card/invalid-name': row(422, '卡片姓名有誤', 'The name on the card is invalid'),
  'card/invalid-id-number': row(422, '卡片身分證號有誤', 'The ID number on the card is invalid'),
  'card/invalid-birth-date': row(422, '卡片出生日期有誤', 'The date of birth on the card is invalid'),
  'card/invalid-sex': row(422, '卡片性別有誤', 'The sex on the card is invalid'),
  'card/invalid-issue-date': row(422, '卡片發卡日期有誤', 'The date of issue on the card is invalid'),
  'card/cancelled': row(422, '此卡已註銷', 'The card is cancelled'),
};

const sessionRows = {
  'http/foreign-origin': row(403, '僅能自本網站送出', 'Only pages of this site may send this'),
  'session/required': row(403, '須以健保卡登入', 'Sign in with a card for this'),
  'session/reauthentication-required': row(403, '請再次插卡並輸入密碼', 'Show card and password once more for this'),
} as const;

/** One answer for a wrong signature, an unknown certificate and an unknown person: the log has the reason. */
const certificateRows: Record<CertificateAnswer, RefusalRow> = {
  'sign-in/certificate-refused': row(401, '登入失敗：憑證、簽章或統一編號不符，或未登錄',
    'Sign-in failed: certificate, signature or ID number do not fit, or nobody by them is known'),
  'sign-in/revocation-unknown': row(503, '憑證廢止清冊暫時無法使用，請稍後再試',
    'Whether the certificate is revoked cannot be told at the moment, try again'),
  'sign-in/certificates-off': row(503, '目前不接受憑證登入', 'Certificates are not accepted at present'),
};

const staffRows: Record<StaffListRefusal | 'staff/certificate-mismatch', RefusalRow> = {
  'staff/unknown': row(404, '查無此人員', 'No such member of the staff'),
  'staff/removed': row(409, '此人員已移除', 'The member was removed'),
  'staff/roles-required': row(422, '請指定角色', 'Roles are required'),
  'staff/name-required': row(422, '憑證沒有姓名', 'The certificate has no name'),
  'staff/same-person': row(403, '不得新增自己', 'Nobody adds themselves'),
  'staff/already-listed': row(409, '此憑證或身分證號已在名冊', 'The certificate or the ID number is on the list'),
  'staff/has-operators': row(403, '名冊已有支付作業人員', 'The list has operators, who add each other'),
  'staff/list-changed': row(503, '名冊同時異動，請再試', 'The list is being changed, try again'),
  'staff/certificate-mismatch': row(422, '不是自然人憑證，或與身分證號不符',
    'No 自然人憑證, or not that of the ID number'),
};

/** Of registering and signing in. */
export const identityRows = {
  ...commandRows, ...attestationRows, ...sessionRows, ...certificateRows, ...staffRows,
} as const;
