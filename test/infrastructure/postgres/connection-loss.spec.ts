import { setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import {
  isConnectionLoss, isRefusedByServer, retryOnConnectionLoss,
} from '../../../src/infrastructure/postgres/connection-loss.js';

function answered(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('said so', 7, 'error');
  error.code = code;
  return error;
}
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

describe('what an error says about the connection', () => {
  const refusals = ['23505', '22P02', '55P03', '57014', '40P01'];
  it.each(refusals)('%s: the server refused, and is still there', (code) => {
    expect([isRefusedByServer(answered(code)), isConnectionLoss(answered(code))]).toEqual([true, false]);
  });

  it.each(['57P01', '57P03', '08006', '25P03', '53300', 'XX000'])('%s: the session is over', (code) => {
    expect([isRefusedByServer(answered(code)), isConnectionLoss(answered(code))]).toEqual([false, true]);
  });

  it('what goes wrong with the write-ahead log ends the server, and what was asked may have happened', () => {
    const error = answered('53100');
    expect(isRefusedByServer(error)).toBe(true);
    error.file = 'xlog.c';
    expect([isRefusedByServer(error), isConnectionLoss(error)]).toEqual([false, true]);
  });

  const losses = [reset, new Error('Query read timeout'), new AggregateError([reset])];
  it.each(losses)('%s: it is lost', (error) => {
    expect([isRefusedByServer(error), isConnectionLoss(error)]).toEqual([false, true]);
  });

  it.each([new RangeError('not a revision'), new TypeError('undefined is not a function')])(
    '%s: a mistake of our own', (error) => {
      expect([isRefusedByServer(error), isConnectionLoss(error)]).toEqual([false, false]);
    });
});

describe('reading again after a lost connection', () => {
  const failing = (errors: Error[]) => {
    let attempts = 0;
    const read = async (): Promise<string> => {
      const error = errors[attempts++];
      if (error !== undefined) throw error;
      return `attempt ${attempts}`;
    };
    return { read, attempts: () => attempts };
  };

  it('gives what the server says when it is back', async () => {
    expect(await retryOnConnectionLoss(failing([reset, answered('57P03')]).read, {})).toBe('attempt 3');
  });

  it('is not tried when the server refused, nor for a mistake of our own', async () => {
    for (const error of [answered('42P01'), new RangeError('not a stream')]) {
      const { read, attempts } = failing([error]);
      await expect(retryOnConnectionLoss(read, {})).rejects.toBe(error);
      expect(attempts()).toBe(1);
    }
  });

  it('ends after the time given, with the last error', async () => {
    const { read, attempts } = failing(Array<Error>(1_000).fill(reset));
    await expect(retryOnConnectionLoss(read, { withinMs: 200 })).rejects.toBe(reset);
    expect(attempts()).toBeGreaterThan(1);
  });

  it('ends when it is told to stop', async () => {
    const stop = new AbortController();
    const { read } = failing(Array<Error>(1_000).fill(reset));
    const reading = retryOnConnectionLoss(read, { signal: stop.signal });
    await nextTurn();
    stop.abort();
    await expect(reading).rejects.toBe(reset);
  });
});
