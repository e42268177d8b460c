import { AgentError } from '../agent-error.js';
import type { AgentKey } from '../attestation/agent-keys.js';
import { AgentKeys } from '../attestation/agent-keys.js';
import { attest, requireNonce } from '../attestation/nhi-card-attestation.js';
import { readNhiCard } from '../nhi/read-nhi-card.js';
import { isOrigin } from '../origin.js';
import { appVersion, version } from '../release.js';
import type { Settings } from '../settings.js';
import { openReader } from './open-reader.js';
import type { Terminal } from './terminal.js';
import { asksYes, print } from './terminal.js';

export interface Call {
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
}

export function showVersion({ terminal }: Call): void {
  print(terminal, { name: 'treasury-card-agent', version, appVersion }, [`card-agent ${version}`]);
}

export async function showStatus({ settings, terminal }: Call): Promise<void> {
  const reader = openReader(settings);
  try {
    const readers = await reader.statuses();
    const lines = readers.map(({ name, card }) =>
      `${name}： ${card === 'present' ? '有卡片 card present' : '沒有卡片 no card'}`);
    print(terminal, { reader: reader.kind, readers }, lines.length > 0 ? lines : ['找不到讀卡機 No reader found']);
  } finally {
    await reader.close();
  }
}

/** To the person who holds the card, at the person's own terminal. Nothing leaves the machine. */
export async function readCard({ settings, terminal }: Call): Promise<void> {
  const reader = openReader(settings);
  try {
    const { data, status } = await readNhiCard(reader);
    const { cardNumber, name, idNumber, birthDate, sex, issueDate } = data;
    const gaps = name.undecoded.length === 0 ? [] : [
      `　有 ${name.undecoded.length} 個罕用字無法判讀（〓）。 Characters that cannot be told are shown as 〓.`,
    ];
    print(terminal, { ...data, status }, [
      `卡號 Card number： ${cardNumber}`, `姓名 Name： ${name.text}`, ...gaps, `身分證號 ID number： ${idNumber}`,
      `出生日期 Date of birth： ${birthDate}`, `性別 Sex： ${sex}`, `發卡日期 Date of issue： ${issueDate}`,
      `卡片註銷註記 Status： ${status ?? '（卡片未提供 not told）'}`,
    ]);
  } finally {
    await reader.close();
  }
}

/** What a site gets from the service, for a site and nonce given by hand. The person is asked as well. */
export async function attestCard(call: Call): Promise<void> {
  const { settings, terminal, flags } = call;
  const origin = requireAllowedSite(call);
  const nonce = requireNonce(flags['nonce']);
  const question = `讀取健保卡並交給 ${origin}？ Read the card for this site?`;
  if (flags['yes'] !== true && !await asksYes(question)) throw new AgentError('consent-denied');
  const reader = openReader(settings);
  try {
    const reading = await readNhiCard(reader);
    const key = new AgentKeys(settings.keysDirectory).for(origin);
    const result = { attestation: attest(key, nonce, reading), agentKey: key.publicJwk };
    print(terminal, result, [JSON.stringify(result, null, 2)]);
  } finally {
    await reader.close();
  }
}

export function requireAllowedSite({ settings, flags }: Call): string {
  const origin = String(flags['for'] ?? '');
  if (!isOrigin(origin)) throw new AgentError('input-invalid');
  if (!settings.origins.includes(origin)) throw new AgentError('origin-not-allowed');
  return origin;
}

const shownKey = ({ origin, id, publicJwk }: AgentKey) => ({ origin, agentKeyId: id, agentKey: publicJwk });

export function keys({ settings, terminal, words: [, action = 'list', origin = ''] }: Call): void {
  const store = new AgentKeys(settings.keysDirectory);
  if (action === 'list') {
    const list = store.list().map(shownKey);
    const lines = list.map((key) => `${key.origin} ${key.agentKeyId}`);
    print(terminal, { keys: list }, lines.length > 0 ? lines : ['還沒有金鑰 No key yet']);
    return;
  }
  if (action !== 'remove' || !isOrigin(origin)) throw new AgentError('input-invalid');
  const removed = store.remove(origin);
  print(terminal, { removed }, [removed ? `已刪除 Removed： ${origin}` : `沒有這個網站的金鑰 No key for ${origin}`]);
}
