import type { RequestBudget } from '../http/budget.ts';
import type { Clock } from '../http/clock.ts';
import { parseRetryAfterMs } from '../http/retry.ts';
import type { HttpAnswer } from '../http/transport.ts';

/** The header in which Ashby names each of its answers. */
export const ID_HEADER = 'x-ashby-request-id';

/** What the server's clock showed when it answered, wall-clock milliseconds; undefined where it does not say. */
export function serverTimeMs(headers: HttpAnswer['headers']): number | undefined {
  const ms = Date.parse(headers['date'] ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** How long the server wants to be left alone, if it says so. A date that it names is one of its own clock. */
export function retryAfterMs({ headers }: HttpAnswer, clock: Clock): number | undefined {
  return parseRetryAfterMs(headers['retry-after'], serverTimeMs(headers) ?? clock.now());
}

/** The id of an answer goes into messages, so that it is cut to what an id looks like. */
export function withTameId(headers: HttpAnswer['headers']): HttpAnswer['headers'] {
  const id = headers[ID_HEADER];
  return id === undefined ? headers : { ...headers, [ID_HEADER]: id.replace(/[^\w.-]/g, '').slice(0, 100) };
}

/** What X-RateLimit-* headers say of the limit; they were seen by users of Ashby's API in 2026. `resetMs` is a time of `clock`'s. */
export function limitsIn(headers: HttpAnswer['headers'], clock: Clock): Parameters<RequestBudget['observe']>[0] {
  const number = (name: string): number | undefined => {
    const text = headers[name];
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const reset = number('x-ratelimit-reset');
  const nowMs = clock.now();
  const aheadMs = (serverTimeMs(headers) ?? nowMs) - nowMs;
  return {
    limit: number('x-ratelimit-limit'),
    remaining: number('x-ratelimit-remaining'),
    resetMs: reset === undefined ? undefined : reset * 1000 - aheadMs,
  };
}
