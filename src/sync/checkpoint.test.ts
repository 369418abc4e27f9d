import { expect, test } from '@jest/globals';
import { Checkpoints } from './checkpoint.ts';

function counted({ rows = 0, batches = 0, place = false }): Checkpoints {
  const points = new Checkpoints(0);
  for (let n = 0; n < rows; n += 1) points.row();
  for (let n = 0; n < batches; n += 1) points.batch();
  if (place) points.place();
  return points;
}

test.each<[string, Checkpoints, number, boolean]>([
  ['nothing to say, however long', counted({ batches: 1_000 }), 1e9, false],
  ['899 rows', counted({ rows: 899 }), 0, false],
  ['900 rows', counted({ rows: 900 }), 0, true],
  ['99 batches behind which a place moved', counted({ batches: 99, place: true }), 0, false],
  ['100 batches behind which a place moved', counted({ batches: 100, place: true }), 0, true],
  ['one row and just less than half a minute', counted({ rows: 1 }), 29_999, false],
  ['one row and half a minute', counted({ rows: 1 }), 30_000, true],
  ['a place alone and half a minute', counted({ place: true }), 30_000, true],
])('%s: a state is due or not', (_what, points, nowMs, due) => {
  expect(points.isDue(nowMs)).toBe(due);
});

test('behind a state the count begins anew, and large states want more batches', () => {
  const points = counted({ rows: 900, batches: 100, place: true });
  points.state(50 * 300);
  expect([points.rows, points.moved, points.isDue(1e9)]).toEqual([0, false, false]);
  points.row();
  for (let n = 0; n < 299; n += 1) points.batch();
  expect(points.isDue(0)).toBe(false);
  points.batch();
  expect(points.isDue(0)).toBe(true);
});

test('the clock starts anew when it is told to', () => {
  const points = counted({ rows: 1 });
  points.restart(10_000);
  expect([points.isDue(39_999), points.isDue(40_000)]).toEqual([false, true]);
});

test('a state must come before more than 1,000 rows are at risk, where a place is there to be named', () => {
  const points = counted({ rows: 900, place: true });
  expect([points.isDueBefore(100), points.isDueBefore(101)]).toEqual([false, true]);
  points.state(0);
  expect(points.isDueBefore(5_000)).toBe(false);
});

test('in the midst of a batch a state would name nothing new, so none is forced', () => {
  const points = counted({ rows: 5_000 });
  expect(points.isDueBefore(100)).toBe(false);
  points.state(0);
  points.place();
  points.row();
  expect(points.isDueBefore(1_000)).toBe(true); // 5,000 of one batch were at risk until its place came
});
