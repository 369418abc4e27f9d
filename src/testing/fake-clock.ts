import { Interrupted } from '../errors.ts';
import type { Clock } from '../http/clock.ts';

interface Sleeper {
  until: number;
  wake(): void;
}

/** A clock that stands still until somebody sleeps on it, and then jumps: hours pass in no time. */
export class FakeClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #scheduled = false;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  /** Sets the wall clock, also back. */
  set(now: number): void {
    this.#now = now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = { until: this.#now + ms, wake: resolve };
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(new Interrupted());
      });
      this.#sleepers.push(sleeper);
      this.#schedule();
    });
  }

  /** When everything that can run has run, the earliest sleeper is woken at its time. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, other) => (first && first.until <= other.until ? first : other),
        undefined,
      );
      if (!next) return;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      if (this.#sleepers.length > 0) this.#schedule();
    });
  }
}
