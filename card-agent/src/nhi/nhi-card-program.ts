import type { CardProgram } from '../card/in-memory-reader.js';

/** The 57 bytes of a made-up person, and 卡片註銷註記. */
export interface NhiCardContent {
  readonly payload: Uint8Array;
  readonly status?: string;
}

/** `selects`: reads only after SELECT. `direct`: answers 6D00 to SELECT and reads at once (since 114/12). */
export type NhiCardGeneration = 'selects' | 'direct';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const select = hex('00A4040010D1580000010000000000000000001100');
const success = hex('9000');

/** A 健保卡 as far as it can be read without a PIN, for the demo and the tests. */
export function nhiCardProgram(content: NhiCardContent, generation: NhiCardGeneration): CardProgram {
  let selected = false;
  const read = (data: Uint8Array) =>
    selected || generation === 'direct' ? Buffer.concat([data, success]) : hex('6985');
  return {
    reset: () => {
      selected = false;
    },
    answer: (command) => {
      const head = Buffer.from(command.subarray(0, 7)).toString('hex');
      if (head.startsWith('00a4')) {
        if (generation === 'direct') return hex('6D00');
        selected = select.equals(command);
        return selected ? success : hex('6A82');
      }
      if (head === '00ca1100020000') return read(content.payload);
      if (head === '00ca2400020000') return read(Buffer.from(content.status ?? '0', 'latin1'));
      return hex('6D00');
    },
  };
}
