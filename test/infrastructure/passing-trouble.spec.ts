import pg from 'pg';
import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import { passingTrouble } from '../../src/infrastructure/passing-trouble.js';

const answered = (code: string): Error =>
  Object.assign(new pg.DatabaseError('said so', 7, 'error'), { code });
const coded = (code: string): Error => Object.assign(new Error(`failed: ${code}`), { code });

describe('what a caller is told to come again for', () => {
  it.each([
    new StoreBusy('10000 appends are waiting'), answered('55P03'), answered('57014'), answered('53200'),
    new Error('timeout exceeded when trying to connect'),
  ])('too much is going on: %s', (error) => expect(passingTrouble(error)).toBe('busy'));

  it.each([
    answered('53100'), new StoreBusy('could not extend file', { cause: answered('53100') }),
  ])('the database has no space left: %s', (error) => expect(passingTrouble(error)).toBe('full'));

  it.each([
    coded('ECONNRESET'), coded('ECONNREFUSED'), answered('57P01'), answered('08006'),
    new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
    new Error('Connection terminated unexpectedly'), new Error('the database does not answer'),
    new Error('Query read timeout'),
  ])('the database cannot be reached: %s', (error) => expect(passingTrouble(error)).toBe('unreachable'));

  it.each([
    new Error('A123456789 broke it'), new TypeError('undefined is not a function'), answered('23505'),
    coded('ERR_INVALID_ARG_TYPE'), 'thrown', null, new AggregateError([new Error('a bug')]),
  ])('not a mistake of ours: %s', (error) => expect(passingTrouble(error)).toBeNull());
});
