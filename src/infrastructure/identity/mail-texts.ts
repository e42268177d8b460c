import type { TicketMail, TicketPurpose } from '../../application/identity/identity-stores.js';
import { rocDate, taipeiDate } from '../../domain/roc-date.js';

export interface MailText { readonly subject: string; readonly text: string }

interface Words { readonly subject: string; readonly zh: string; readonly en: string; readonly page: string }

const words: Record<TicketPurpose, Words> = {
  'confirmation': {
    subject: '健保卡網路服務註冊：認證通知', page: 'registration/confirm',
    zh: '請插入健保卡並完成註冊確認；逾期申請失效，須重新申請。',
    en: 'Insert your card and confirm the registration; after this time it is void.',
  },
  'password-reset': {
    subject: '健保卡網路服務註冊：重設註冊密碼', page: 'registration/reset-password',
    zh: '請插入健保卡並設定新的註冊密碼。若非您本人申請，請勿理會本信。',
    en: 'Insert your card and set a new password. If you did not ask for it, ignore this mail.',
  },
  'new-device': {
    subject: '健保卡網路服務註冊：新裝置', page: 'registration/new-device',
    zh: '有人以您的健保卡及註冊密碼自新的裝置登入。若是您本人，請於該裝置完成確認；若不是，請立即變更密碼。',
    en: 'Your card and password were used on a new device. If it was you, confirm it there; '
      + 'if not, change your password now.',
  },
  'new-email': {
    subject: '健保卡網路服務註冊：變更電子信箱', page: 'registration/new-email',
    zh: '請登入後確認此信箱為您新的聯絡信箱。', en: 'Sign in and confirm that this is your new address.',
  },
  'deletion': {
    subject: '健保卡網路服務註冊：刪除註冊', page: 'registration/delete',
    zh: '請插入健保卡並確認刪除註冊；刪除後無法復原。若非您本人申請，請勿理會本信。',
    en: 'Insert your card and confirm that your registration is deleted, for good. '
      + 'If you did not ask for it, ignore this mail.',
  },
  'delegation-offer': {
    subject: '國庫電子化對帳服務：授權查詢邀請', page: 'delegations/accept',
    zh: '有公司邀請您查詢其帳戶之國庫支付資料。請以您的健保卡或自然人憑證登入後確認；若不認識邀請者，請勿理會本信。',
    en: 'A company invites you to look at treasury payments to its accounts. Sign in with your own card and '
      + 'confirm; if you know of no such company, ignore this mail.',
  },
};

/**
 * Nothing of the person in it. The ticket stands behind `#`: browsers send that part to no server, so it is
 * in no log and no `Referer`, and a scanner that opens the link uses nothing up.
 */
export function mailText({ purpose, ticket, validUntil }: TicketMail, publicOrigin: string | null): MailText {
  const { subject, zh, en, page } = words[purpose];
  const until = `${rocDate(taipeiDate(validUntil))} ${taipeiTime(validUntil)}`;
  const link = publicOrigin === null ? [] : [`${publicOrigin}/${page}#ticket=${ticket}`, ''];
  return {
    subject,
    text: [
      zh, en, '', ...link,
      `認證碼 / ticket: ${ticket}`, `有效期限（臺北時間）/ valid until (Taipei): ${until}`, '',
    ].join('\n'),
  };
}

const zoneHours = 8;
const taipeiTime = (instant: string): string =>
  `${String((Number(instant.slice(11, 13)) + zoneHours) % 24).padStart(2, '0')}${instant.slice(13, 16)}`;
