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
