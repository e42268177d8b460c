import type { KeyObject } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { CardProgram } from '../card/in-memory-reader.js';
import { elementsOf, encode, sequence, unsignedInteger } from '../certificates/der.js';
import { rawEcdsa, rawRsa } from './raw-signature.js';

/** What a card of the kind holds: one certificate for authentication (key 9A), its key and PIN. */
export interface PivCardContent {
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
  readonly pin: string;
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const say = {
  done: hex('9000'), notFound: hex('6A82'), notSelected: hex('6985'), wrongData: hex('6A80'),
  pinNeeded: hex('6982'), locked: hex('6983'), unknown: hex('6D00'),
};
const empty = (tag: number): Buffer => encode(tag);

/** Of PIV applications, whatever follows. */
const application = 'a000000308';
const template = encode(0x61,
  encode(0x4f, hex('000010000100')), encode(0x79, encode(0x4f, hex(application))));
/** Says that there is a PIN of the application's own, and no other (SP 800-73-4 part 1, §3.3.2). */
const discovery = hex('7e124f0ba0000003080000100001005f2f024000');
/** As many as real ones allow. */
const maxTries = 3;
/** An answer without extended length. */
const pieceBytes = 256;

/** Data objects by their tags (SP 800-73-4 part 1, §4): certificate of 9A, who the card is, what it can. */
function objectsOf(certificate: Uint8Array): ReadonlyMap<string, Buffer> {
  const print = createHash('sha256').update(certificate).digest();
  const holder = [encode(0x30, Buffer.alloc(25, 0xd1)), encode(0x34, print.subarray(0, 16)),
    encode(0x35, Buffer.from('20991231')), empty(0x3e), empty(0xfe)];
  const identifier = Buffer.concat([hex('a000000116ff02'), print.subarray(16, 30)]);
  const capabilities = [
    encode(0xf0, identifier), encode(0xf1, hex('21')), encode(0xf2, hex('21')), empty(0xf3),
    encode(0xf4, hex('00')), encode(0xf5, hex('10')),
    ...[0xf6, 0xf7, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe].map(empty),
  ];
  return new Map([
    ['5fc105', encode(0x53, encode(0x70, certificate), encode(0x71, hex('00')), empty(0xfe))],
    ['5fc102', encode(0x53, ...holder)],
    ['5fc107', encode(0x53, ...capabilities)],
    ['7e', discovery],
  ]);
}

/** A PIV card (NIST SP 800-73-4) as far as OpenSC needs one to list a certificate and sign. */
export function pivCardProgram(content: PivCardContent): CardProgram {
  const card = new PivCard(content);
  return { reset: () => card.reset(), answer: (command) => card.answer(Buffer.from(command)) };
}

class PivCard {
  private readonly objects: ReadonlyMap<string, Buffer>;
  private isSelected = false;
  private isVerified = false;
  private triesLeft = maxTries;
  private received: Uint8Array = Buffer.alloc(0);
  private toSend: Uint8Array = Buffer.alloc(0);

  constructor(private readonly content: PivCardContent) {
    this.objects = objectsOf(content.certificate);
  }

  /** The tries that are left outlive a loss of power, as on any card. */
  reset(): void {
    [this.isSelected, this.isVerified] = [false, false];
    [this.received, this.toSend] = [Buffer.alloc(0), Buffer.alloc(0)];
  }

  answer(command: Buffer): Buffer {
    const [classByte = 0, instruction = 0, , reference = 0, length = 0] = command;
    if (instruction === 0xc0) return this.piece(this.toSend);
    const data = Buffer.concat([this.received, command.subarray(5, 5 + length)]);
    // A command in parts: all but the last say that more is to come.
    this.received = classByte & 0x10 ? data : Buffer.alloc(0);
    if (classByte & 0x10) return say.done;
    return this.obey(instruction, reference, data);
  }

  private obey(instruction: number, reference: number, data: Buffer): Buffer {
    if (instruction === 0xa4) return this.select(data);
    if (!this.isSelected) return say.notSelected;
    switch (instruction) {
      case 0xcb: return this.read(data);
      case 0x20: return this.verify(data);
      case 0x87: return reference === 0x9a ? this.sign(data) : say.notFound;
    }
    return say.unknown;
  }

  private select(data: Buffer): Buffer {
    this.isSelected = data.toString('hex').startsWith(application);
    return this.isSelected ? this.piece(template) : say.notFound;
  }

  private read(data: Buffer): Buffer {
    const found = this.objects.get(data.subarray(2, 2 + (data[1] ?? 0)).toString('hex'));
    return found ? this.piece(found) : say.notFound;
  }

  private verify(data: Buffer): Buffer {
    if (data.length === 0 && this.isVerified) return say.done;
    if (this.triesLeft === 0) return say.locked;
    if (data.length === 0) return Buffer.of(0x63, 0xc0 | this.triesLeft);
    // Filled up with FF to eight bytes.
    this.isVerified = data.toString('latin1').replace(/\xff+$/, '') === this.content.pin;
    this.triesLeft = this.isVerified ? maxTries : this.triesLeft - 1;
    if (this.isVerified) return say.done;
    return this.triesLeft === 0 ? say.locked : Buffer.of(0x63, 0xc0 | this.triesLeft);
  }

  /** GENERAL AUTHENTICATE: what is to be signed stands under 81, the answer under 82. */
  private sign(data: Buffer): Buffer {
    if (!this.isVerified) return say.pinNeeded;
    const [outer] = elementsOf(data);
    const challenge = elementsOf(outer?.content ?? Buffer.alloc(0)).find(({ tag }) => tag === 0x81)?.content;
    if (!challenge) return say.wrongData;
    return this.piece(encode(0x7c, encode(0x82, this.signed(challenge))));
  }

  private signed(challenge: Uint8Array): Buffer {
    const { privateKey } = this.content;
    if (privateKey.asymmetricKeyType === 'rsa') return rawRsa(privateKey, challenge);
    const { r, s } = rawEcdsa(privateKey, challenge);
    return sequence(unsignedInteger(r), unsignedInteger(s));
  }

  /** So much as one answer holds, and how much is left (0: 256 bytes or more). */
  private piece(data: Uint8Array): Buffer {
    this.toSend = data.subarray(pieceBytes);
    const left = Math.min(this.toSend.length, 0x100) & 0xff;
    const status = this.toSend.length === 0 ? say.done : Buffer.of(0x61, left);
    return Buffer.concat([data.subarray(0, pieceBytes), status]);
  }
}
