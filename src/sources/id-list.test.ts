import { expect, test } from '@jest/globals';
import { array, assert, constantFrom, oneof, option, property, string, uuid } from 'fast-check';
import { IdList } from './id-list.ts';

const ids = oneof(
  uuid(),
  uuid().map((id) => id.toUpperCase()),
  string({ minLength: 1, maxLength: 3 }),
  constantFrom('0', 'ffffffff', '00000000-0000-0000-0000-00000000000', '\ud83d', 'é'),
);

test('whatever ids it is given, it holds each once, in the order of texts, and gives those behind any', () => {
  assert(
    property(array(ids, { maxLength: 200 }), option(ids, { nil: undefined }), (given, after) => {
      const list = new IdList();
      for (const id of [...given, ...given.slice(0, 5)]) list.add(id);
      list.seal();
      const expected = [...new Set(given)].sort((a, b) => (a < b ? -1 : 1));
      expect([...list.behind(undefined)]).toEqual(expected);
      expect(list.size).toBe(expected.length);
      expect([...list.behind(after)]).toEqual(expected.filter((id) => after === undefined || id > after));
    }),
    { numRuns: 300 },
  );
});

test('what was forgotten does not come back', () => {
  const list = new IdList();
  for (const id of ['b', '00000000-0000-4000-8000-000000000001']) list.add(id);
  list.clear();
  list.add('a');
  list.seal();
  expect([...list.behind(undefined)]).toEqual(['a']);
});
