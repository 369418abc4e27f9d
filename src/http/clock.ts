import { Interrupted } from '../errors.ts';

/** Time, as the world provides it. Tests pass their own, so that none of them sleeps. */
export interface Clock {
  /** Milliseconds since 1970, as the wall clock tells it; it may go back. */
  now(): number;
  /** Milliseconds since some moment; it never goes back. For intervals. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds; rejects with Interrupted as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay that setTimeout takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) await wait(Math.min(left, LONGEST_TIMER_MS), signal);
  },
};

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Interrupted());
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Interrupted());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
