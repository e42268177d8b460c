import { AgentError } from '../agent-error.js';
import type { Card } from './card-reader.js';

export interface Answer {
  readonly data: Uint8Array;
  /** SW1 SW2 as one number: 0x9000 is success. */
  readonly status: number;
}

export const succeeded = ({ status }: Answer): boolean => status === 0x9000;

// 57 bytes fit in one piece. A card that keeps promising more would hold the reader for good.
const maxPieces = 8;

/**
 * One command and its whole answer. Every 健保卡 known speaks T=1 and answers at once; should one be reached
 * over T=0, it says 61xx (fetch the rest) or 6Cxx (ask again for so many bytes), and both are followed.
 */
export async function exchange(card: Card, command: Uint8Array): Promise<Answer> {
  let answer = split(await card.transmit(command));
  if (answer.status >> 8 === 0x6c) {
    answer = split(await card.transmit(Uint8Array.of(...command, answer.status & 0xff)));
  }
  const pieces = [answer.data];
  for (let count = 1; answer.status >> 8 === 0x61; count += 1) {
    if (count > maxPieces) throw new AgentError('transmit-failed');
    answer = split(await card.transmit(Uint8Array.of(0x00, 0xc0, 0x00, 0x00, answer.status & 0xff)));
    pieces.push(answer.data);
  }
  return { data: Buffer.concat(pieces), status: answer.status };
}

/** A reader whose card is being pulled can hand over nothing, or one byte: that is no answer at all. */
function split(answer: Uint8Array): Answer {
  if (answer.length < 2) throw new AgentError('transmit-failed');
  const [sw1 = 0, sw2 = 0] = answer.subarray(-2);
  return { data: answer.subarray(0, -2), status: sw1 << 8 | sw2 };
}
