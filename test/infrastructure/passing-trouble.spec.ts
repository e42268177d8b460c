import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import { passingTrouble, untilItPasses } from '../../src/infrastructure/passing-trouble.js';

const refusedConnection =
  Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
const never = new AbortController().signal;

describe('trouble that passes', () => {
  it.each([
    ['a server that is not there', refusedConnection, 'unreachable'],
    ['a connection that was cut', new Error('Connection terminated unexpectedly'), 'unreachable'],
    ['a full queue', new StoreBusy('10000 appends are waiting'), 'busy'],
    ['no connection left in the pool', new Error('timeout exceeded when trying to connect'), 'busy'],
    ['a KurrentDB that is not there', Object.assign(new Error('14 UNAVAILABLE'), { code: 14, metadata: {} }),
      'unreachable'],
    ['a KurrentDB that says no for good',
      Object.assign(new Error('7 Access Denied'), { code: 7, metadata: {} }), null],
    ['a wait that was given up', new DOMException('aborted', 'AbortError'), null],
    ['a mistake of ours', new TypeError('x is not a function'), null],
    ['a plain error of ours', new Error('the demo batch was refused'), null],
  ])('%s', (_what, error, told) => {
    expect(passingTrouble(error)).toBe(told);
  });

  it('is waited for at the start: the work is done again until it is done', async () => {
    const troubles = [refusedConnection, new StoreBusy('busy')];
    const work = async (): Promise<string> => {
      const trouble = troubles.shift();
      if (trouble) throw trouble;
      return 'done';
    };
    await expect(untilItPasses(work, never)).resolves.toBe('done');
    expect(troubles).toEqual([]);
  });

  it('is not what a mistake of ours is: that ends the start at once', async () => {
    await expect(untilItPasses(() => Promise.reject(new RangeError('ours')), never)).rejects.toThrow('ours');
  });

  it('is waited for no longer than until the stop', async () => {
    const stop = new AbortController();
    const work = (): Promise<never> => {
      stop.abort(new Error('stopping'));
      return Promise.reject(refusedConnection);
    };
    await expect(untilItPasses(work, stop.signal)).rejects.toThrow('stopping');
  });
});
