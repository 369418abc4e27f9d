import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../testing/fake-clock.ts';
import { backOffMs, defaultRetryPolicy, parseRetryAfterMs, withRetries, type Retryable } from './retry.ts';

const policy = { ...defaultRetryPolicy, attempts: 4, throttledAttempts: 6 };

function failing(times: number, failure: Retryable) {
  const clock = new FakeClock(0);
  let calls = 0;
  const attempt = (): Promise<string> => {
    calls += 1;
    return calls <= times
      ? Promise.reject(Object.assign(new Error(`failure ${calls}`), failure))
      : Promise.resolve('answer');
  };
  const describeFailure = (error: unknown): Retryable => error as Retryable & Error;
  return {
    clock,
    calls: () => calls,
    result: withRetries(attempt, describeFailure, policy, { clock, random: () => 0 }),
  };
}

describe('withRetries', () => {
  test('a failure that passes is tried again, with doubling waits', async () => {
    const { result, clock, calls } = failing(3, { retry: 'passing', retryAfterMs: undefined });
    expect(await result).toBe('answer');
    expect(calls()).toBe(4);
    expect(clock.now()).toBe(1_000 + 2_000 + 4_000);
  });

  test('a failure that does not pass is thrown after the last attempt', async () => {
    const { result, calls } = failing(99, { retry: 'passing', retryAfterMs: undefined });
    await expect(result).rejects.toThrow('failure 4');
    expect(calls()).toBe(4);
  });

  test('a failure that is final is not tried again', async () => {
    const { result, calls } = failing(99, { retry: 'no', retryAfterMs: undefined });
    await expect(result).rejects.toThrow('failure 1');
    expect(calls()).toBe(1);
  });

  test("the server's whole demand is obeyed, also beyond the longest wait of our own", async () => {
    const { result, clock } = failing(1, { retry: 'throttled', retryAfterMs: 600_000 });
    await result;
    expect(clock.now()).toBe(600_000);
  });

  test('a demand beyond an hour ends the request at once', async () => {
    const { result, clock, calls } = failing(1, { retry: 'throttled', retryAfterMs: 3_600_001 });
    await expect(result).rejects.toThrow('failure 1');
    expect([calls(), clock.now()]).toEqual([1, 0]);
  });

  test('throttled requests have more attempts than failing ones', async () => {
    const { result, calls } = failing(5, { retry: 'throttled', retryAfterMs: 1 });
    expect(await result).toBe('answer');
    expect(calls()).toBe(6);
  });
});

test('the spread shortens a wait by up to a quarter and never lengthens it', () => {
  expect(backOffMs(1, policy, 0)).toBe(1_000);
  expect(backOffMs(1, policy, 0.999)).toBe(750);
  expect(backOffMs(50, policy, 0)).toBe(policy.maxDelayMs);
});

test.each([
  ['7', 7_000],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %j at second 10 means %p ms', (header, expected) => {
  expect(parseRetryAfterMs(header, 10_000)).toBe(expected);
});
