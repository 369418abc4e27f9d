import { expect, test } from '@jest/globals';
import { AnswerIds } from './answer-ids.ts';

function repeatsIn(ids: readonly (string | undefined)[]): number {
  const seen = new AnswerIds();
  return ids.filter((id) => seen.isRepeat(id)).length;
}

test('an id that came before is noticed, and its answer is none', () => {
  expect(repeatsIn(['a', 'b', 'c', 'c', 'd', 'e', 'f', 'f'])).toBe(2);
});

test('a server that gives no ids, or one to all, is believed', () => {
  expect(repeatsIn([undefined, undefined, undefined])).toBe(0);
  expect(repeatsIn(['same', 'same', 'same', 'same'])).toBe(0);
});

test('where ids are repeated as a rule they are not looked at for long', () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => `endpoint ${n % 3}`);
  expect(repeatsIn(ids)).toBeLessThanOrEqual(3);
});

test('only the ids of the last thousand answers are kept', () => {
  expect(repeatsIn(['first', ...Array.from({ length: 1_000 }, (_, n) => `${n}`), 'first'])).toBe(0);
});
