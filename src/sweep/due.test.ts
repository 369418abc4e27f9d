import { expect, test } from '@jest/globals';
import { isDue, LOOSE_AT_MOST, OFTEN, type Since } from './due.ts';

const HOUR_MS = 3_600_000;
const fresh: Since = { sweptMs: 0, nowMs: 1, loose: 0, isWhole: true };

test.each([
  ['every_sync', 0, true],
  ['daily', 22, false],
  ['daily', 23, true],
  ['weekly', 6 * 24, false],
  ['weekly', 7 * 24 - 1, true],
  ['monthly', 29 * 24, false],
  ['monthly', 30 * 24, true],
  ['never', 1000 * 24, false],
] as const)('%s, %d hours after the last sweep: %p', (often, hours, due) => {
  expect(isDue(often, { ...fresh, nowMs: hours * HOUR_MS })).toBe(due);
});

test.each([
  ['there was no sweep yet', { sweptMs: undefined }],
  ['more was printed than can be remembered', { loose: LOOSE_AT_MOST + 1 }],
  ['an interrupted run lost track of what is new', { isWhole: false }],
  ['the clock was set back', { sweptMs: 2 }],
])('it is due at once where %s, unless the answer is never', (_, since) => {
  expect(OFTEN.filter((often) => isDue(often, { ...fresh, ...since }))).toEqual(
    OFTEN.filter((often) => often !== 'never'),
  );
});
