/** Requests of one short moment. They count until the last of them is old enough. */
interface Moment {
  firstAt: number;
  lastAt: number;
  count: number;
}

/**
 * Requests sent within so many milliseconds are counted as one moment, so that the window holds some hundred numbers
 * however many requests there were.
 */
const MOMENT_MS = 100;

/** How many requests were sent within the last `lengthMs`: a log of moments that forgets what has left the window. */
export class SlidingWindow {
  readonly #lengthMs: number;
  #moments: Moment[] = [];
  #count = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Takes in one request sent at `now`, which never goes back. */
  add(now: number): void {
    const last = this.#moments.at(-1);
    if (last && now - last.firstAt < MOMENT_MS) {
      last.lastAt = now;
      last.count += 1;
    } else this.#moments.push({ firstAt: now, lastAt: now, count: 1 });
    this.#count += 1;
  }

  /** How many requests are in the window. */
  count(now: number): number {
    while (this.#moments[0] && now - this.#moments[0].lastAt >= this.#lengthMs)
      this.#count -= this.#moments.shift()?.count ?? 0;
    return this.#count;
  }

  /** When the window holds fewer than `limit` requests: `now`, or the moment at which enough of them have left. */
  opensAt(now: number, limit: number): number {
    let tooMany = this.count(now) - limit + 1;
    if (tooMany <= 0) return now;
    for (const { lastAt, count } of this.#moments) {
      tooMany -= count;
      if (tooMany <= 0) return lastAt + this.#lengthMs;
    }
    return now + this.#lengthMs; // a limit below one
  }

  /**
   * The shortest interval at which requests can follow each other evenly from `now` on without ever waiting for the
   * window of `limit` requests. As many as there is room for may come at any time; the n-th beyond has to wait for
   * the n-th oldest to leave, so the interval is at least its departure divided by its number.
   */
  evenIntervalMs(now: number, limit: number): number {
    const room = limit - this.count(now);
    let intervalMs = this.#lengthMs / limit;
    let left = 0;
    for (const { lastAt, count } of this.#moments) {
      // All of a moment leave together, so that the first of them decides.
      const number = room + left + 1;
      if (number > 0) intervalMs = Math.max(intervalMs, (lastAt + this.#lengthMs - now) / number);
      left += count;
    }
    return intervalMs;
  }
}
