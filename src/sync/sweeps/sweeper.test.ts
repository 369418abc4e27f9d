import { expect, test } from '@jest/globals';
import { LOOSE_AT_MOST } from '../../sweep/due.ts';
import { madeRow } from './made-row.ts';
import { RoomBook } from './room-book.ts';
import type { SweepState } from './sweep-state.ts';
import { Sweeper } from './sweeper.ts';

const NOW_MS = Date.parse('2026-11-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const rowsOf = (keys: readonly string[]) => keys.map((id) => madeRow({ id }));
const keys = (from: number, count: number): string[] => Array.from({ length: count }, (_, n) => `k${from + n}`);

function sweeperAt(nowMs: number, known: SweepState | undefined): Sweeper {
  const table = { keyField: 'id', width: 16, bornField: 'createdAt', asksAtMost: undefined } as const;
  return new Sweeper({ ...table, known, often: 'weekly', nowMs, book: new RoomBook() });
}

/** A run that walks everything and sees these keys, after a pass that printed others. */
function swept(sweeper: Sweeper, seen: readonly string[], printed: readonly string[] = []): Sweeper {
  sweeper.printed(rowsOf(printed));
  sweeper.walk.begin();
  sweeper.walk.see(rowsOf(seen));
  sweeper.walk.finish({ printed: false });
  const verdict = sweeper.verdict();
  sweeper.conclude(verdict, new Map()).remember();
  return sweeper;
}

test('of rows without a creation time a state remembers so many, and one more makes the next run sweep', () => {
  const state = swept(sweeperAt(NOW_MS, undefined), keys(0, 300)).state();
  const next = sweeperAt(NOW_MS + HOUR_MS, state);
  expect(next.due).toBe(false);
  next.printed(rowsOf(keys(1_000, 500)));
  const after = next.state();
  expect(after?.loose).toHaveLength(LOOSE_AT_MOST + 1);
  expect(sweeperAt(NOW_MS + 2 * HOUR_MS, after).due).toBe(true);
});

test('what a first pass printed beside the walk, and the walk passed by, is remembered and living', () => {
  const sweeper = swept(sweeperAt(NOW_MS, undefined), keys(0, 50), ['beside']);
  expect(sweeper.living?.has('beside')).toBe(true);
  const next = sweeperAt(NOW_MS + HOUR_MS, sweeper.state());
  expect(swept(next, keys(0, 50)).state()?.suspects).toEqual(['beside']);
});

test('there are no living keys where no walk ended, or much is missing', () => {
  const first = swept(sweeperAt(NOW_MS, undefined), keys(0, 300));
  expect(first.living?.size).toBe(300);
  const next = sweeperAt(NOW_MS + HOUR_MS, first.state());
  expect(next.living).toBeUndefined();
  expect(swept(next, keys(0, 200)).living).toBeUndefined();
});
