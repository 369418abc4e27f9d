import { expect, test } from '@jest/globals';
import { streams } from './table.ts';

test('every stream has a name of its own, and a key', () => {
  expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
  for (const { key } of streams) expect(key.length).toBeGreaterThan(0);
});

test('keys that may be refused are keys that are sent', () => {
  for (const { source } of streams) {
    if (source.kind === 'inside' || source.kind === 'keys') continue;
    for (const key of source.newKeys ?? []) expect(Object.keys(source.body ?? {})).toContain(key);
  }
});

test.each(streams.map((table) => [table.name, table] as const))(
  '%s adds each column of its key that Ashby does not send',
  (_name, table) => {
    const { key, addsKey, idField = 'id', parentIdField } = table;
    for (const column of key)
      expect([
        idField,
        ...(addsKey ? ['_key'] : []),
        ...(parentIdField === undefined ? [] : [parentIdField]),
      ]).toContain(column);
  },
);
