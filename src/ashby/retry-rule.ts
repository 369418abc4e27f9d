import type { RequestBudget } from '../http/budget.ts';
import { backOffMs, type Retryable, type RetryPolicy } from '../http/retry.ts';
import { AshbyError } from './envelope.ts';

export interface RetryRuleOptions {
  policy: RetryPolicy;
  /** A number from 0 up to 1. */
  random(): number;
  /** Who is to hear of throttling, if it is about everybody. */
  budget: RequestBudget | undefined;
}

/** Decides, failure by failure of one question, whether and when it is asked again. */
export class RetryRule {
  readonly #options: RetryRuleOptions;
  #throttledTimes = 0;
  #passingTimes = 0;

  constructor(options: RetryRuleOptions) {
    this.#options = options;
  }

  /** What to do after this failure. Throttling is made known to the budget. */
  next(failure: unknown): Retryable {
    if (!(failure instanceof AshbyError) || failure.retry === 'no') return { retry: 'no', retryAfterMs: undefined };
    return failure.retry === 'passing' ? this.#afterFault(failure) : this.#afterThrottling(failure);
  }

  /** What the server demands (a 503 may) is waited for whole; a demand shorter than our own wait does not shorten it. */
  #afterFault({ retryAfterMs }: AshbyError): Retryable {
    const { policy, random } = this.#options;
    this.#passingTimes += 1;
    if (retryAfterMs === undefined) return { retry: 'passing', retryAfterMs };
    return { retry: 'passing', retryAfterMs: Math.max(retryAfterMs, backOffMs(this.#passingTimes, policy, random())) };
  }

  #afterThrottling(failure: AshbyError): Retryable {
    const { policy, random, budget } = this.#options;
    this.#throttledTimes += 1;
    // A short demand that is repeated (or 0) would use up all tries in seconds: from the fourth on the wait grows.
    const step = failure.retryAfterMs === undefined ? this.#throttledTimes : this.#throttledTimes - 3;
    const pauseMs = Math.max(failure.retryAfterMs ?? 0, step > 0 ? backOffMs(step, policy, random()) : 0);
    // What a 429 itself demands was made known when it arrived; said once more, everybody would pause once more.
    const known = failure.status === 429 && failure.retryAfterMs !== undefined;
    if (!known && pauseMs <= policy.maxObeyedDelayMs) budget?.throttled(pauseMs);
    return { retry: 'throttled', retryAfterMs: pauseMs };
  }
}
