/**
 * From where a later run can go on with what a stream reads. A value: it comes in with a state and goes out with one,
 * nothing changes it in between, and no kind poses as another.
 */
export type Place = Everything | Changes | Walking | JournalPlace | CallsPlace;

/** Nothing is known: everything is to be read. */
export interface Everything {
  readonly kind: 'everything';
}

/** All of a list was read up to the moment of this sync token. */
export interface Changes {
  readonly kind: 'changes';
  readonly token: string;
}

/** In the midst of a list. */
export interface Walking {
  readonly kind: 'walking';
  /** The token that the walk started from; null for a walk over everything. */
  readonly from: string | null;
  /** The cursor of the next page. */
  readonly cursor: string;
}

/** A journal. */
export interface JournalPlace {
  readonly kind: 'journal';
  /** Every entry before this instant was read (ISO 8601). */
  readonly until: string;
  /** Short digests of the entries just before `until` that were read; see digests.ts. */
  readonly recent: string;
  /** A window that is being read: its bounds, and the cursor of its next page. */
  readonly window?: JournalWindow;
  /** Set while the first pass, over everything, is unfinished. */
  readonly whole?: boolean;
}

export interface JournalWindow {
  readonly from: string;
  readonly to: string;
  readonly cursor: string;
  /** Up to when everything is read once this window is; absent where that is `to`. */
  readonly sure?: string;
}

/** The calls for the rows of another table. Its size does not depend on how many parents there are. */
export interface CallsPlace {
  readonly kind: 'calls';
  /** The token from which the parents' list is to be walked; null for all of it. */
  readonly from: string | null;
  /** Where the walk over the parents' list goes on; only in places out of states of 0.1.0, which worked page by page. */
  readonly cursor?: string;
  /** All parents are to be asked about, though the token is known: once in a while that is so. */
  readonly due?: true;
  /** A walk that is being worked through. */
  readonly walk?: {
    /** The token that the parents' list ended with, from which the run after this work is done starts; null if none. */
    readonly gave: string | null;
    /** All parents up to this id are done; absent while none is. */
    readonly behind?: string;
    /** Set where all parents are asked about: when that began. */
    readonly allAt?: string;
  };
  /** Parents whose call failed: they are asked for first. */
  readonly owed?: readonly string[];
  /** Parents that Ashby did not know when asked: they are asked for once more. */
  readonly gone?: readonly string[];
  /** When all parents were asked about, for tables that do so now and then (ISO 8601). */
  readonly allAt?: string;
  /** For parents whose list gives no token: short digests of each one's id and `updatedAt` when it was read. */
  readonly seen?: string;
  /** With `seen`: a pass over everything is unfinished, and `seen` holds what it has read. */
  readonly whole?: boolean;
}

export const EVERYTHING: Everything = { kind: 'everything' };

/** The token that a walk from this place starts from; null for one over everything. */
export function tokenOf(place: Place): string | null {
  if (place.kind === 'changes') return place.token;
  return place.kind === 'walking' || place.kind === 'calls' ? place.from : null;
}
