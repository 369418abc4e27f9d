import type { Clock } from '../http/clock.ts';
import { parseRetryAfterMs } from '../http/retry.ts';
import type { HttpAnswer } from '../http/transport.ts';

/** The header in which Ashby names each of its answers. */
export const ID_HEADER = 'x-ashby-request-id';

/** How long the server wants to be left alone, if it says so. */
export function retryAfterMs(answer: HttpAnswer, clock: Clock): number | undefined {
  return parseRetryAfterMs(answer.headers['retry-after'], clock.now());
}

/** The id of an answer goes into messages, so that it is cut to what an id looks like. */
export function withTameId(headers: HttpAnswer['headers']): HttpAnswer['headers'] {
  const id = headers[ID_HEADER];
  return id === undefined ? headers : { ...headers, [ID_HEADER]: id.replace(/[^\w.-]/g, '').slice(0, 100) };
}

/** What the server says of its limit, as far as it does: requests in its window, those that are left, and for how long. */
export function announcedLimit({ headers }: HttpAnswer): {
  limit: number | undefined;
  remaining: number | undefined;
  resetMs: number | undefined;
} {
  const number = (name: string): number | undefined => {
    const text = headers[name];
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const resetSeconds = number('x-ratelimit-reset');
  return {
    limit: number('x-ratelimit-limit'),
    remaining: number('x-ratelimit-remaining'),
    resetMs: resetSeconds === undefined ? undefined : resetSeconds * 1000,
  };
}
