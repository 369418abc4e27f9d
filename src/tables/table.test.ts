import { expect, test } from '@jest/globals';
import { neededPermissions } from './access.ts';
import { isIncremental } from './definition.ts';
import { findStream, listOf, permissionsOf, streams } from './table.ts';

test('every stream has a name of its own', () => {
  expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
});

test.each(streams.map((stream) => [stream.name, stream] as const))(
  '%s hangs on a list that exists, with permissions that can be probed',
  (name, stream) => {
    expect(findStream(name)).toBe(stream);
    expect(listOf(stream).list.endpoint).toMatch(/\.list$/);
    for (const permission of permissionsOf(stream)) expect(neededPermissions).toContain(permission);
  },
);

test('keys that may be refused are keys that are sent', () => {
  for (const stream of streams) {
    const { body = {}, newKeys = [] } = stream.strategy === 'child' ? stream : listOf(stream).list;
    for (const key of newKeys) expect(Object.keys(body)).toContain(key);
  }
});

test('only whole lists and children that can change alone have no incremental form', () => {
  const whole = streams.filter((stream) => !isIncremental(stream));
  expect(
    whole.every(
      (stream) => stream.strategy === 'snapshot' || (stream.strategy === 'child' && stream.followUp === 'all'),
    ),
  ).toBe(true);
});
