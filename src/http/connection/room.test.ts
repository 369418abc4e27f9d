import { describe, expect, test } from '@jest/globals';
import { AnswerRoom } from './room.ts';

/** Whether a promise is settled once everything that can run has run. */
async function isSettled(promise: Promise<void> | undefined): Promise<boolean> {
  let settled = promise === undefined;
  void promise?.then(() => (settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('AnswerRoom', () => {
  test('lets everybody go on within the bound', () => {
    const room = new AnswerRoom(100);
    const [a, b] = [room.enter(), room.enter()];
    expect([a.take(60), b.take(40)]).toEqual([undefined, undefined]);
  });

  test('makes the later ones wait beyond it, and never the first', async () => {
    const room = new AnswerRoom(100);
    const [first, second, third] = [room.enter(), room.enter(), room.enter()];
    expect(first.take(50)).toBeUndefined();
    const waits = [second.take(51), third.take(1)];
    expect(await Promise.all(waits.map(isSettled))).toEqual([false, false]);
    expect(first.take(500)).toBeUndefined();
    first.leave();
    expect(await Promise.all(waits.map(isSettled))).toEqual([true, true]);
  });

  test('makes the next one the first when the first leaves, also far beyond the bound', async () => {
    const room = new AnswerRoom(100);
    const [first, second, third] = [room.enter(), room.enter(), room.enter()];
    void first.take(1);
    const waits = [second.take(200), third.take(200)];
    first.leave();
    expect(await Promise.all(waits.map(isSettled))).toEqual([true, false]);
    second.leave();
    expect(await isSettled(waits[1])).toBe(true); // alone, it is the first
  });

  test('is as empty as before when everybody has left, however often they leave', () => {
    const room = new AnswerRoom(100);
    const seat = room.enter();
    void seat.take(100);
    seat.leave();
    seat.leave();
    const [a, b] = [room.enter(), room.enter()];
    expect([a.take(50), b.take(50)]).toEqual([undefined, undefined]);
  });

  test('lets go who leaves while waiting', async () => {
    const room = new AnswerRoom(100);
    const [first, second] = [room.enter(), room.enter()];
    void first.take(90);
    const wait = second.take(50);
    second.leave();
    expect(await isSettled(wait)).toBe(true);
  });
});
