import { createHash } from 'node:crypto';
import iconv from 'iconv-lite';
import type { BatchCharset } from '../../src/application/payment-batches/batch-intake.js';
import { BatchFileStore } from '../../src/infrastructure/batches/batch-file-store.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { batch, payment } from './batch-texts.js';
import { BatchTreasury, inPieces } from './batch-treasury.js';

const pieceBytes = 1024 * 1024;
const payments = 7_000;
/** Divides a piece, so that every boundary between pieces falls at the same place of a line. */
const lineBytes = 512;
/** Its second byte in Big5 is a backslash. */
const character = '功';

interface Straddling {
  readonly charset: BatchCharset;
  /** How many bytes of the character lie before each boundary. */
  readonly before: number;
}
const kinds: readonly Straddling[] = [
  { charset: 'utf-8', before: 1 }, { charset: 'utf-8', before: 2 }, { charset: 'big5', before: 1 },
];
/** As long as a voucher's number may be: with a shorter one the purpose would be longer than it may. */
const voucherOf = ({ charset, before }: Straddling, n: number): string =>
  `${charset[0]}${before}V${String(n).padStart(37, '0')}`;

/** More than three megabytes; its header is lengthened until each boundary falls inside a character. */
function straddling(kind: Straddling): { file: Buffer; purpose: string } {
  const bytesOf = (text: string): Buffer => iconv.encode(text, kind.charset);
  const withOne = batch('x', [payment(voucherOf(kind, 0), { purpose: '' })], [], 'T');
  const room = lineBytes - (bytesOf(withOne).length - bytesOf(batch('x', [], [], 'T')).length);
  const split = bytesOf(character);
  const purpose = character.repeat(Math.floor(room / split.length)) + 'x'.repeat(room % split.length);
  const lines = Array.from({ length: payments }, (_, n) => payment(voucherOf(kind, n), { purpose }));
  for (let padding = 1; padding <= split.length; padding++) {
    const file = bytesOf(batch(`${kind.charset}-${kind.before}-${'p'.repeat(padding)}`, lines));
    const starts = boundariesOf(file).map((at) => at - kind.before);
    if (starts.every((at) => file.subarray(at, at + split.length).equals(split))) return { file, purpose };
  }
  throw new Error('no header puts a character across every boundary');
}

const boundariesOf = (file: Buffer): number[] =>
  Array.from({ length: Math.floor(file.length / pieceBytes) }, (_, n) => (n + 1) * pieceBytes);

let database: TestDatabase;
let treasury: BatchTreasury;
beforeAll(async () => {
  database = await createTestDatabase();
  treasury = new BatchTreasury(database.url);
  await treasury.importBankCodes();
});
afterAll(async () => {
  await treasury.close();
  await database.drop();
});

describe('a file with a character across every boundary between its pieces', () => {
  it.each(kinds)('comes back byte for byte: $charset, cut after byte $before', async (kind) => {
    const { file } = straddling(kind);
    const store = new BatchFileStore(treasury.pool);
    const by = { charset: kind.charset, deliveredBy: 'x' };
    const kept = await store.keep(inPieces(file), by, '2026-11-01T02:03:04.000Z');
    const fileHash = createHash('sha256').update(file).digest('hex');
    expect(kept).toMatchObject({ bytes: file.length, fileHash });
    const pieces: Uint8Array[] = [];
    for await (const piece of store.read(kept.deliveryId)) pieces.push(piece);
    const rest = file.length - 3 * pieceBytes;
    expect(pieces.map(({ length }) => length)).toEqual([pieceBytes, pieceBytes, pieceBytes, rest]);
    expect(Buffer.concat(pieces).equals(file)).toBe(true);
    await treasury.pool.query('DELETE FROM work.batch_file_chunks; DELETE FROM work.batch_deliveries');
  });

  describe('delivered', () => {
    beforeAll(() => { treasury.work(); });

    it.each(kinds)('is recorded to the letter: $charset, cut after byte $before', async (kind) => {
      const { file, purpose } = straddling(kind);
      const outcome = await treasury.deliver(file, kind.charset);
      expect(outcome).toMatchObject({ kind: 'completed', recorded: { payments } });
      const firstLine = file.indexOf('\n') + 1;
      for (const at of boundariesOf(file)) {
        const across = voucherOf(kind, Math.floor((at - firstLine) / lineBytes));
        expect((await treasury.paymentFacts(across))[0].data).toMatchObject({ purpose });
      }
      expect(treasury.errors).toEqual([]);
    }, 120_000);
  });
});
