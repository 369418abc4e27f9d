import { ConnectorError } from '../../errors.ts';
import type { CallsPlace } from '../place.ts';
import type { Owing } from './owing.ts';

/** A parent that was begun. */
export interface BegunParent {
  /** Nothing of it is open any more. */
  done(): void;
}

/** What is to be done: which parents, and what is remembered of those that are done. */
export interface CallsWork {
  /** The parents to ask about, in the order of their ids. */
  ids: Iterable<string>;
  /** Those that an earlier run left open. */
  owing: Owing;
  /** Begins a parent; `done` is called when nothing of it is open any more. */
  track(id: string): BegunParent;
  /** Whether one more may be begun before the first open one is done. */
  hasRoom(): boolean;
  /** The parent was read whole and in its full form. */
  read(id: string): void;
  /** It was read in a shortened form, or not found in one: that does not count. */
  shortened(id: string): void;
  /** Where a later run can go on, as things stand. */
  place(): CallsPlace;
  /** Where it goes on when all is done. */
  placeAtEnd(): CallsPlace;
  /** The token that the run after this one starts from. */
  token: string | null;
}

/** The error for parents that are owed when all others were read. `failure` is what one of their calls met. */
export function owedError(count: number, failure: unknown): ConnectorError {
  const cause = failure instanceof ConnectorError ? failure : undefined;
  const what = count === 1 ? 'the rows of 1 parent are' : `the rows of ${count} parents are`;
  return new ConnectorError(
    `All else of this table was read, but ${what} missing, because Ashby did not answer for them: ${cause?.message ?? 'see the log.'} The next sync asks for them first.`,
    { failureType: cause?.failureType ?? 'transient_error', internalMessage: cause?.internalMessage, cause: failure },
  );
}

/** The error for more parents without an answer than can be remembered one by one. */
export function overflowError(count: number, failure: unknown): ConnectorError {
  const cause = failure instanceof ConnectorError ? failure : undefined;
  return new ConnectorError(
    `Ashby did not answer for ${count} parents of this table or did not know them, which are too many to remember one by one: ${cause?.message ?? 'see the log.'} The next sync goes on in front of them. If it stays so, check the API key's permissions and its access to confidential jobs in Ashby under Admin > Integrations > API Keys.`,
    { failureType: cause?.failureType ?? 'transient_error', internalMessage: cause?.internalMessage, cause: failure },
  );
}
