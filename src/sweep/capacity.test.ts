import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BUDGET_CHARS, capacityOf, capacityWithin, charsOf, churnAfter, quarterOf, wishOf } from './capacity.ts';
import type { Width } from './key-words.ts';
import { LIST_KEYS, Memory } from './memory.ts';
import { packMemory } from './memory-text.ts';
import { UniqueKeys } from './unique-keys.ts';

function memoryOf(count: number, capacity: number, width: Width): Memory {
  const keys = new UniqueKeys(width);
  for (let n = 0; n < count; n += 1) keys.add(`key-${n}`);
  return Memory.of(keys, capacity);
}

describe('capacity', () => {
  test('a packed sketch has the size that was reckoned with', () => {
    for (const width of [16, 32] as const) {
      for (const capacity of [8, 9, 64, 512]) {
        expect(packMemory(memoryOf(LIST_KEYS + 1, capacity, width))).toHaveLength(charsOf(capacity, width));
      }
    }
  });

  test('the longest list takes no more room than a sketch for 32 keys', () => {
    for (const width of [16, 32] as const) {
      expect(packMemory(memoryOf(LIST_KEYS, 8, width)).length).toBeLessThanOrEqual(charsOf(32, width));
    }
  });

  test('a sketch for 512 keys takes 26 KB', () => {
    expect(charsOf(512, 16)).toBeLessThan(26_000);
  });

  test('the capacity of a shape is no less than what it was made for', () => {
    for (let capacity = 1; capacity <= 1100; capacity += 1) {
      expect(capacityOf(quarterOf(capacity))).toBeGreaterThanOrEqual(capacity);
    }
  });
});

describe('wishOf', () => {
  test.each([
    ['an empty table', 0, undefined, 8],
    ['a small one', 300, undefined, 30],
    ['one of 20,000', 20_000, undefined, 512],
    ['a million', 1_000_000, undefined, 512],
    ['a million that never lose any', 1_000_000, 0, 256],
    ['a million that lose 60 a week', 1_000_000, 60, 256],
    ['a million that lose 200 a week', 1_000_000, 200, 800],
    ['a million that lose 5,000 a week', 1_000_000, 5000, 1024],
    ['a small one that lives', 300, 50, 200],
  ])('%s: %d keys with a churn of %p wish for %d', (_, keys, churn, wish) => {
    expect(wishOf({ keys, churn })).toBe(wish);
  });
});

describe('churnAfter', () => {
  test.each([
    ['the first', undefined, 7, 7],
    ['a busier one', 3, 7, 7],
    ['a quieter one fades', 100, 0, 75],
    ['too many', 0, 'too-many', 256] as const,
  ] as const)('%s', (_, last, named, churn) => {
    expect(churnAfter(last, named, 512)).toBe(churn);
  });

  test('after too many the next sketch is twice as large', () => {
    expect(wishOf({ keys: 100_000, churn: churnAfter(5, 'too-many', 400) })).toBe(800);
  });
});

describe('capacityWithin', () => {
  const width = fc.constantFrom<Width>(16, 32);

  test('a table alone gets what it wishes', () => {
    expect(capacityWithin(1024, { width: 16, taken: 0, waiting: [] })).toBe(1024);
  });

  test('all tables together stay within the budget, in whatever order they come, and again at later sweeps', () => {
    const table = fc.record({
      width: fc.constant<Width>(16),
      wishes: fc.array(fc.nat(1024), { minLength: 3, maxLength: 3 }),
    });
    const composite = fc.record({
      width: fc.constant<Width>(32),
      wishes: fc.array(fc.nat(1024), { minLength: 3, maxLength: 3 }),
    });
    const tables = fc
      .tuple(fc.array(table, { maxLength: 60 }), fc.array(composite, { maxLength: 24 }))
      .chain(([some, others]) => fc.shuffledSubarray([...some, ...others], { minLength: some.length + others.length }));
    fc.assert(
      fc.property(tables, (all) => {
        const taken = new Map<number, number>();
        for (const round of [0, 1, 2]) {
          for (const [index, { width: own, wishes }] of all.entries()) {
            taken.delete(index);
            const waiting = all.filter((_, other) => other !== index && !taken.has(other)).map((other) => other.width);
            const sum = [...taken.values()].reduce((total, chars) => total + chars, 0);
            const capacity = capacityWithin(wishes[round] ?? 0, { width: own, taken: sum, waiting });
            expect(capacity).toBeGreaterThanOrEqual(8);
            taken.set(index, charsOf(capacity, own));
            expect(sum + charsOf(capacity, own)).toBeLessThanOrEqual(BUDGET_CHARS);
          }
        }
      }),
    );
  });

  test('nobody gets less than the smallest, even where the budget is gone', () => {
    fc.assert(
      fc.property(fc.nat(2000), width, fc.nat(1_000_000), fc.array(width), (wish, own, taken, waiting) => {
        expect(capacityWithin(wish, { width: own, taken, waiting })).toBeGreaterThanOrEqual(8);
      }),
    );
  });
});
