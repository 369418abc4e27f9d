import { Interrupted } from '../errors.ts';
import type { Clock } from './clock.ts';

/**
 * What a request is for. Pages of a list come one after the other, so a list is only as fast as its chain of
 * answers; calls for each parent can be made side by side at any time and fill what the lists leave.
 */
export type Lane = 'list' | 'fan-out';

export interface BudgetOptions {
  /** Requests that Ashby allows in any 60 seconds. */
  requestsPerMinute: number;
  clock: Clock;
  /** Told when everybody has to wait because of an answer "too many requests". Wall-clock milliseconds. */
  onPause?(untilMs: number): void;
}

/** The pace stays this much below the limit, for timers and networks that deliver late and then in a bunch. */
const MARGIN = 1.03;
/** How much lateness may be caught up at once. At most 3 % of a minute keeps any 60 seconds within the limit. */
const CATCH_UP_MS = 300;
/** What an answer "too many requests" does to the pace, how far down it may go, and how it recovers. */
const SLOW_DOWN = 0.75;
const SLOWEST = 1 / 50;
const RECOVERY_PER_SECOND = 1 / 150;
/** Every so many grants one goes to the fan-outs, however many lists are waiting. */
const FAN_OUT_SHARE = 4;
/** Bounds of the number of requests in flight. */
const LEAST_IN_FLIGHT = 4;
const MOST_IN_FLIGHT = 24;

interface Waiter {
  grant(): void;
}

/**
 * The one rate budget of the process: every request, of whatever stream and also each retry, takes its turn here.
 *
 * Requests leave at an even pace of 97 % of the limit. An answer 429 pauses everybody for the whole time that the
 * server asked for and slows the pace, which then recovers by itself. How many requests may be in flight follows
 * from the pace and the latency seen (Little's law), with a bound.
 */
export class RequestBudget {
  /** Time that requests spent waiting for their turn, in milliseconds, summed over all requests. */
  waitedMs = 0;

  readonly #clock: Clock;
  readonly #onPause: ((untilMs: number) => void) | undefined;
  readonly #configuredLimit: number;
  #limit: number;
  #factor = 1;
  #factorAt: number;
  #nextSlot: number;
  #pausedUntil = 0;
  #slowedAt = -Infinity;
  #inFlight = 0;
  #latencyMs = 250;
  #granted = 0;
  #ticking = false;
  readonly #waiting: Record<Lane, Waiter[]> = { list: [], 'fan-out': [] };

  constructor(options: BudgetOptions) {
    this.#clock = options.clock;
    this.#onPause = options.onPause;
    this.#limit = this.#configuredLimit = options.requestsPerMinute;
    this.#nextSlot = this.#factorAt = options.clock.elapsed();
  }

  /** How many requests may be in flight at present. */
  get width(): number {
    const inPipe = (this.#latencyMs / this.#intervalMs()) * 1.5 + 2;
    return Math.max(LEAST_IN_FLIGHT, Math.min(MOST_IN_FLIGHT, Math.ceil(inPipe)));
  }

  /**
   * Waits for this request's turn, runs it, and frees its place. Rejects with Interrupted when the signal is
   * aborted while it waits.
   */
  async run<T>(lane: Lane, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const askedAt = this.#clock.elapsed();
    await this.#turn(lane, signal);
    const startedAt = this.#clock.elapsed();
    this.waitedMs += startedAt - askedAt;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
      this.#latencyMs += (this.#clock.elapsed() - startedAt - this.#latencyMs) / 8;
      this.#tick();
    }
  }

  /** After an answer "too many requests": everybody waits `delayMs`, and goes on more slowly. */
  throttled(delayMs: number): void {
    const now = this.#clock.elapsed();
    const until = now + delayMs;
    // Answers to requests that were under way together are one piece of news, not several.
    if (now - this.#slowedAt > Math.max(1_000, this.#latencyMs * 2)) {
      this.#factor = Math.max(SLOWEST, this.#currentFactor(now) * SLOW_DOWN);
      this.#factorAt = Math.max(now, until);
      this.#slowedAt = now;
    }
    if (until > this.#pausedUntil) {
      // The answers of one moment ask for nearly the same: told once, not for each.
      const news = until - this.#pausedUntil >= 1_000;
      this.#pausedUntil = until;
      if (news) this.#onPause?.(this.#clock.now() + delayMs);
    }
  }

  /**
   * Takes in X-RateLimit-* headers, seen by users of Ashby's API in 2026. `limit`, for a minute, counts where it is
   * lower than the one configured; when `remaining` is 0, everybody waits until `resetMs` (wall clock), if that lies
   * within the next minute.
   */
  observe(headers: { limit: number | undefined; remaining: number | undefined; resetMs: number | undefined }): void {
    if (headers.limit !== undefined && headers.limit >= 1) this.#limit = Math.min(this.#configuredLimit, headers.limit);
    if (headers.remaining !== 0 || headers.resetMs === undefined) return;
    const delayMs = headers.resetMs - this.#clock.now();
    const until = this.#clock.elapsed() + delayMs;
    if (delayMs <= 0 || delayMs > 61_000 || until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.#onPause?.(headers.resetMs);
  }

  #turn(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Interrupted());
      const queue = this.#waiting[lane];
      const leave = (): void => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(new Interrupted());
      };
      const waiter: Waiter = {
        grant: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(waiter);
      this.#tick();
    });
  }

  /** Grants what may be granted now, and sees to it that somebody looks again when the next slot comes. */
  #tick(): void {
    if (this.#ticking) return;
    const now = this.#clock.elapsed();
    while (this.#inFlight < this.width) {
      const waiter = this.#slotOpen(now) ? this.#next() : undefined;
      if (!waiter) break;
      this.#nextSlot = Math.max(this.#nextSlot, now - CATCH_UP_MS) + this.#intervalMs();
      this.#inFlight += 1;
      waiter.grant();
    }
    const queued = this.#waiting.list.length + this.#waiting['fan-out'].length;
    if (queued === 0 || this.#inFlight >= this.width) return;
    this.#ticking = true;
    const delayMs = Math.max(this.#nextSlot, this.#pausedUntil) - now;
    void this.#clock.sleep(Math.max(1, Math.ceil(delayMs))).then(() => {
      this.#ticking = false;
      this.#tick();
    });
  }

  #slotOpen(now: number): boolean {
    return now >= this.#nextSlot && now >= this.#pausedUntil;
  }

  #next(): Waiter | undefined {
    this.#granted += 1;
    const { list, 'fan-out': fanOut } = this.#waiting;
    const first = this.#granted % FAN_OUT_SHARE === 0 ? fanOut : list;
    return first.shift() ?? (first === list ? fanOut : list).shift();
  }

  #intervalMs(): number {
    return (60_000 * MARGIN) / (this.#limit * this.#currentFactor(this.#clock.elapsed()));
  }

  #currentFactor(now: number): number {
    return Math.min(1, this.#factor + (Math.max(0, now - this.#factorAt) / 1000) * RECOVERY_PER_SECOND);
  }
}
