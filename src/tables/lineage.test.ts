import { describe, expect, test } from '@jest/globals';
import { neededPermissions } from '../account/access.ts';
import { findTable, isIncremental, lineage, parentOf, permissionsOf, rootOf } from './lineage.ts';
import { streams } from './table.ts';

describe.each(streams.map((table) => [table.name, table] as const))('%s', (name, table) => {
  test('is found by its name', () => {
    expect(findTable(name)).toBe(table);
  });

  test('hangs on a list of its own or on that of a table that exists, without a circle', () => {
    // A circle would never end here: the call stack would.
    const names = lineage(table).map((one) => one.name);
    expect(new Set(names).size).toBe(names.length);
    expect(rootOf(table).source.endpoint).toMatch(/\.list$/);
    expect(rootOf(table).name).toBe(names.at(-1));
  });

  test('needs permissions that can be probed, its own and those of its parents', () => {
    const needed = permissionsOf(table);
    expect(needed.length).toBeGreaterThan(0);
    for (const permission of needed) expect(neededPermissions).toContain(permission);
    const parent = parentOf(table);
    if (parent) expect(needed).toEqual(expect.arrayContaining(permissionsOf(parent)));
    expect(new Set(needed).size).toBe(needed.length);
  });
});

test('only lists without a token, boards, and what lies in their rows have no incremental form', () => {
  const whole = streams.filter((table) => !isIncremental(table));
  expect(whole.length).toBeGreaterThan(0);
  for (const { source } of whole.flatMap((table) =>
    lineage(table)
      .filter(({ source: { kind } }) => kind !== 'inside')
      .slice(0, 1),
  ))
    expect(source.kind === 'boards' || (source.kind === 'list' && !source.givesToken)).toBe(true);
});

test('calls go by the changes that a token brings, or, where the parents have none, by what moved', () => {
  for (const table of streams) {
    if (table.source.kind !== 'calls') continue;
    const root = lineage(table).find(({ source }) => source.kind === 'boards') ?? rootOf(table);
    const tokens = root.source.kind === 'list' && root.source.givesToken;
    expect([table.name, table.source.follow]).toEqual([table.name, tokens ? 'changed' : 'moved']);
  }
});

test('permissions of a lineage come together', () => {
  const table = findTable('notetaker_transcripts');
  expect(table && permissionsOf(table)).toEqual(['notetakerRead', 'interviewsRead']);
  expect(table && lineage(table).map(({ name }) => name)).toEqual([
    'notetaker_transcripts',
    'interview_events',
    'interview_schedules',
  ]);
});

test('there is no table of another name', () => {
  expect(findTable('constructor')).toBeUndefined();
});
