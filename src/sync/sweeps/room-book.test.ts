import { expect, test } from '@jest/globals';
import { BUDGET_CHARS } from '../../sweep/capacity.ts';
import { LIST_KEYS, Memory } from '../../sweep/memory.ts';
import { packMemory } from '../../sweep/memory-text.ts';
import { UniqueKeys } from '../../sweep/unique-keys.ts';
import { isSwept } from '../../tables/lineage.ts';
import { streams } from '../../tables/table.ts';
import { RoomBook } from './room-book.ts';

/** Each list of each table that is swept: those with survey types have several. */
const lists = streams.filter(isSwept).flatMap(({ name, source, addsKey }) => {
  const types = source.kind === 'list' ? (source.surveyTypes ?? ['all']) : ['all'];
  return types.map((type) => ({ name, type, width: addsKey ? (32 as const) : (16 as const) }));
});

test('the memories of all lists together stay within the budget, each a million keys that come and go by the thousand', () => {
  const keysOf = { 16: new UniqueKeys(16), 32: new UniqueKeys(32) };
  for (const keys of Object.values(keysOf)) for (let n = 0; n <= LIST_KEYS; n += 1) keys.add(`key-${n}`);
  const book = new RoomBook();
  for (const list of lists) book.enter(list, { width: list.width, chars: undefined });
  const chars = new Map<object, number>();
  for (let sweep = 0; sweep < 3; sweep += 1) {
    for (const list of lists) {
      // A sketch has its size from what it can name, not from how many keys are in it.
      const capacity = book.capacityFor(list, {
        width: list.width,
        keys: 1_000_000,
        churn: sweep === 0 ? undefined : 5_000,
      });
      expect(capacity).toBeGreaterThanOrEqual(8);
      const { length } = packMemory(Memory.of(keysOf[list.width], capacity));
      book.enter(list, { width: list.width, chars: length });
      chars.set(list, length);
    }
    const sum = [...chars.values()].reduce((total, one) => total + one, 0);
    expect(sum).toBeGreaterThan(BUDGET_CHARS / 2);
    expect(sum).toBeLessThanOrEqual(BUDGET_CHARS);
  }
  expect(lists.length).toBeGreaterThan(20);
});
