import { expect, test } from '@jest/globals';
import { array, assert, integer, property } from 'fast-check';
import { Ledger } from './ledger.ts';

test('the place reached is the last one behind which nothing is open', () => {
  const ledger = new Ledger<number>(10);
  const [one, two, three] = [1, 2, 3].map((value) => ledger.track(value));
  two?.done();
  expect(ledger.reached).toBeUndefined();
  one?.done();
  expect(ledger.reached).toBe(2);
  three?.done();
  three?.done();
  expect(ledger.reached).toBe(3);
});

test('it starts from what was reached before', () => {
  expect(new Ledger(1, 'b').reached).toBe('b');
});

test('no more than the cap may be open behind the first, even where later ones are done', () => {
  const ledger = new Ledger<number>(2);
  const first = ledger.track(1);
  ledger.track(2).done();
  expect(ledger.hasRoom).toBe(false);
  first.done();
  expect(ledger.hasRoom).toBe(true);
});

test('in whatever order work is done, the place reached never passes an open one, and never lags', () => {
  assert(
    property(array(integer({ min: 0, max: 1_000 }), { maxLength: 40 }), (order) => {
      const ledger = new Ledger<number>(1_000, -1);
      const tracked = order.map((_, index) => ledger.track(index));
      const open = new Set(order.keys());
      const ending = [...order.keys()].sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
      for (const index of ending) {
        tracked[index]?.done();
        open.delete(index);
        expect(ledger.reached).toBe(Math.min(...open, order.length) - 1);
      }
    }),
  );
});
