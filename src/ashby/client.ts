import type { Clock } from '../http/clock.ts';
import type { Lane, RequestBudget } from '../http/budget.ts';
import {
  backOffMs,
  defaultRetryPolicy,
  parseRetryAfterMs,
  withRetries,
  type Retryable,
  type RetryPolicy,
} from '../http/retry.ts';
import { NetworkError, type HttpAnswer, type Send } from '../http/transport.ts';
import { AshbyError, readList, readObject, type AnswerContext, type ListAnswer, type Row } from './envelope.ts';
import { unreachable } from './error-table.ts';
import type { Permission } from './permissions.ts';

/** The dated API version whose answers this connector knows (developers.ashbyhq.com, "Versions"). */
export const ASHBY_VERSION = '2026-01-01';

/** One question to Ashby. Keys of `body` whose value is undefined are left out; null is never sent. */
export interface AshbyRequest {
  /** For example `candidate.list`. */
  endpoint: string;
  permission: Permission;
  body: Record<string, unknown>;
  /** Defaults to `list`. */
  lane?: Lane;
}

/** What one stream's requests have cost so far. Filled in by the client, read by the run report. */
export interface Meter {
  requests: number;
  retries: number;
  /** Time spent waiting for a turn or for the end of a pause, in milliseconds. */
  waitedForLimitMs: number;
  /** Time spent waiting for answers, in milliseconds. */
  waitedForAshbyMs: number;
}

export function newMeter(): Meter {
  return { requests: 0, retries: 0, waitedForLimitMs: 0, waitedForAshbyMs: 0 };
}

export interface ClientOptions {
  baseUrl: string;
  apiKey: string;
  /** Name and version of this program, for the User-Agent header. */
  userAgent: string;
  send: Send;
  budget: RequestBudget;
  clock: Clock;
  random(): number;
  signal?: AbortSignal;
  /** For engineers: one line about a request or a retry. Never holds candidates' data. */
  debug(line: string): void;
  /** For the user: something is being retried. */
  info(line: string): void;
  retryPolicy?: RetryPolicy;
}

/** Asks Ashby: authentication, headers, turns, retries and the envelope, in one place. */
export class AshbyClient {
  readonly #options: ClientOptions;
  readonly #headers: Record<string, string>;
  readonly #policy: RetryPolicy;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#policy = options.retryPolicy ?? defaultRetryPolicy;
    this.#headers = {
      // The key is the user name, the password is empty (developers.ashbyhq.com, "Authentication").
      authorization: `Basic ${Buffer.from(`${options.apiKey}:`).toString('base64')}`,
      'content-type': 'application/json',
      accept: 'application/json; version=1',
      'ashby-version': ASHBY_VERSION,
      'user-agent': options.userAgent,
    };
  }

  /** How many calls may usefully be made side by side at present. */
  get width(): number {
    return this.#options.budget.width;
  }

  /** Whether the run was told to stop. */
  get stopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** One page of a list. Throws AshbyError once the retries are used up, Interrupted when the run was stopped. */
  list(request: AshbyRequest, meter: Meter = newMeter()): Promise<ListAnswer> {
    return this.#ask(request, meter, readList);
  }

  /** One object. Throws as `list` does. */
  object(request: AshbyRequest, meter: Meter = newMeter()): Promise<Row> {
    return this.#ask(request, meter, readObject);
  }

  #ask<T>(request: AshbyRequest, meter: Meter, read: (answer: HttpAnswer, context: AnswerContext) => T): Promise<T> {
    const { clock, random, signal, budget, info } = this.#options;
    let throttledTimes = 0;
    const describe = (failure: unknown): Retryable => {
      if (!(failure instanceof AshbyError)) return { retry: 'no', retryAfterMs: undefined };
      const { retry, retryAfterMs } = failure;
      if (retry !== 'throttled') return { retry, retryAfterMs };
      throttledTimes += 1;
      const pauseMs = retryAfterMs ?? backOffMs(throttledTimes, this.#policy, random());
      if (pauseMs <= this.#policy.maxObeyedDelayMs) budget.throttled(pauseMs);
      return { retry, retryAfterMs: pauseMs };
    };
    const onRetry = (failure: unknown, delayMs: number, attempt: number): void => {
      meter.retries += 1;
      if (failure instanceof AshbyError && failure.retry === 'throttled') meter.waitedForLimitMs += delayMs;
      const code = failure instanceof AshbyError ? (failure.internalMessage ?? '') : '';
      info(`${request.endpoint}: try ${attempt} failed (${code}); trying again in ${(delayMs / 1000).toFixed(1)} s.`);
    };
    return withRetries(() => this.#once(request, meter, read), describe, this.#policy, {
      clock,
      random,
      onRetry,
      ...(signal ? { signal } : {}),
    });
  }

  async #once<T>(
    request: AshbyRequest,
    meter: Meter,
    read: (answer: HttpAnswer, context: AnswerContext) => T,
  ): Promise<T> {
    const { clock, budget, signal } = this.#options;
    const askedAt = clock.elapsed();
    let sentAt = askedAt;
    const answer = await budget.run(
      request.lane ?? 'list',
      () => {
        sentAt = clock.elapsed();
        meter.waitedForLimitMs += sentAt - askedAt;
        meter.requests += 1;
        return this.#post(request);
      },
      signal,
    );
    const tookMs = clock.elapsed() - sentAt;
    meter.waitedForAshbyMs += tookMs;
    this.#observe(answer);
    this.#options.debug(
      `${request.endpoint} answered ${answer.status} in ${Math.round(tookMs)} ms, ${answer.text.length} characters.`,
    );
    try {
      return read(answer, request);
    } catch (failure) {
      if (failure instanceof AshbyError)
        failure.retryAfterMs = parseRetryAfterMs(answer.headers['retry-after'], clock.now());
      throw failure;
    }
  }

  async #post(request: AshbyRequest): Promise<HttpAnswer> {
    const { baseUrl, send, signal } = this.#options;
    try {
      return await send({
        url: `${baseUrl}/${request.endpoint}`,
        headers: this.#headers,
        body: JSON.stringify(request.body),
        signal,
      });
    } catch (failure) {
      if (!(failure instanceof NetworkError)) throw failure;
      throw new AshbyError(unreachable(request.endpoint, failure.code), {
        endpoint: request.endpoint,
        code: failure.code,
      });
    }
  }

  #observe(answer: HttpAnswer): void {
    const number = (name: string): number | undefined => {
      const text = answer.headers[name];
      return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
    };
    const reset = number('x-ratelimit-reset');
    this.#options.budget.observe({
      limit: number('x-ratelimit-limit'),
      remaining: number('x-ratelimit-remaining'),
      resetMs: reset === undefined ? undefined : reset * 1000,
    });
  }
}
