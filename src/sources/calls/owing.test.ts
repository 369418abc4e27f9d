import { expect, test } from '@jest/globals';
import { Owing } from './owing.ts';

test('the owed are asked first, then the unknown ones, each once', () => {
  expect(new Owing({ owed: ['b', 'a'], gone: ['c', 'b'] }).first()).toEqual(['b', 'a', 'c']);
});

test('a parent stays owed until it is read', () => {
  const owing = new Owing({ owed: ['a'] });
  owing.failed('a');
  owing.failed('b');
  expect(owing.parts()).toEqual({ owed: ['a', 'b'] });
  owing.read('a');
  owing.read('b');
  expect([owing.owed, owing.parts()]).toEqual([0, {}]);
});

test('a parent that Ashby does not know is asked for once more in the next run, and then let go', () => {
  const first = new Owing({});
  expect([first.unknown('a'), first.unknown('a')]).toEqual([false, false]);
  expect(first.parts()).toEqual({ gone: ['a'] });
  const second = new Owing(first.parts());
  expect(second.unknown('a')).toBe(true);
  expect(second.parts()).toEqual({});
  expect([first.counts, second.counts]).toEqual([
    { unknown: 2, letGo: 0 },
    { unknown: 1, letGo: 1 },
  ]);
});

test('a parent stands in one list only: owed when its call failed, gone when it was not known', () => {
  const owing = new Owing({ owed: ['a'], gone: ['b'] });
  owing.unknown('a');
  owing.failed('b');
  expect(owing.parts()).toEqual({ owed: ['b'], gone: ['a'] });
});

test('there is room for 500 unknown parents, and for those that are among them', () => {
  const owing = new Owing({});
  for (let id = 0; id < 500; id += 1) {
    expect(owing.hasRoomForGone(`p${id}`)).toBe(true);
    owing.unknown(`p${id}`);
  }
  expect(owing.hasRoomForGone('another')).toBe(false);
  expect(owing.hasRoomForGone('p7')).toBe(true);
  expect(owing.counts).toEqual({ unknown: 500, letGo: 0 });
});
