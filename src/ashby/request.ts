import type { Queue } from '../http/budget.ts';
import type { HttpAnswer } from '../http/transport.ts';
import type { AnswerContext, ListAnswer } from './envelope.ts';

/** One question to Ashby, and what its answer must look like. Keys of `body` whose value is undefined are left out; null is never sent. */
export interface AshbyRequest extends AnswerContext {
  body: Record<string, unknown>;
  /** Defaults to `list`. */
  queue?: Queue;
  /** A limit of Ashby's that the question has for itself; others go on when it is reached. */
  ownLimit?: (<T>(attempt: () => Promise<T>) => Promise<T>) | undefined;
  /** The largest answer that is taken in, in bytes, where the usual cap is too small: endpoints that do not page. */
  maxAnswerBytes?: number;
}

/** An answer and when it came, wall-clock milliseconds. */
export type Arrival = HttpAnswer & { arrivedAtMs: number };

/** A page of a list; when it came, and when Ashby says that it sent it: wall-clock milliseconds of two clocks. */
export type ArrivedList = ListAnswer & { arrivedAtMs: number; serverTimeMs: number | undefined };

/** What one stream's requests have cost so far. Filled in by the client, read by the run report. */
export interface Meter {
  requests: number;
  /** What `requests` will have come to when every parent that is known to wait for its call has had one. */
  requestsDue: number;
  retries: number;
  /** Time spent waiting for a turn or for the end of a pause, in milliseconds. */
  waitedForLimitMs: number;
  /** Time spent waiting for answers, in milliseconds. */
  waitedForAshbyMs: number;
}

export function newMeter(): Meter {
  return { requests: 0, requestsDue: 0, retries: 0, waitedForLimitMs: 0, waitedForAshbyMs: 0 };
}
