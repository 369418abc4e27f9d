import { expect, test } from '@jest/globals';
import { deferred } from './deferred.ts';
import { Slots } from './slots.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more run than may, the others wait in their order, and a failure frees its place', async () => {
  let capacity = 2;
  const slots = new Slots(() => capacity);
  const began: number[] = [];
  const gates = [deferred(), deferred(), deferred(), deferred()];
  const runs = gates.map((gate, index) =>
    slots.run(async () => {
      began.push(index);
      await gate.promise;
      return index;
    }),
  );
  await settle();
  expect(began).toEqual([0, 1]);
  gates[1]?.reject(new Error('broken'));
  await expect(runs[1]).rejects.toThrow('broken');
  await settle();
  expect(began).toEqual([0, 1, 2]);
  capacity = 1;
  gates[0]?.resolve();
  await expect(runs[0]).resolves.toBe(0);
  await settle();
  expect(began).toEqual([0, 1, 2]); // one is still running, and one may
  gates[2]?.resolve();
  gates[3]?.resolve();
  await expect(Promise.all([runs[2], runs[3]])).resolves.toEqual([2, 3]);
});
