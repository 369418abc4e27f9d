import type { Often } from '../../sweep/due.ts';
import type { Width } from '../../sweep/key-words.ts';
import type { RoomBook } from './room-book.ts';
import type { SweepState } from './sweep-state.ts';

export interface SweeperOptions {
  /** The field that identifies a row, and the bytes that its value takes. */
  keyField: string;
  width: Width;
  /** The field that says when a row came into being. */
  bornField: string;
  /** How many keys may be asked for one by one; undefined where Ashby has no call for that. */
  asksAtMost: number | undefined;
  known: SweepState | undefined;
  often: Often;
  /** When the run began, wall-clock milliseconds. */
  nowMs: number;
  book: RoomBook;
  /** Whether events that tell of deletions were missed, so that a sweep is due at once. */
  missed?: boolean;
}

/** What is to be printed again, beside tombstones. */
export type Reprint = 'all' | ReadonlySet<string>;

export interface Conclusion {
  /** Keys of which tombstones are due. */
  bury: readonly string[];
  reprint: Reprint;
  /** Takes the verdict into the memory. Called when all that is due was printed: a state must not run ahead of it. */
  remember(): void;
}
