import { expect, test } from '@jest/globals';
import { FakeClock } from '../testing/fake-clock.ts';
import { Notifier } from './notify.ts';

interface World {
  clock: FakeClock;
  /** When calls were made, in seconds since the start. */
  calls: number[];
  told: (string | undefined)[];
  notifier: Notifier;
  stop: AbortController;
}

function world(answers: (number | Error)[] = [], onCall: (count: number) => void = () => undefined): World {
  const clock = new FakeClock(0);
  const calls: number[] = [];
  const told: (string | undefined)[] = [];
  const stop = new AbortController();
  const call = (): Promise<number> => {
    calls.push(clock.now() / 1_000);
    const answer = answers[calls.length - 1] ?? 204;
    onCall(calls.length);
    return typeof answer === 'number' ? Promise.resolve(answer) : Promise.reject(answer);
  };
  const notifier = new Notifier({
    call,
    everyMs: 60_000,
    clock,
    signal: stop.signal,
    told: (failure) => void told.push(failure),
  });
  return { clock, calls, told, notifier, stop };
}

test('the first event is told after half a second, and many at the same time with one call', async () => {
  const { notifier, calls, told } = world();
  for (let count = 0; count < 100; count += 1) notifier.event();
  await notifier.idle();
  expect(calls).toEqual([0.5]);
  expect(told).toEqual([undefined]);
});

test('what comes while a call is under way or just after is told once, when its time has come', async () => {
  const { notifier, calls } = world([], (count) => {
    if (count <= 3) for (let more = 0; more < 10; more += 1) notifier.event();
  });
  notifier.event();
  await notifier.idle();
  expect(calls).toEqual([0.5, 60.5, 120.5, 180.5]);
});

test('after a quiet time the next event is told as quickly', async () => {
  const { notifier, calls, clock } = world();
  notifier.event();
  await notifier.idle();
  clock.set(1_000_000);
  notifier.event();
  await notifier.idle();
  expect(calls).toEqual([0.5, 1_000.5]);
});

test('what was refused or not answered stays due, with waits that double up to a quarter of an hour', async () => {
  const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' });
  const { notifier, calls, told } = world([409, refused, 500, 500, 500, 500, 200]);
  notifier.event();
  await notifier.idle();
  const waits = calls.slice(1).map((at, index) => at - (calls[index] ?? 0));
  expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
  expect(told).toEqual([
    'status 409',
    'ECONNREFUSED',
    'status 500',
    'status 500',
    'status 500',
    'status 500',
    undefined,
  ]);
});

test('a stop ends the waiting, and nothing is called any more', async () => {
  const { notifier, calls, stop } = world([500], () => stop.abort());
  notifier.event();
  await notifier.idle();
  notifier.event();
  await notifier.idle();
  expect(calls).toEqual([0.5]);
});
