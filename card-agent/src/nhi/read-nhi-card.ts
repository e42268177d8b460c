import { AgentError } from '../agent-error.js';
import type { AgentErrorCode } from '../agent-error.js';
import type { Card, CardReader } from '../card/card-reader.js';
import { exchange, succeeded } from '../card/exchange.js';
import type { NhiCardData } from './nhi-card-data.js';
import { parseNhiCardData } from './nhi-card-data.js';

export interface NhiCardReading {
  /** The 57 bytes as read. */
  readonly payload: Uint8Array;
  /** 卡片註銷註記, one character, or null when the card does not tell. */
  readonly status: string | null;
  readonly data: NhiCardData;
}

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const select = hex('00A4040010D1580000010000000000000000001100');
// Two bytes of data to a GET DATA are unusual and belong there: cards refuse the tidier form.
const readBasicData = hex('00CA1100020000');
const readStatus = hex('00CA2400020000');

/**
 * The one 健保卡 that is in a reader now. Two are refused rather than one of them chosen: nobody should sign in
 * as whoever's card happened to be in the other reader.
 */
export async function readNhiCard(reader: CardReader): Promise<NhiCardReading> {
  const readers = await reader.statuses();
  if (readers.length === 0) throw new AgentError('reader-missing');
  const readings: NhiCardReading[] = [];
  const failures: AgentError[] = [];
  for (const { name } of readers) {
    try {
      readings.push(await readNhiCardIn(reader, name));
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      failures.push(error);
    }
  }
  // A card that may well be a second 健保卡 but could not be read leaves it open who is meant.
  const [reading, second] = readings;
  if (second) throw new AgentError('several-cards');
  if (reading && failures.every(({ code }) => isNoNhiCard(code))) return reading;
  throw worstOf(failures);
}

/** The card in this very reader. */
export const readNhiCardIn = (reader: CardReader, name: string): Promise<NhiCardReading> =>
  reader.withCard(name, readFrom);

const isNoNhiCard = (code: AgentErrorCode): boolean => code === 'card-missing' || code === 'not-nhi-card';

/** What helps most: a card that failed, before a card of another kind, before an empty reader. */
function worstOf(failures: AgentError[]): AgentError {
  return failures.find(({ code }) => !isNoNhiCard(code))
    ?? failures.find(({ code }) => code === 'not-nhi-card')
    ?? new AgentError('card-missing');
}

/**
 * By what the card answers, never by its ATR: those are of the chip and shared with other cards. Cards issued
 * since 114/12 answer 6D00 to SELECT and can be read all the same, so SELECT's answer decides nothing.
 * The data is read again at the end: reading once could mix the status of one card with another's data, when
 * another program resets the card or someone swaps it.
 */
async function readFrom(card: Card): Promise<NhiCardReading> {
  await exchange(card, select);
  const answer = await exchange(card, readBasicData);
  if (!succeeded(answer)) throw new AgentError('not-nhi-card');
  const data = parseNhiCardData(answer.data);
  const status = await exchange(card, readStatus);
  const again = await exchange(card, readBasicData);
  if (!succeeded(again) || !Buffer.from(again.data).equals(answer.data)) throw new AgentError('card-changed');
  return { payload: answer.data, status: statusCharacter(succeeded(status) ? status.data : null), data };
}

function statusCharacter(data: Uint8Array | null): string | null {
  const [first] = data ?? [];
  return first !== undefined && first > 0x20 && first < 0x7f ? String.fromCharCode(first) : null;
}
