import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SlidingWindow } from './window.ts';

const LENGTH_MS = 60_000;

/** A window with a request at each of these times. */
function windowOf(times: readonly number[]): SlidingWindow {
  const window = new SlidingWindow(LENGTH_MS);
  for (const at of times) window.add(at);
  return window;
}

const schedule = fc
  .array(fc.nat(5_000), { minLength: 1, maxLength: 200 })
  .map((gaps) => gaps.map((_gap, n) => gaps.slice(0, n + 1).reduce((sum, gap) => sum + gap, 0)));

describe('SlidingWindow', () => {
  test('never counts fewer than there are, and forgets within a tenth of a second', () => {
    fc.assert(
      fc.property(schedule, fc.nat(70_000), (times, later) => {
        const now = (times.at(-1) ?? 0) + later;
        const count = windowOf(times).count(now);
        expect(count).toBeGreaterThanOrEqual(times.filter((at) => now - at < LENGTH_MS).length);
        expect(count).toBeLessThanOrEqual(times.filter((at) => now - at < LENGTH_MS + 100).length);
      }),
    );
  });

  test('is open at the moment that it names, and not before', () => {
    fc.assert(
      fc.property(schedule, fc.integer({ min: 1, max: 50 }), (times, limit) => {
        const now = times.at(-1) ?? 0;
        const opensAt = windowOf(times).opensAt(now, limit);
        expect(windowOf(times).count(opensAt)).toBeLessThan(limit);
        if (opensAt > now) expect(windowOf(times).count(opensAt - 1)).toBeGreaterThanOrEqual(limit);
      }),
    );
  });

  test('requests at the even interval never find it full', () => {
    fc.assert(
      fc.property(schedule, fc.integer({ min: 1, max: 300 }), (times, limit) => {
        const now = times.at(-1) ?? 0;
        fc.pre(windowOf(times).count(now) <= limit);
        const window = windowOf(times);
        const intervalMs = window.evenIntervalMs(now, limit);
        // Followers of one moment leave with the last of them, which a tenth of a second covers.
        for (let n = 1; n <= limit; n += 1) {
          const at = now + n * intervalMs + 0.001; // rounding
          expect(window.count(at)).toBeLessThan(limit);
          window.add(at);
        }
      }),
    );
  });

  test('of an even past, the even interval is its own', () => {
    const window = windowOf(Array.from({ length: 60 }, (_, n) => n * 1_000));
    expect(window.evenIntervalMs(59_000, 60)).toBe(1_000);
  });

  test('of a burst of half the limit, it is what spreads the other half over the rest', () => {
    const window = windowOf(Array.from({ length: 30 }, () => 0));
    expect(window.evenIntervalMs(0, 60)).toBeCloseTo(60_000 / 31);
  });
});
