import type { AcceptRefusal } from '../../application/delegations/accept-offer.js';
import type { GrantRefusal } from '../../application/delegations/grant-delegation.js';
import type { OfferRefusal } from '../../application/delegations/offer-delegation.js';
import type { RefusalRow } from './refusal-row.js';
import { row } from './refusal-row.js';

type Codes = GrantRefusal | OfferRefusal | Exclude<AcceptRefusal, `ticket/${string}`>;

/** A stranger's delegation or account answers as one that does not exist. */
export const delegationRows: Record<Codes, RefusalRow> = {
  'delegation/unknown': row(404, '查無此授權', 'No such delegation'),
  'delegation/company-only': row(403, '僅公司得授權', 'Only a company delegates'),
  'delegation/name-required': row(422, '被授權人憑證沒有可顯示的姓名',
    'The delegate\'s card has no name that can be shown'),
  'delegation/no-account': row(422, '請勾選帳號', 'Tick an account'),
  'delegation/unknown-account': row(404, '查無此帳號', 'No such account'),
  'delegation/account-not-approved': row(409, '此帳號未經核准', 'The account is not approved'),
  'delegation/invalid-expiry': row(422, '授權到期日有誤', 'The last day is no date'),
  'delegation/expiry-past': row(422, '授權到期日已過', 'The last day is over already'),
  'delegation/person-only': row(403, '請以本人的卡片登入', 'Sign in as a person, with a card of your own'),
  'delegation-offer/unknown': row(404, '查無此邀請', 'No such invitation'),
  'delegation-offer/expired': row(410, '邀請已逾五日', 'The five days of the invitation are over'),
  'delegation-offer/closed': row(409, '邀請已確認或撤回', 'The invitation was accepted or withdrawn'),
  'delegation-offer/too-many': row(429, '今日邀請次數已達上限，請明日再試',
    'So many invitations a day are enough, try tomorrow'),
  'delegation-offer/invalid-time': row(422, '時間有誤', 'The time is invalid'),
  'delegation/no-verification': row(409, '請先檢核被授權人憑證；每次檢核僅能設定一次，五分鐘內有效',
    'Verify the delegate\'s card first: each time for one grant, within five minutes'),
};
