/**
 * The closed list of what may go wrong. Only a code crosses the boundary, never a text of the system below.
 * `retriable`: the person can mend it (insert the card, close the other program) and the page may ask again.
 * `component` is the number that the 健保卡 component people know shows for the same thing: their help desks
 * know it by heart.
 */
interface ErrorRow {
  readonly status: number;
  readonly retriable: boolean;
  readonly component?: string;
  readonly zh: string;
  readonly en: string;
}

const row = (status: number, retriable: boolean, zh: string, en: string): ErrorRow =>
  ({ status, retriable, zh, en });

const requestErrors = {
  'host-not-allowed': row(421, false, '主機名稱不是本機', 'The Host is not this machine'),
  'origin-missing': row(403, false, '沒有說明是哪個網站', 'No Origin'),
  'origin-not-allowed': row(403, false, '這個網站不在允許名單', 'This site is not on the list'),
  'context-not-allowed': row(403, false, '不可從這種情境要求', 'Not to be asked for from such a context'),
  'not-found': row(404, false, '沒有這個位址', 'No such address'),
  'method-not-allowed': row(405, false, '不可用這個方法', 'Not with this method'),
  'content-type-not-json': row(415, false, '只收 JSON', 'JSON only'),
  'body-too-large': row(413, false, '內容太長', 'The body is too long'),
  'body-not-json': row(400, false, '內容不是 JSON', 'The body is not JSON'),
  'input-invalid': row(400, false, '欄位不合規定', 'A field is not as it must be'),
  'internal': row(500, false, '讀卡元件發生錯誤', 'The agent failed'),
} as const satisfies Record<string, ErrorRow>;

const consentErrors = {
  'operation-in-progress': row(409, true, '另一項讀卡作業進行中', 'Another operation is under way'),
  'consent-denied': row(403, false, '本人不同意', 'The person said no'),
  'consent-timeout': row(409, true, '等候同意逾時', 'The person did not answer in time'),
  'consent-token-invalid': row(403, false, '同意畫面已失效', 'This consent page is out of date'),
  'caller-gone': row(409, true, '要求的網頁已關閉', 'The page that asked has gone'),
} as const satisfies Record<string, ErrorRow>;

const cardErrors = {
  'pcsc-not-installed': {
    ...row(501, false, '未安裝讀卡機連接元件（pcsclite）', 'The reader binding (pcsclite) is not installed'),
    component: '7001',
  },
  'pcsc-unavailable': {
    ...row(503, true, '讀卡機服務（PC/SC）沒有回應', 'The PC/SC service does not answer'), component: '7001',
  },
  'reader-missing': {
    ...row(409, true, '找不到讀卡機', 'No reader found'), component: '7002',
  },
  'reader-failed': {
    ...row(409, true, '無法存取讀卡機', 'The reader cannot be accessed'), component: '7003',
  },
  'card-missing': { ...row(409, true, '未置入健保卡', 'No card in the reader'), component: '7004' },
  'card-removed': {
    ...row(409, true, '讀取時卡片被取出', 'The card was taken out while being read'), component: '8013',
  },
  'card-silent': {
    ...row(409, true, '卡片沒有回應，請重新插卡', 'The card does not answer: insert it again'),
    component: '8001',
  },
  'card-in-use': {
    ...row(409, true, '卡片正由另一個程式使用', 'Another program uses the card'), component: '8013',
  },
  'transmit-failed': {
    ...row(409, true, '與卡片傳輸異常', 'The exchange with the card failed'), component: '8003',
  },
  'not-nhi-card': {
    ...row(409, true, '這張不是健保卡', 'This is not a 健保卡'), component: '8006',
  },
  'several-cards': row(409, true, '插著不只一張健保卡，請只留一張', 'More than one 健保卡: leave only one'),
  'card-changed': row(409, true, '讀取時卡片被更換', 'The card was swapped while being read'),
  'card-data-invalid': {
    ...row(422, false, '健保卡基本資料不合規定', 'The data on the card is not as it must be'), component: '8010',
  },
  'key-unavailable': row(500, false, '讀卡元件的金鑰無法使用', 'The key of the agent cannot be used'),
} as const satisfies Record<string, ErrorRow>;

const certificateErrors = {
  'module-missing': {
    ...row(501, false, '沒有設定或無法載入憑證卡模組', 'No PKCS#11 module is set, or it cannot be loaded'),
    component: '8302',
  },
  'certificate-missing': row(409, true, '找不到可簽章的憑證卡', 'No card with a certificate that can sign'),
  'certificate-failed': {
    ...row(409, true, '憑證卡作業失敗', 'The certificate card failed'), component: '8303',
  },
  'pin-incorrect': row(409, true, 'PIN 碼錯誤', 'The PIN is wrong'),
  'pin-locked': row(409, false, 'PIN 碼已鎖住', 'The PIN is locked'),
} as const satisfies Record<string, ErrorRow>;

export type AgentErrorCode =
  | keyof typeof requestErrors | keyof typeof consentErrors | keyof typeof cardErrors
  | keyof typeof certificateErrors;

export const agentErrors: Readonly<Record<AgentErrorCode, ErrorRow>> =
  { ...requestErrors, ...consentErrors, ...cardErrors, ...certificateErrors };

export class AgentError extends Error {
  constructor(readonly code: AgentErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'AgentError';
  }
}

/** What a caller is told. The cause stays here: it may quote what the card said. */
export function describeError(error: unknown) {
  const code = error instanceof AgentError ? error.code : 'internal';
  const { retriable, component, zh, en } = agentErrors[code];
  return { code, retriable, ...(component ? { component } : {}), message: { 'zh-TW': zh, en } };
}
