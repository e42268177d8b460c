import { InMemoryReader } from '../src/card/in-memory-reader.js';
import type { CardProgram } from '../src/card/in-memory-reader.js';
import { readNhiCard } from '../src/nhi/read-nhi-card.js';
import { cardOf, lin, ming } from './support/people.js';

const hex = (text: string) => Buffer.from(text, 'hex');
const refusedWith = (code: string) => expect.objectContaining({ code });

/** A card that answers as told, by the first bytes of the command; 6D00 to the rest. */
const scripted = (answers: Record<string, string | (() => string)>): CardProgram => ({
  reset: () => undefined,
  answer: (command) => {
    const sent = Buffer.from(command).toString('hex');
    const found = Object.entries(answers).filter(([start]) => sent.startsWith(start))
      .sort(([one], [other]) => other.length - one.length)[0]?.[1] ?? '6d00';
    return hex(typeof found === 'string' ? found : found());
  },
});

const basic = '00ca1100020000';
const data = ming.payload.toString('hex');

function readerWith(...cards: CardProgram[]): InMemoryReader {
  const reader = new InMemoryReader(['one', 'two', 'three']);
  cards.forEach((card, at) => reader.insert(card, ['one', 'two', 'three'][at]));
  return reader;
}

describe('reading a 健保卡', () => {
  it.each(['selects', 'direct'] as const)('reads a card of the generation that %s', async (generation) => {
    const reading = await readNhiCard(readerWith(cardOf(ming, generation)));
    expect(reading).toMatchObject({ status: '1', data: { idNumber: ming.idNumber } });
    expect(Buffer.from(reading.payload)).toEqual(ming.payload);
  });

  it('fetches the rest where a card says 61xx', async () => {
    const card = scripted({ [basic]: '6139', '00c0000039': `${data}9000` });
    expect((await readNhiCard(readerWith(card))).data.idNumber).toBe(ming.idNumber);
  });

  it('asks again with the length where a card says 6Cxx', async () => {
    const card = scripted({ [basic]: '6c39', [`${basic}39`]: `${data}9000` });
    expect((await readNhiCard(readerWith(card))).data.idNumber).toBe(ming.idNumber);
  });

  it('gives up on a card that keeps promising more', async () => {
    const card = scripted({ [basic]: '6101', '00c0000001': '006101' });
    await expect(readNhiCard(readerWith(card))).rejects.toEqual(refusedWith('transmit-failed'));
  });

  it.each(['', '90'])('takes an answer of fewer than two bytes (%p) for an error', async (answer) => {
    const card = scripted({ [basic]: answer });
    await expect(readNhiCard(readerWith(card))).rejects.toEqual(refusedWith('transmit-failed'));
  });

  it('says the status is unknown where the card does not tell it', async () => {
    const card = scripted({ [basic]: `${data}9000` });
    expect((await readNhiCard(readerWith(card))).status).toBeNull();
  });

  it.each(['6d00', '6985', '6a82', '6e00'])('takes a card that answers %s for no 健保卡', async (status) => {
    const reader = readerWith(scripted({ [basic]: status }));
    await expect(readNhiCard(reader)).rejects.toEqual(refusedWith('not-nhi-card'));
  });

  it('refuses 57 bytes that do not hold together', async () => {
    const card = scripted({ [basic]: `${'00'.repeat(57)}9000` });
    await expect(readNhiCard(readerWith(card))).rejects.toEqual(refusedWith('card-data-invalid'));
  });

  it('refuses when the second reading is another person', async () => {
    let readings = 0;
    const answer = () => `${(readings++ === 0 ? ming : lin).payload.toString('hex')}9000`;
    const reader = readerWith(scripted({ [basic]: answer }));
    await expect(readNhiCard(reader)).rejects.toEqual(refusedWith('card-changed'));
  });

  it('refuses when the card is swapped between two commands', async () => {
    const reader = new InMemoryReader(['one']);
    const card = cardOf(ming);
    reader.insert({
      reset: () => card.reset(),
      answer: (command) => {
        const answer = card.answer(command);
        reader.insert(cardOf(lin));
        return answer;
      },
    });
    await expect(readNhiCard(reader)).rejects.toEqual(refusedWith('card-removed'));
  });

  it('finds the 健保卡 beside a card of another kind', async () => {
    expect((await readNhiCard(readerWith(scripted({}), cardOf(lin)))).data.idNumber).toBe(lin.idNumber);
  });

  it('refuses to choose between two', async () => {
    const reader = readerWith(cardOf(ming), cardOf(lin));
    await expect(readNhiCard(reader)).rejects.toEqual(refusedWith('several-cards'));
  });

  it('refuses one beside another that could not be read', async () => {
    const reader = readerWith(cardOf(ming), scripted({ [basic]: '' }));
    await expect(readNhiCard(reader)).rejects.toEqual(refusedWith('transmit-failed'));
  });

  it('tells an empty reader from no reader', async () => {
    await expect(readNhiCard(new InMemoryReader(['one']))).rejects.toEqual(refusedWith('card-missing'));
    await expect(readNhiCard(new InMemoryReader([]))).rejects.toEqual(refusedWith('reader-missing'));
  });
});
