import { factSchemas } from '../../src/infrastructure/event-store/schema/registry.js';
import { ReadTable } from '../../src/infrastructure/read-store/read-table.js';
import { deliberatelyUnseen, projections } from '../../src/projections/projections.js';

describe('every table', () => {
  it.each(projections.map((projection) => [projection.name, projection] as const))(
    '%s is defined without a contradiction', (name, projection) => {
      const columns = Object.keys(projection.columns);
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(columns).toEqual(expect.arrayContaining([...projection.primaryKey, ...projection.nullable]));
      expect(projection.primaryKey.filter((column) => projection.nullable.includes(column))).toEqual([]);
      expect(projection.primaryKey[0]).toBe(projection.groupColumn);
      expect(new Set(projection.sees).size).toBe(projection.sees.length);
      expect(() => new ReadTable(projection, 'read')).not.toThrow();
    });

  it('has a name of its own', () => {
    expect(new Set(projections.map(({ name }) => name)).size).toBe(projections.length);
  });
});

it('every fact there is, is seen by a table or listed as unseen, and not both', () => {
  const seen = new Set<string>(projections.flatMap(({ sees }) => sees));
  expect([...seen, ...Object.keys(deliberatelyUnseen)].sort()).toEqual(Object.keys(factSchemas).sort());
});
