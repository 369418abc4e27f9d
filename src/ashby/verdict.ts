import type { FailureType } from '../errors.ts';

/**
 * What a refusal means to the reader of a list. The reader acts on this, never on codes:
 * `bad-key` the key or its whole account is refused; `token-lost` a full pass is due; `cursor-lost` the pass starts
 * again; `not-found` the object that was asked for by its id is gone; `unavailable` this account does not have the
 * endpoint or its feature; `skip-row` this one row cannot be had; `too-large` the answer is over the cap, so that
 * fewer rows may be asked for.
 */
export type ErrorKind =
  | 'bad-key'
  | 'permission'
  | 'token-lost'
  | 'cursor-lost'
  | 'not-found'
  | 'skip-row'
  | 'unavailable'
  | 'bad-request'
  | 'too-large'
  | 'throttled'
  | 'passing'
  | 'unknown';

export interface Verdict {
  kind: ErrorKind;
  failureType: FailureType;
  retry: 'no' | 'passing' | 'throttled';
  /** What happened and what to do, for the user. */
  message: string;
}

export const config = (kind: ErrorKind, message: string): Verdict => ({
  kind,
  failureType: 'config_error',
  retry: 'no',
  message,
});

export const system = (kind: ErrorKind, message: string): Verdict => ({
  kind,
  failureType: 'system_error',
  retry: 'no',
  message,
});

export const passing = (message: string): Verdict => ({
  kind: 'passing',
  failureType: 'transient_error',
  retry: 'passing',
  message,
});
