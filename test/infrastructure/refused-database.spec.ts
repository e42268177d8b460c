import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { refusedDatabase } from '../../src/process/refused-database.js';
import type { TestDatabase } from '../support/database.js';
import { createEmptyTestDatabase } from '../support/database.js';

describe('a DATABASE_URL that the server refuses', () => {
  let database: TestDatabase;
  beforeAll(async () => { database = await createEmptyTestDatabase(); });
  afterAll(() => database.drop());

  it.each([
    ['password', '28P01', (url: URL) => { url.password = 'a-wrong-one'; }],
    ['name', '3D000', (url: URL) => { url.pathname = '/nowhere'; }],
  ])('for its %s is told in a sentence, without the password', async (_, code, spoil) => {
    const url = new URL(database.url);
    spoil(url);
    const told = await migrate(url.href).then(() => null, refusedDatabase);
    expect(told).toMatch(/DATABASE_URL/);
    expect(told).toContain(code);
    expect(told).not.toContain(url.password);
  });

  it('is not taken for a mistake of ours', () => {
    expect(refusedDatabase(new TypeError('x is not a function'))).toBeNull();
  });
});
