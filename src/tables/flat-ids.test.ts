import { expect, test } from '@jest/globals';
import { loadSchema } from '../assets.ts';
import { rowsIn, textOf } from '../testing/rows.ts';
import { flatIdsOf, tablesWithIds } from './flat-ids.ts';
import { findTable } from './lineage.ts';
import { projectOf } from './project.ts';

function printed(name: string, row: string): string | undefined {
  const table = findTable(name);
  const [made] = table ? projectOf(table, { startDate: undefined })({ rows: rowsIn(`{"results":[${row}]}`) }) : [];
  expect(made && JSON.parse(textOf(made))).toEqual(made?.value);
  return made && textOf(made);
}

test.each<[string, string, string]>([
  [
    'an id is put beside its object',
    '{"id":"r","referrer":{"id":"u"}}',
    '{"id":"r","referrer":{"id":"u"},"referrerId":"u"}',
  ],
  ['it is null where the object is', '{"id":"r","referrer":null}', '{"id":"r","referrer":null,"referrerId":null}'],
  ['and where there is none', '{"id":"r"}', '{"id":"r","referrerId":null}'],
  [
    'and where the object is something else',
    '{"id":"r","referrer":[7]}',
    '{"id":"r","referrer":[7],"referrerId":null}',
  ],
  [
    "Ashby's own stands",
    '{"id":"r","referrerId":"v","referrer":{"id":"u"}}',
    '{"id":"r","referrerId":"v","referrer":{"id":"u"}}',
  ],
  [
    "Ashby's null gives way to an id",
    '{"referrerId":null,"id":"r","referrer":{"id":"u"}}',
    '{"id":"r","referrer":{"id":"u"},"referrerId":"u"}',
  ],
  [
    'all else stays as it came, digits included',
    '{ "id":"r","n":1.50 ,"m":12345678901234567890}',
    '{ "id":"r","n":1.50 ,"m":12345678901234567890,"referrerId":null}',
  ],
])('%s', (_what, row, line) => {
  expect(printed('referrals', row)).toBe(line);
});

test('ids of objects in objects are found', () => {
  const row = '{"id":"o","latestVersion":{"id":"v","author":{"id":"u"}}}';
  expect(printed('offers', row)).toContain(',"latestVersionId":"v","authorId":"u"}');
});

test.each(tablesWithIds)('%s exists and declares its ids as texts, below an object with an id', (name) => {
  const table = findTable(name);
  const properties = loadSchema(name)['properties'] as Record<string, unknown>;
  for (const [column, path] of Object.entries((table && flatIdsOf(table)) ?? {})) {
    expect(properties[column]).toMatchObject({
      type: ['null', 'string'],
      description: expect.stringMatching(/^Id of /) as unknown,
    });
    const [object = ''] = path.split('.');
    expect(properties[object]).toMatchObject({ type: ['null', 'object'] });
  }
});

test('a table without any is left alone', () => {
  expect(flatIdsOf({ name: 'constructor' })).toBeUndefined();
});
