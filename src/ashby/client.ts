import { deferred } from '../async/deferred.ts';
import { ConnectorError } from '../errors.ts';
import type { Clock } from '../http/clock.ts';
import type { RequestBudget } from '../http/budget.ts';
import { defaultRetryPolicy, withRetries, type RetryPolicy } from '../http/retry.ts';
import { AnswerTooLarge, NetworkError } from '../http/network-error.ts';
import type { HttpAnswer, Send } from '../http/transport.ts';
import { AshbyError, readList, readObject } from './envelope.ts';
import { blocked, tooLarge, unreachable } from './error-table.ts';
import { KeyGuard } from './key-guard.ts';
import { limitsIn, retryAfterMs, serverTimeMs, withTameId } from './headers.ts';
import { newMeter, type Arrival, type ArrivedList, type AshbyRequest, type Meter } from './request.ts';
import { RetryRule } from './retry-rule.ts';
import type { Row } from './rows/rows.ts';

export { newMeter, type ArrivedList, type AshbyRequest, type Meter } from './request.ts';

/** The dated API version whose answers this connector knows (developers.ashbyhq.com, "Versions"). */
export const ASHBY_VERSION = '2026-01-01';

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
  /** Whether the first request goes alone, so that a refused key ends all with one and the same error. */
  endsAtRefusedKey?: boolean;
}

/** Asks Ashby: authentication, headers, turns, retries and the envelope, in one place. */
export class AshbyClient {
  readonly #options: ClientOptions;
  readonly #headers: Record<string, string>;
  readonly #policy: RetryPolicy;
  readonly #guard: KeyGuard | undefined;
  readonly #worked = deferred();

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#policy = options.retryPolicy ?? defaultRetryPolicy;
    this.#guard = options.endsAtRefusedKey ? new KeyGuard(options.signal) : undefined;
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

  /** Resolves when Ashby has answered for the first time: then the key works. Pends where it never does. */
  get worked(): Promise<void> {
    return this.#worked.promise;
  }

  /** Milliseconds since some moment, for intervals. */
  elapsed(): number {
    return this.#options.clock.elapsed();
  }

  /** Waits; rejects with Interrupted when the run is stopped. */
  wait(ms: number): Promise<void> {
    return this.#options.clock.sleep(ms, this.#options.signal);
  }

  /** Whether the run was told to stop. */
  get stopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /**
   * Sends the request for one page of a list and returns at once. Its answer is read, and what fails is tried again,
   * when the returned function is called (once): until then a page that came early lies there as bytes. Rejects with
   * AshbyError once the retries are used up, with a `config_error` where the way to Ashby is blocked, with Interrupted
   * when the run was stopped.
   */
  startList(request: AshbyRequest, meter: Meter = newMeter()): () => Promise<ArrivedList> {
    const first = this.#fetch(request, meter);
    first.catch(() => undefined); // it is looked at when somebody takes it
    const read = (answer: Arrival): ArrivedList => {
      const { arrivedAtMs, headers } = answer;
      return { ...readList(answer, request), arrivedAtMs, serverTimeMs: serverTimeMs(headers) };
    };
    return () => this.#ask(request, meter, read, first);
  }

  /** One page of a list. Throws as `startList` does. */
  list(request: AshbyRequest, meter: Meter = newMeter()): Promise<ArrivedList> {
    return this.startList(request, meter)();
  }

  /** One object. Throws as `startList` does. */
  object(request: AshbyRequest, meter: Meter = newMeter()): Promise<Row> {
    return this.#ask(request, meter, (answer) => readObject(answer, request), this.#fetch(request, meter));
  }

  #ask<T>(request: AshbyRequest, meter: Meter, read: (answer: Arrival) => T, first: Promise<Arrival>): Promise<T> {
    const { clock, random, signal, info } = this.#options;
    const budget = request.ownLimit ? undefined : this.#options.budget;
    const attempt = async (number: number): Promise<T> => {
      let answer: Arrival | undefined;
      try {
        answer = await (number === 1 ? first : this.#fetch(request, meter));
        const given = read(answer);
        this.#guard?.answered();
        this.#worked.resolve();
        return given;
      } catch (failure) {
        if (failure instanceof AshbyError && answer) failure.retryAfterMs = retryAfterMs(answer, clock);
        throw this.#guard ? await this.#guard.verdict(failure) : failure;
      }
    };
    const rule = new RetryRule({ policy: this.#policy, random, budget });
    const onRetry = (failure: unknown, delayMs: number, number: number): void => {
      meter.retries += 1;
      if (failure instanceof AshbyError && failure.retry === 'throttled') meter.waitedForLimitMs += delayMs;
      const code = failure instanceof AshbyError ? (failure.internalMessage ?? '') : '';
      info(`${request.endpoint}: try ${number} failed (${code}); trying again in ${(delayMs / 1000).toFixed(1)} s.`);
    };
    return withRetries(attempt, (failure) => rule.next(failure), this.#policy, { clock, random, onRetry, signal });
  }

  #fetch(request: AshbyRequest, meter: Meter): Promise<Arrival> {
    const attempt = (): Promise<Arrival> => this.#attempt(request, meter);
    return request.ownLimit ? request.ownLimit(attempt) : attempt();
  }

  /** One attempt: waits for its turn, sends, and lets the budget learn from the answer. */
  async #attempt(request: AshbyRequest, meter: Meter): Promise<Arrival> {
    const { clock, budget, signal, debug } = this.#options;
    await this.#guard?.turn();
    const askedAt = clock.elapsed();
    let sentAt = askedAt;
    const answer = await budget.run(
      request.queue ?? 'list',
      async () => {
        sentAt = clock.elapsed();
        meter.waitedForLimitMs += sentAt - askedAt;
        meter.requests += 1;
        return await this.#post(request);
      },
      signal,
    );
    const tookMs = clock.elapsed() - sentAt;
    meter.waitedForAshbyMs += tookMs;
    // What its headers say is about a limit of its own.
    if (!request.ownLimit) this.#observe(answer);
    debug(`${request.endpoint} answered ${answer.status} in ${Math.round(tookMs)} ms, ${answer.body.length} bytes.`);
    return { ...answer, headers: withTameId(answer.headers), arrivedAtMs: clock.now() };
  }

  async #post(request: AshbyRequest): Promise<HttpAnswer> {
    const { baseUrl, send, signal } = this.#options;
    try {
      return await send({
        url: `${baseUrl}/${request.endpoint}`,
        headers: this.#headers,
        body: JSON.stringify(request.body),
        maxAnswerBytes: request.maxAnswerBytes,
        signal,
      });
    } catch (failure) {
      const { endpoint } = request;
      if (failure instanceof NetworkError) {
        const { code } = failure;
        const sentence = blocked(failure);
        if (sentence === undefined) throw new AshbyError(unreachable(endpoint, failure), { endpoint, code });
        throw new ConnectorError(sentence, { failureType: 'config_error', internalMessage: `code=${code}` });
      }
      if (failure instanceof AnswerTooLarge)
        throw new AshbyError(tooLarge(endpoint, failure.limitBytes), { endpoint, code: 'answer_too_large' });
      throw failure;
    }
  }

  #observe(answer: HttpAnswer): void {
    const pauseMs = answer.status === 429 ? retryAfterMs(answer, this.#options.clock) : undefined;
    // At once, and not when the answer is read: everybody else must hear of it before their next request.
    if (pauseMs !== undefined && pauseMs <= this.#policy.maxObeyedDelayMs) this.#options.budget.throttled(pauseMs);
    this.#options.budget.observe(limitsIn(answer.headers, this.#options.clock));
  }
}
