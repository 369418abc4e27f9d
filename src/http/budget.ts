import type { Clock } from './clock.ts';
import { Queues, type Queue } from './queues.ts';
import { SlidingWindow } from './window.ts';

export type { Queue } from './queues.ts';

export interface BudgetOptions {
  /** Requests that Ashby allows in any 60 seconds. */
  requestsPerMinute: number;
  clock: Clock;
  /** Told when everybody has to wait because of an answer "too many requests". Wall-clock milliseconds. */
  onPause?(untilMs: number): void;
}

/** A minute, and a second for networks that deliver late and then in a bunch: the server counts when they arrive. */
const WINDOW_MS = 61_000;
/** This share of the limit may be spent at once when the last minute left it over: most syncs need no more. */
const BURST_SHARE = 0.5;
/** For so long after an answer "too many requests" nothing is spent at once: somebody else uses the same limit. */
const NO_BURST_MS = 300_000;
/** How much lateness of the pace may be caught up at once. */
const CATCH_UP_MS = 300;
/** What an answer "too many requests" does to the pace, how far down it may go, and how it recovers. */
const SLOW_DOWN = 0.75;
const SLOWEST = 1 / 50;
const RECOVERY_PER_SECOND = 1 / 150;
/** Bounds of the number of requests in flight. */
const LEAST_IN_FLIGHT = 4;
const MOST_IN_FLIGHT = 24;

/**
 * The one rate budget of the process: every request, of whatever stream and also each retry, takes its turn here.
 *
 * No 60 seconds ever see more requests than the limit. Half of it may be spent at once as long as the last minute
 * left it over; what comes beyond leaves at an even pace that never runs into the limit. An answer 429 pauses everybody
 * for the whole time that the server asked for, ends that privilege for some minutes, and slows the pace, which then
 * recovers by itself. How many requests may be in flight follows from the pace and the latency seen (Little's law),
 * with a bound.
 */
export class RequestBudget {
  /** Time that requests spent waiting for their turn, in milliseconds, summed over all requests. */
  waitedMs = 0;

  readonly #clock: Clock;
  readonly #onPause: ((untilMs: number) => void) | undefined;
  readonly #configuredLimit: number;
  #limit: number;
  #slowed = 1;
  #recoversFrom: number;
  readonly #sent = new SlidingWindow(WINDOW_MS);
  #nextSlot: number;
  #noBurstUntil = -Infinity;
  #pausedUntil = 0;
  #slowedAt = -Infinity;
  #inFlight = 0;
  #latencyMs = 250;
  #ticking = false;
  readonly #queues = new Queues();

  constructor(options: BudgetOptions) {
    this.#clock = options.clock;
    this.#onPause = options.onPause;
    this.#limit = this.#configuredLimit = options.requestsPerMinute;
    this.#nextSlot = this.#recoversFrom = options.clock.elapsed();
  }

  /** How many requests may be in flight at present. */
  get width(): number {
    if (this.#mayBurst(this.#clock.elapsed())) return MOST_IN_FLIGHT;
    const inPipe = (this.#latencyMs / this.#paceMs()) * 1.5 + 2;
    return Math.max(LEAST_IN_FLIGHT, Math.min(MOST_IN_FLIGHT, Math.ceil(inPipe)));
  }

  /**
   * Waits for this request's turn, runs it, and frees its place. Rejects with Interrupted when the signal is
   * aborted while it waits.
   */
  async run<T>(queue: Queue, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const askedAt = this.#clock.elapsed();
    const turn = this.#queues.wait(queue, signal);
    this.#tick();
    await turn;
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

  /** After an answer "too many requests": everybody waits `delayMs`, and goes on evenly and more slowly. */
  throttled(delayMs: number): void {
    const now = this.#clock.elapsed();
    const until = now + delayMs;
    this.#noBurstUntil = Math.max(this.#noBurstUntil, until + NO_BURST_MS);
    // Answers to requests that were under way together are one piece of news, not several.
    if (now - this.#slowedAt > Math.max(1_000, this.#latencyMs * 2)) {
      this.#slowed = Math.max(SLOWEST, this.#factor(now) * SLOW_DOWN);
      this.#recoversFrom = Math.max(now, until);
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
    if (headers.limit !== undefined && headers.limit >= 1)
      this.#limit = Math.min(this.#configuredLimit, Math.floor(headers.limit));
    if (headers.remaining !== 0 || headers.resetMs === undefined) return;
    const delayMs = headers.resetMs - this.#clock.now();
    const until = this.#clock.elapsed() + delayMs;
    if (delayMs <= 0 || delayMs > 61_000 || until <= this.#pausedUntil) return;
    this.#noBurstUntil = Math.max(this.#noBurstUntil, until + NO_BURST_MS);
    this.#pausedUntil = until;
    this.#onPause?.(headers.resetMs);
  }

  /** Grants what may be granted now, and sees to it that somebody looks again when the next one may be. */
  #tick(): void {
    if (this.#ticking) return;
    const now = this.#clock.elapsed();
    while (this.#queues.length > 0 && this.#inFlight < this.width && this.#opensAt(now) <= now) {
      this.#spend(now);
      this.#inFlight += 1;
      this.#queues.grant();
    }
    if (this.#queues.length === 0 || this.#inFlight >= this.width) return;
    this.#ticking = true;
    void this.#clock.sleep(Math.max(1, Math.ceil(this.#opensAt(now) - now))).then(() => {
      this.#ticking = false;
      this.#tick();
    });
  }

  /** When the next request may leave: `now`, or later. */
  #opensAt(now: number): number {
    const paced = this.#mayBurst(now) ? now : this.#nextSlot;
    return Math.max(paced, this.#pausedUntil, this.#sent.opensAt(now, this.#limit));
  }

  #mayBurst(now: number): boolean {
    return now >= this.#noBurstUntil && this.#sent.count(now) < Math.floor(this.#limit * BURST_SHARE);
  }

  /** Notes that a request leaves now. The pace goes on from its slot, or, in or after a burst, from now. */
  #spend(now: number): void {
    const from = this.#mayBurst(now) ? now : Math.max(this.#nextSlot, now - CATCH_UP_MS);
    this.#sent.add(now);
    this.#nextSlot = this.#mayBurst(now) ? now : from + this.#sent.evenIntervalMs(now, this.#limit) / this.#factor(now);
  }

  #paceMs(): number {
    return WINDOW_MS / (this.#limit * this.#factor(this.#clock.elapsed()));
  }

  /** How much of the full pace is taken at present. */
  #factor(now: number): number {
    return Math.min(1, this.#slowed + (Math.max(0, now - this.#recoversFrom) / 1000) * RECOVERY_PER_SECOND);
  }
}
