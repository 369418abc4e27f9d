import { describe, expect, test } from '@jest/globals';
import { Interrupted } from '../errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { RequestBudget, type Lane } from './budget.ts';

/** Runs requests of 150 ms each through a budget and returns when each was sent. */
async function sendTimes(count: number, requestsPerMinute: number, lane: (n: number) => Lane = () => 'list') {
  const clock = new FakeClock(0);
  const budget = new RequestBudget({ requestsPerMinute, clock });
  const sent: { at: number; lane: Lane }[] = [];
  const requests = Array.from({ length: count }, (_, n) =>
    budget.run(lane(n), async () => {
      sent.push({ at: clock.now(), lane: lane(n) });
      await clock.sleep(150);
    }),
  );
  await Promise.all(requests);
  return { sent, clock, budget };
}

function mostInAnyMinute(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}

describe('RequestBudget', () => {
  test.each([1, 2, 7, 60, 100, 1_000])('of %d requests a minute, no 60 seconds hold more', async (limit) => {
    const { sent } = await sendTimes(limit * 2 + 5, limit);
    const times = sent.map(({ at }) => at);
    expect(mostInAnyMinute(times)).toBeLessThanOrEqual(limit);
  });

  test('at least 95 % of the limit is used', async () => {
    const { sent } = await sendTimes(2_000, 1_000);
    expect(sent.at(-1)?.at).toBeLessThan((1_999 / 1_000) * 60_000 * 1.05);
  });

  test('a quiet time does not build up a burst', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 60, clock });
    await budget.run('list', () => Promise.resolve());
    await clock.sleep(600_000);
    const times: number[] = [];
    await Promise.all([1, 2, 3].map(() => budget.run('list', () => Promise.resolve(times.push(clock.now())))));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(700);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test('lists go before fan-outs, and fan-outs still get every fourth turn', async () => {
    const { sent } = await sendTimes(80, 6_000, (n) => (n < 40 ? 'fan-out' : 'list'));
    const early = sent.slice(4, 44).map(({ lane }) => lane);
    expect(early.filter((lane) => lane === 'list').length).toBeGreaterThanOrEqual(28);
    expect(early.filter((lane) => lane === 'fan-out').length).toBeGreaterThanOrEqual(8);
  });

  test('an answer 429 pauses everybody for the whole time asked for, and slows the pace', async () => {
    const clock = new FakeClock(0);
    const pauses: number[] = [];
    const budget = new RequestBudget({ requestsPerMinute: 600, clock, onPause: (until) => pauses.push(until) });
    await budget.run('list', () => Promise.resolve());
    budget.throttled(30_000);
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, () => budget.run('fan-out', () => Promise.resolve(times.push(clock.now())))),
    );
    expect(times[0]).toBeGreaterThanOrEqual(30_000);
    expect(pauses).toEqual([30_000]);
    const intervalMs = ((times[19] ?? 0) - (times[9] ?? 0)) / 10;
    expect(intervalMs).toBeGreaterThan(103 * 1.2);
  });

  test('the pace recovers by itself', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 600, clock });
    budget.throttled(1_000);
    await clock.sleep(120_000);
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, () => budget.run('list', () => Promise.resolve(times.push(clock.now())))),
    );
    expect(((times[19] ?? 0) - (times[9] ?? 0)) / 10).toBeLessThan(110);
  });

  test('several 429 that were under way together slow the pace once', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 600, clock });
    for (let n = 0; n < 10; n += 1) budget.throttled(1_000);
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, () => budget.run('list', () => Promise.resolve(times.push(clock.now())))),
    );
    expect(((times[19] ?? 0) - (times[9] ?? 0)) / 10).toBeLessThan(103 / 0.7);
  });

  test('a pause that several answers ask for is told once', () => {
    const clock = new FakeClock(0);
    const pauses: number[] = [];
    const budget = new RequestBudget({ requestsPerMinute: 600, clock, onPause: (until) => pauses.push(until) });
    for (const delayMs of [10_000, 10_004, 10_020]) budget.throttled(delayMs);
    expect(pauses).toEqual([10_000]);
  });

  test('a limit in the headers lowers the pace, and an empty allowance waits for its reset', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 1_000, clock });
    budget.observe({ limit: 60, remaining: 0, resetMs: 20_000 });
    const times: number[] = [];
    await Promise.all([1, 2, 3].map(() => budget.run('list', () => Promise.resolve(times.push(clock.now())))));
    expect(times[0]).toBeGreaterThanOrEqual(20_000);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test('the width follows pace and latency, within bounds', async () => {
    const { budget } = await sendTimes(200, 6_000);
    expect(budget.width).toBeGreaterThan(15);
    expect(budget.width).toBeLessThanOrEqual(24);
    expect((await sendTimes(3, 1)).budget.width).toBe(4);
  });

  test('whoever waits for a turn leaves when the run is stopped', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 1, clock });
    await budget.run('list', () => Promise.resolve());
    const stop = new AbortController();
    const waiting = budget.run('list', () => Promise.resolve(), stop.signal);
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
  });
});
