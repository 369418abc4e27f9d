import type { Clock } from '../http/clock.ts';
import { AnswerTooLarge, NetworkError } from '../http/network-error.ts';
import { withRetries, type Retryable, type RetryPolicy } from '../http/retry.ts';
import type { HttpAnswer, Send } from '../http/transport.ts';
import { InboxError, noPage, refusal, tooLarge, unreachable } from './errors.ts';
import { readPage, type InboxPage } from './page.ts';

/** So many events are asked for at a time. */
const EVENTS_IN_PAGE = 500;
/** A page holds 8 MB of bodies, or one event of up to 5 MB, and what stands around them. */
const MOST_BYTES = 24 * 1024 * 1024;

/** A receiver restarts within seconds; a run should not wait long for one that is gone. */
const policy: RetryPolicy = {
  attempts: 5,
  throttledAttempts: 5,
  firstDelayMs: 1_000,
  maxDelayMs: 8_000,
  maxObeyedDelayMs: 60_000,
};

export interface InboxClientOptions {
  /** The address that readers are given, without `/events`. */
  url: string;
  token: string;
  /** Name and version of this program, for the User-Agent header. */
  userAgent: string;
  /** Must be another transport than Ashby's, so that neither secret can go the other's way. */
  send: Send;
  clock: Clock;
  random(): number;
  signal: AbortSignal;
  /** For the user: something is being tried again. */
  info(line: string): void;
}

/** Asks the webhook inbox. It sends no more than numbers and the token, and takes for an answer only what proves to be one. */
export class InboxClient {
  readonly #options: InboxClientOptions;

  constructor(options: InboxClientOptions) {
    this.#options = options;
  }

  /**
   * A page of the events behind a number. Rejects with InboxError once the tries are used up, and with Interrupted when
   * the run was stopped.
   */
  page(after: number, { limit = EVENTS_IN_PAGE, attempts = policy.attempts } = {}): Promise<InboxPage> {
    const { clock, random, signal, info } = this.#options;
    const onRetry = (failure: unknown, delayMs: number): void => {
      const why = failure instanceof InboxError ? (failure.internalMessage ?? '') : '';
      info(`The webhook inbox: trying again in ${(delayMs / 1000).toFixed(1)} s (${why}).`);
    };
    return withRetries(
      () => this.#ask(after, limit),
      describe,
      { ...policy, attempts },
      { clock, random, signal, onRetry },
    );
  }

  async #ask(after: number, limit: number): Promise<InboxPage> {
    const { status, body } = await this.#get(`/events?after=${after}&limit=${limit}`);
    const page = status === 200 ? readPage(body, { after, limit }) : undefined;
    if (page === undefined) throw refusal(status);
    if (typeof page === 'string') throw noPage(page, body);
    return page;
  }

  async #get(path: string): Promise<HttpAnswer> {
    const { url, token, userAgent, send, signal } = this.#options;
    try {
      return await send({
        url: `${url}${path}`,
        method: 'GET',
        headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': userAgent },
        body: '',
        maxAnswerBytes: MOST_BYTES,
        signal,
      });
    } catch (failure) {
      if (failure instanceof NetworkError) throw unreachable(failure);
      if (failure instanceof AnswerTooLarge) throw tooLarge(failure.limitBytes);
      throw failure;
    }
  }
}

function describe(failure: unknown): Retryable {
  const passes = failure instanceof InboxError && failure.passes;
  return { retry: passes ? 'passing' : 'no', retryAfterMs: undefined };
}
