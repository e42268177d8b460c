import pg from 'pg';
import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import { describeError } from '../../src/infrastructure/logging.js';

describe('a log line about an error', () => {
  it('says by its code what the store was busy with, and no message of the database', () => {
    const cause = Object.assign(new pg.DatabaseError('王小明', 7, 'error'), { code: '53100' });
    const told = JSON.stringify(describeError(new StoreBusy(cause.message, { cause })));
    expect(JSON.parse(told)).toMatchObject({ name: 'StoreBusy', cause: { name: 'error', code: '53100' } });
    expect(told).not.toContain('王小明');
  });
});
