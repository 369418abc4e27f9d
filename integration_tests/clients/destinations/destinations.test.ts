/* What destinations make of the tables: each column has a type, and the values fit into it. */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { SOURCES, truthOf } from '../../support/truth.ts';
import { airbyteType, columnsOf, type Schema } from './mapping.ts';
import { page, PAGE, schemas } from './page.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ scale: 150 });
});
afterAll(() => simulator.close());

test('docs/destinations.md is what the schemas say; running destinations/main.ts brings it up to date', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(page());
});

describe.each(schemas())('$name', ({ schema }) => {
  test('each column has one type, and a name of its own in every warehouse', () => {
    const columns = columnsOf(schema);
    expect(columns.length).toBeGreaterThan(0);
    const names = columns.map(({ field }) => field.toLowerCase().replace(/[^a-z0-9]+/g, '_'));
    expect(new Set(names).size).toBe(names.length);
    for (const { field } of columns) {
      expect(field).toMatch(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/); // Postgres cuts longer names
      expect(field).not.toMatch(/^(_airbyte|_table_|_file_|_partition)/i); // kept for Airbyte and BigQuery
    }
  });
});

// Not those that are made of other tables' keys, or of events: no list of Ashby's holds their rows.
describe.each(schemas().filter(({ name }) => SOURCES[name]))('$name', ({ name, schema }) => {
  test('the values fit', () => {
    const columns = columnsOf(schema);
    for (const row of truthOf(simulator, name)) {
      for (const { field, type } of columns) {
        const value = row[field];
        if (value === undefined || value === null) continue;
        expect([field, value, fits(value, type)]).toEqual([field, value, true]);
      }
    }
  });
});

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value); // and so within the 64 bits of INT64 and BIGINT
    case 'number':
      return typeof value === 'number' && Math.abs(value) < 1e29 && Number(value.toFixed(9)) === value;
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    case 'timestamp_with_timezone':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.test(value);
    default:
      return typeof value === 'string' && Buffer.byteLength(value) < 16 * 1024 * 1024; // Snowflake's TEXT
  }
}

test.each<[string, Schema]>([
  ['two types', { type: ['null', 'string', 'integer'] }],
  ['no type', {}],
  ['a choice', { type: 'object', oneOf: [] }],
  ['a moment without a zone', { type: 'string', format: 'date-time' }],
  ['an unknown format', { type: 'string', format: 'email' }],
])('a field with %s is refused', (_what, field) => {
  expect(() => airbyteType(field)).toThrow();
});
