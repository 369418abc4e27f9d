import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIST_KEYS, Memory } from './memory.ts';
import { packMemory, unpackMemory } from './memory-text.ts';
import { UniqueKeys } from './unique-keys.ts';
import type { Width } from './key-words.ts';

const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `00000000-0000-4000-8000-${(n + from).toString(16).padStart(12, '0')}`);

function walkOf(keys: Iterable<string>, width: Width = 16): UniqueKeys {
  const walk = new UniqueKeys(width);
  for (const key of keys) walk.add(key);
  return walk;
}

const anyKey = fc.oneof(
  fc.uuid(),
  fc.string({ maxLength: 8, unit: 'grapheme' }).filter((text) => Buffer.from(text).length <= 16),
);
const short = fc.uniqueArray(anyKey, { maxLength: LIST_KEYS });
const ofAnySize = fc.oneof(
  short,
  fc.integer({ min: LIST_KEYS + 1, max: 600 }).map((count) => numbered(count)),
);

describe('UniqueKeys', () => {
  test('has each key once, in the order in which they came', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyKey, fc.constantFrom('a', 'b', '')), { maxLength: 200 }), (keys) => {
        const set = new Set(keys);
        const unique = walkOf(keys);
        expect([...unique]).toEqual([...set]);
        expect(unique.size).toBe(set.size);
        for (const key of keys) expect(unique.has(key)).toBe(true);
        expect(unique.has('not in it')).toBe(false);
      }),
    );
  });

  test('finds each of 20,000 keys, and no other', () => {
    const walk = walkOf([...numbered(20_000), ...numbered(20_000)]);
    expect(walk.size).toBe(20_000);
    expect(numbered(20_000).every((key) => walk.has(key))).toBe(true);
    expect(numbered(20_000, 20_000).some((key) => walk.has(key))).toBe(false);
  });

  test('names the first key that does not fit', () => {
    const walk = walkOf(['a', 'much too long a key', 'another far too long key', 'b']);
    expect([...walk]).toEqual(['a', 'b']);
    expect(walk.misfit).toBe('much too long a key');
    expect(walk.has('much too long a key')).toBe(false);
  });
});

describe('Memory', () => {
  test('names what is gone and what is new, as a list and as a sketch', () => {
    fc.assert(
      fc.property(ofAnySize, fc.nat(40), fc.nat(40), (keys, gone, more) => {
        const fresh = numbered(more, 1_000_000);
        const memory = Memory.of(walkOf(keys), 128);
        const difference = memory.compare(walkOf([...keys.slice(gone), ...fresh]));
        expect(difference).not.toBe('too-many');
        if (difference === 'too-many') return;
        expect(difference.onlyInFirst.toSorted()).toEqual(keys.slice(0, gone).toSorted());
        expect(difference.onlyInSecond.toSorted()).toEqual(fresh.toSorted());
      }),
    );
  });

  test('takes in keys later, and is then the same as one that had them from the beginning', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 150 }), (first, later) => {
        const memory = Memory.of(walkOf(numbered(first)), 64);
        for (const key of numbered(later, first)) expect(memory.add(key)).toBe(true);
        expect(memory.size).toBe(first + later);
        expect(memory.compare(walkOf(numbered(first + later)))).toEqual({ onlyInFirst: [], onlyInSecond: [] });
      }),
    );
  });

  test('never names a key as gone that the walk has seen, also when it took it in twice', () => {
    fc.assert(
      fc.property(ofAnySize, fc.array(fc.nat(), { maxLength: 20 }), fc.nat(10), (keys, twice, gone) => {
        const memory = Memory.of(walkOf(keys), 64);
        for (const n of twice) if (keys.length > 0) memory.add(keys[n % keys.length] ?? '');
        const walk = walkOf(keys.slice(gone));
        const difference = memory.compare(walk);
        if (difference !== 'too-many') expect(difference.onlyInFirst.filter((key) => walk.has(key))).toEqual([]);
      }),
    );
  });

  test('a list knows its keys; a sketch cannot tell', () => {
    const list = Memory.of(walkOf(['a']), 8);
    expect([list.knows('a'), list.knows('b')]).toEqual([true, false]);
    expect(Memory.of(walkOf(numbered(LIST_KEYS + 1)), 8).knows('a')).toBeUndefined();
  });

  test('a walk over keys of another width is not compared', () => {
    expect(Memory.of(walkOf(['a']), 8).compare(walkOf(['a'], 32))).toBe('too-many');
  });
});

describe('packed', () => {
  const widths = fc.constantFrom<Width>(16, 32);

  test('comes back as it was', () => {
    fc.assert(
      fc.property(ofAnySize, widths, fc.nat(20), (keys, width, gone) => {
        const memory = Memory.of(walkOf(keys, width), 64);
        const back = unpackMemory(packMemory(memory));
        expect(back?.size).toBe(memory.size);
        expect(packMemory(back!)).toBe(packMemory(memory));
        const walk = walkOf(keys.slice(gone), width);
        expect(back?.compare(walk)).toEqual(memory.compare(walk));
      }),
    );
  });

  test('one changed or missing character makes it no memory', () => {
    fc.assert(
      fc.property(ofAnySize, fc.nat(), fc.constantFrom('A', 'B', '/', '', '=', ' ', '…'), (keys, where, by) => {
        const text = packMemory(Memory.of(walkOf(keys), 8));
        const at = where % text.length;
        fc.pre(text[at] !== by);
        expect(unpackMemory(text.slice(0, at) + by + text.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  test('anything else is no memory, and no exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.base64String(), fc.string()), (text) => {
        expect(unpackMemory(text)).toBeUndefined();
      }),
    );
  });
});
