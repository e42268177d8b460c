import { createRequire } from 'node:module';
import type { ReaderFailure } from './reader-messages.js';

type Callback<T> = (error: Error | null | undefined, result: T) => void;

/** As much of the binding as is used. */
export interface PcscReader {
  readonly name: string;
  readonly SCARD_SHARE_SHARED: number;
  readonly SCARD_LEAVE_CARD: number;
  readonly SCARD_STATE_PRESENT: number;
  /** The last state seen; undefined before the first. */
  readonly state?: number;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'status' | 'end', listener: () => void): this;
  connect(options: { share_mode: number }, done: Callback<number>): void;
  transmit(command: Buffer, maxAnswer: number, protocol: number, done: Callback<Buffer>): void;
  disconnect(disposition: number, done: Callback<void>): void;
}

export interface Pcsc {
  readonly readers: Readonly<Record<string, PcscReader>>;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'reader', listener: (reader: PcscReader) => void): this;
}

/** Null when the optional native part is not there: the service runs all the same, without readers. */
export function loadPcsc(): (() => Pcsc) | null {
  try {
    return createRequire(import.meta.url)('pcsclite') as () => Pcsc;
  } catch {
    return null;
  }
}

// The binding gives a text only; PC/SC's number stands at its end.
const failures: Readonly<Record<string, ReaderFailure>> = {
  '80100009': 'reader-missing', // unknown reader
  '8010000b': 'card-in-use', // sharing violation
  '8010000c': 'card-missing', // no smart card
  '80100017': 'reader-missing', // reader unavailable
  '8010001d': 'pcsc-unavailable', // no service
  '8010001e': 'pcsc-unavailable', // service stopped
  '80100066': 'card-silent', // unresponsive card
  '80100067': 'card-removed', // unpowered card
  '80100068': 'transmit-failed', // reset by another program
  '80100069': 'card-removed', // removed card
};

export function failureOf(error: Error, otherwise: ReaderFailure): ReaderFailure {
  const code = /\(0x([0-9a-f]+)\)/i.exec(error.message)?.[1]?.toLowerCase().slice(-8) ?? '';
  return failures[code] ?? otherwise;
}
