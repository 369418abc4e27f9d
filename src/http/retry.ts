import type { Clock } from './clock.ts';

/** How failures are tried again: data, so that it can be read and tested as such. */
export interface RetryPolicy {
  /** Tries in all for failures that pass (network, 5xx, 408, unreadable answers), the first included. */
  attempts: number;
  /** Tries in all for answers that say "too many requests": others may be using up the same limit. */
  throttledAttempts: number;
  /** The wait after the first failure; it doubles with each further one. */
  firstDelayMs: number;
  /** The longest wait of our own choosing. A server's own demand is never cut short. */
  maxDelayMs: number;
  /** A server's demand that is longer than this ends the request with the error instead of waiting. */
  maxObeyedDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 6,
  throttledAttempts: 12,
  firstDelayMs: 1_000,
  maxDelayMs: 60_000,
  maxObeyedDelayMs: 3_600_000,
};

/** What the thrower of an error knows about trying again. */
export interface Retryable {
  retry: 'no' | 'passing' | 'throttled';
  /** What the server demanded (Retry-After), if anything. */
  retryAfterMs: number | undefined;
}

export interface RetryWorld {
  clock: Clock;
  /** A number from 0 up to 1. */
  random(): number;
  signal?: AbortSignal | undefined;
  /** Called before each wait of our own. */
  onRetry?(failure: unknown, delayMs: number, attempt: number): void;
}

/**
 * Runs `attempt` until it succeeds or the policy is used up; then throws its last error. `describe` says how an
 * error may be retried.
 */
export async function withRetries<T>(
  attempt: (attemptNumber: number) => Promise<T>,
  describe: (failure: unknown) => Retryable,
  policy: RetryPolicy,
  world: RetryWorld,
): Promise<T> {
  const failed = { passing: 0, throttled: 0 };
  for (let attemptNumber = 1; ; attemptNumber += 1) {
    try {
      return await attempt(attemptNumber);
    } catch (failure) {
      const { retry, retryAfterMs } = describe(failure);
      if (retry === 'no') throw failure;
      failed[retry] += 1;
      const allowed = retry === 'throttled' ? policy.throttledAttempts : policy.attempts;
      if (failed[retry] >= allowed || (retryAfterMs ?? 0) > policy.maxObeyedDelayMs) throw failure;
      const delayMs = retryAfterMs ?? backOffMs(failed[retry], policy, world.random());
      world.onRetry?.(failure, delayMs, attemptNumber);
      await world.clock.sleep(delayMs, world.signal);
    }
  }
}

/** The wait after the n-th failure: doubling, capped, and spread by up to a quarter so that callers do not march in step. */
export function backOffMs(failures: number, policy: RetryPolicy, random: number): number {
  const full = Math.min(policy.firstDelayMs * 2 ** (failures - 1), policy.maxDelayMs);
  return Math.round(full * (1 - random / 4));
}

/** A Retry-After header (seconds, or a date) as milliseconds from now; undefined where there is none or it cannot be read. */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
