import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import { untilItPasses } from '../../src/infrastructure/passing-trouble.js';

const notThere =
  Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
const never = new AbortController().signal;

describe('trouble at the start of a process', () => {
  it('is waited for where it passes: the work is done again until it is done', async () => {
    const troubles = [notThere, new StoreBusy('busy')];
    const work = async (): Promise<string> => {
      const trouble = troubles.shift();
      if (trouble) throw trouble;
      return 'done';
    };
    await expect(untilItPasses(work, never)).resolves.toBe('done');
    expect(troubles).toEqual([]);
  });

  it('ends the start at once where it is a mistake of ours', async () => {
    await expect(untilItPasses(() => Promise.reject(new RangeError('ours')), never)).rejects.toThrow('ours');
  });

  it('is waited for no longer than until the stop', async () => {
    const stop = new AbortController();
    const work = (): Promise<never> => {
      stop.abort(new Error('stopping'));
      return Promise.reject(notThere);
    };
    await expect(untilItPasses(work, stop.signal)).rejects.toThrow('stopping');
  });
});
