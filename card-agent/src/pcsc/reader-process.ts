// The process that holds the native binding. It may hang (a silent card blocks the binding's lock, and with
// it this event loop) or abort; it is killed then and a new one started (pcsc-reader.ts). It repairs nothing:
// when the binding's state is in doubt, it ends.
import type { PcscReader } from './pcsclite.js';
import { failureOf, loadPcsc } from './pcsclite.js';
import type { ReaderAnswer, ReaderFailure, ReaderGreeting, ReaderRequest } from './reader-messages.js';

// A short answer is 256 bytes and the status.
const maxAnswerBytes = 258;
// The binding tells of readers one by one and never that there is none.
const settleMs = 400;

function say(message: ReaderAnswer | ReaderGreeting, then: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, () => then());
}

function end(failure: ReaderFailure): void {
  say({ greeting: failure }, () => process.exit(1));
  setTimeout(() => process.exit(1), 1000);
}

const open = loadPcsc();
if (open === null) end('pcsc-not-installed');
else start(open);

function start(openPcsc: NonNullable<typeof open>): void {
  try {
    const pcsc = openPcsc();
    // Also at every normal close; without a listener each would end the process with a stack on stderr.
    pcsc.on('error', () => end('pcsc-unavailable'));
    let greeted = false;
    const greet = () => {
      if (!greeted) say({ greeting: 'ready' });
      greeted = true;
    };
    pcsc.on('reader', (reader) => {
      // The reader may be unplugged at any time; the next connection to it says so.
      reader.on('error', () => undefined);
      // The state is kept after the event; only when every reader has told it can anything be said of them.
      reader.on('status', () => setImmediate(() => {
        if (Object.values(pcsc.readers).every(({ state }) => state !== undefined)) greet();
      }));
    });
    setTimeout(greet, settleMs);
    serve(() => Object.values(pcsc.readers));
  } catch {
    end('pcsc-unavailable');
  }
}

interface Connection {
  readonly reader: PcscReader;
  readonly protocol: number;
}

function serve(readers: () => PcscReader[]): void {
  let connection: Connection | null = null;
  process.on('message', (request: ReaderRequest) => {
    const { id } = request;
    const answer = (content: Omit<ReaderAnswer, 'id'>) => say({ id, ...content });
    switch (request.do) {
      case 'statuses':
        answer({ statuses: readers().map(statusOf) });
        return;
      case 'connect':
        connect(readers().find(({ name }) => name === request.reader), (result) => {
          if (typeof result === 'string') return answer({ failure: result });
          connection = result;
          return answer({});
        });
        return;
      case 'transmit':
        transmit(connection, request.command, answer);
        return;
      case 'disconnect': {
        const closing = connection;
        connection = null;
        disconnect(closing, () => answer({}));
      }
    }
  });
}

const statusOf = (reader: PcscReader) => ({
  name: reader.name,
  card: ((reader.state ?? 0) & reader.SCARD_STATE_PRESENT) === 0 ? 'absent' as const : 'present' as const,
});

/** Shared: an exclusive connection, the binding's default, would shut out the person's other programs. */
function connect(reader: PcscReader | undefined, done: (result: Connection | ReaderFailure) => void): void {
  if (!reader) return done('reader-missing');
  return reader.connect({ share_mode: reader.SCARD_SHARE_SHARED }, (error, protocol) => {
    if (error) return done(failureOf(error, 'reader-failed'));
    // Without a protocol the binding took up an old connection: to whichever card was there then.
    if (typeof protocol !== 'number') return end('reader-failed');
    return done({ reader, protocol });
  });
}

function transmit(
  connection: Connection | null, command: Uint8Array, answer: (content: Omit<ReaderAnswer, 'id'>) => void,
): void {
  if (!connection) return answer({ failure: 'transmit-failed' });
  const { reader, protocol } = connection;
  return reader.transmit(Buffer.from(command), maxAnswerBytes, protocol, (error, data) =>
    answer(error ? { failure: failureOf(error, 'transmit-failed') } : { answer: data }));
}

/** Leaves the card powered: another program may be using it. */
function disconnect(connection: Connection | null, done: () => void): void {
  if (!connection) return done();
  return connection.reader.disconnect(connection.reader.SCARD_LEAVE_CARD, (error) => {
    // The binding goes on believing it is connected, and would hand out the dead connection as a new one.
    if (error) end('reader-failed');
    else done();
  });
}

// The supervisor has gone: nobody is left to read for.
process.on('disconnect', () => process.exit(0));
