import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Interrupted } from '../errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { RequestBudget, type Queue } from './budget.ts';

/** Runs requests of 150 ms each through a budget and returns when each was sent. */
async function sendTimes(count: number, requestsPerMinute: number, queue: (n: number) => Queue = () => 'list') {
  const clock = new FakeClock(0);
  const budget = new RequestBudget({ requestsPerMinute, clock });
  const sent: { at: number; queue: Queue }[] = [];
  const requests = Array.from({ length: count }, (_, n) =>
    budget.run(queue(n), async () => {
      sent.push({ at: clock.now(), queue: queue(n) });
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

  test('half of a minute may be spent at once after a quiet minute, and no more', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 60, clock });
    await budget.run('list', () => Promise.resolve());
    await clock.sleep(600_000);
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, () => budget.run('list', () => Promise.resolve(times.push(clock.now())))),
    );
    expect(times.filter((at) => at === 600_000)).toHaveLength(30);
    const later = times.slice(30).map((at, n) => at - (times[n + 29] ?? 0));
    expect(Math.min(...later)).toBeGreaterThanOrEqual(1_900);
    expect(Math.max(...later)).toBeLessThanOrEqual(2_100);
  });

  test.each([271, 399])('%d requests take what latency and 24 in flight dictate', async (count) => {
    const { clock } = await sendTimes(count, 1_000, (n) => (n % 3 === 0 ? 'list' : 'fan-out'));
    expect(clock.now()).toBeLessThanOrEqual(Math.ceil(count / 24) * 150 * 1.05);
  });

  test('a list that goes page by page is held back by nothing', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 1_000, clock });
    const list = async (): Promise<void> => {
      for (let page = 0; page < 30; page += 1) await budget.run('list', () => clock.sleep(150));
    };
    await Promise.all(Array.from({ length: 12 }, list));
    expect(clock.now()).toBe(30 * 150);
  });

  test.each([1, 5, 30, 100, 1_000])(
    'of %d a minute, a long schedule takes at most 1.10 of the ideal',
    async (limit) => {
      const { sent } = await sendTimes(limit * 5 + 1, limit);
      expect(sent.at(-1)?.at).toBeLessThanOrEqual(5 * 60_000 * 1.1);
    },
  );

  test('after a burst the pace is even: nobody waits for the burst to leave the window', async () => {
    const { sent } = await sendTimes(1_500, 1_000);
    const times = sent.map(({ at }) => at);
    const gaps = times.slice(501).map((at, n) => at - (times[n + 500] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(250);
  });

  test('whatever the schedule, no 60 seconds hold more than the limit', async () => {
    const step = fc.record({
      quietMs: fc.nat(70_000),
      requests: fc.nat(60),
      latencyMs: fc.integer({ min: 1, max: 9_000 }),
      throttledMs: fc.option(fc.nat(20_000)),
      headerLimit: fc.option(fc.integer({ min: 1, max: 100 })),
    });
    const schedules = fc.record({ limit: fc.integer({ min: 1, max: 80 }), steps: fc.array(step, { maxLength: 6 }) });
    await fc.assert(
      fc.asyncProperty(schedules, async ({ limit, steps }) => {
        const clock = new FakeClock(0);
        const budget = new RequestBudget({ requestsPerMinute: limit, clock });
        const times: number[] = [];
        const runs: Promise<void>[] = [];
        for (const { quietMs, requests, latencyMs, throttledMs, headerLimit } of steps) {
          await clock.sleep(quietMs);
          if (throttledMs !== null) budget.throttled(throttledMs);
          budget.observe({ limit: headerLimit ?? undefined, remaining: undefined, resetMs: undefined });
          for (let n = 0; n < requests; n += 1) {
            const work = (): Promise<void> => {
              times.push(clock.now());
              return clock.sleep(latencyMs);
            };
            runs.push(budget.run(n % 2 ? 'list' : 'fan-out', work));
          }
        }
        await Promise.all(runs);
        if (times.length > 0) expect(mostInAnyMinute(times)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 60 },
    );
  });

  test('lists go before fan-outs, and fan-outs still get every fourth turn', async () => {
    const { sent } = await sendTimes(200, 6_000, (n) => (n < 100 ? 'fan-out' : 'list'));
    const early = sent.slice(24, 124).map(({ queue }) => queue); // the first 24 leave before a list has come
    expect(early.filter((queue) => queue === 'list').length).toBeGreaterThanOrEqual(74);
    expect(early.filter((queue) => queue === 'fan-out').length).toBeGreaterThanOrEqual(24);
  });

  test('an answer 429 ends the privilege of a burst, which comes back after some minutes', async () => {
    const clock = new FakeClock(0);
    const budget = new RequestBudget({ requestsPerMinute: 600, clock });
    budget.throttled(1_000);
    const spread = async (): Promise<number> => {
      const times: number[] = [];
      await Promise.all(
        Array.from({ length: 100 }, () => budget.run('list', () => Promise.resolve(times.push(clock.now())))),
      );
      return (times.at(-1) ?? 0) - (times[0] ?? 0);
    };
    expect(await spread()).toBeGreaterThanOrEqual(9_900);
    await clock.sleep(120_000);
    expect(await spread()).toBeGreaterThanOrEqual(9_500);
    await clock.sleep(300_000);
    expect(await spread()).toBe(0);
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

  test('the width is full while a burst is allowed, and then follows pace and latency, within bounds', async () => {
    expect((await sendTimes(200, 6_000)).budget.width).toBe(24);
    expect((await sendTimes(600, 1_000)).budget.width).toBe(6);
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
