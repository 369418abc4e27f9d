import type { Row } from '../ashby/rows/rows.ts';
import type { Place } from './place.ts';

/** Rows, and the place that is reached when they, and all that came before them, are written. Nothing changes it. */
export interface Batch {
  readonly rows: readonly Row[];
  /** When they came, wall-clock milliseconds. */
  readonly arrivedAtMs: number;
  /** Undefined in the midst of something that cannot be gone on with. */
  readonly place: Place | undefined;
  /** Where the rows are the answer to a call: the id that was asked for; where they are events, their inbox. */
  readonly parentId?: string;
  /** Set on the last batch of a source. */
  readonly end?: End;
}

export interface End {
  /** The sync token that a walk over the list gave; null where it gave none. */
  readonly token: string | null;
  /** Set where the list documents a token and gave none: what was known before stays, and this is worth a warning. */
  readonly tokenMissing?: boolean;
  /** Set where something of the request had to be left out, so that rows may be missing. */
  readonly shortened?: boolean;
}

/** Where rows come from: from a place to the end. It knows nothing of states, statuses and standard output. */
export type Batches = AsyncGenerator<Batch, void, void>;
