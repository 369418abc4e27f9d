import { QUARTERS } from './sketch.ts';
import type { Width } from './key-words.ts';

/*
 * How large a sketch is. How often a difference of random UUIDs, half of it on either side, could not be read out with
 * this shape (1.5 cells a key and 64 more, in four quarters; the program is `measureFailures` in sketch.test.ts, run
 * with many more trials than there), where it is as large as the capacity, and where it is half as large:
 *
 *     capacity    trials of each    as large    half as large
 *            8           200,000          45                7
 *           32           100,000          76               18
 *           64            50,000          39                5
 *          128            30,000          13                1
 *          512            10,000           0                1
 *         1024             5,000           0                0
 *
 * What fails is not the size: two keys that share all four cells cannot be told apart, and nearly all of these failures
 * are such pairs (expected from their number: 43, 81, 45, 14). That is likeliest in small sketches, which is why they
 * have the 64 more.
 */

/** Bytes of a cell beside its key: a count and a check hash; and the byte for the key's form. */
const CELL_BYTES = 2 + 4 + 1;
/** Header and checksum of a packed memory. */
const FRAME_BYTES = 17;
const MIN_CAPACITY = 8;
/** Without experience: enough for a tenth of the table (more than that is never buried), up to this. */
const FIRST_CAPACITY = 512;
const MAX_CAPACITY = 1024;
/** Room for what the busiest of the last sweeps brought, times this. */
const HEADROOM = 4;

/**
 * Characters of base64 that the memories of all tables may take: 300 KB for all states together, less 60 KB for tokens,
 * recent rows, suspects and parents that are owed. 60 tables with plain keys and 24 with composite ones have at least
 * the smallest sketch each within this.
 */
export const BUDGET_CHARS = 240_000;

/** Cells in each quarter of a sketch that can name this many keys. */
export function quarterOf(capacity: number): number {
  return Math.ceil((1.5 * capacity) / QUARTERS) + 16;
}

/** Keys that a sketch with such quarters can name. */
export function capacityOf(quarter: number): number {
  return Math.max(0, Math.floor(((quarter - 16) * QUARTERS) / 1.5));
}

/** Characters of a packed sketch. */
export function charsOf(capacity: number, width: Width): number {
  const bytes = FRAME_BYTES + quarterOf(capacity) * QUARTERS * (CELL_BYTES + width);
  return Math.ceil(bytes / 3) * 4;
}

/** What a table would like: by its size at first, and by what it has seen later. Capacity follows churn. */
export function wishOf({ keys, churn }: { keys: number; churn: number | undefined }): number {
  const bySize = Math.min(FIRST_CAPACITY, Math.ceil(keys / 10));
  const byChurn = churn === undefined ? bySize : Math.max(Math.ceil(bySize / 2), HEADROOM * churn);
  return Math.min(MAX_CAPACITY, Math.max(MIN_CAPACITY, byChurn));
}

/**
 * The churn to remember: the keys that were named by this sweep, or the fading memory of a busier one. Where they could
 * not be named there were more than fit, so the next one is to be twice as large.
 */
export function churnAfter(last: number | undefined, named: number | 'too-many', capacity: number): number {
  const now = named === 'too-many' ? Math.ceil((2 * capacity) / HEADROOM) : named;
  return Math.max(now, Math.floor((3 * (last ?? 0)) / 4));
}

export interface Room {
  width: Width;
  /** Characters of the other tables' memories, as far as they are known. */
  taken: number;
  /** Widths of the other tables whose memory is not known yet: the smallest sketch is kept free for each. */
  waiting: readonly Width[];
}

/**
 * What a table gets of its wish: at most half of the room that is left, so that no order of tables leaves one without.
 * The sum stays within the budget as long as the smallest sketch of every table does.
 */
export function capacityWithin(wish: number, { width, taken, waiting }: Room): number {
  const kept = waiting.reduce((sum, other) => sum + charsOf(MIN_CAPACITY, other), 0);
  const free = BUDGET_CHARS - taken - kept - charsOf(MIN_CAPACITY, width);
  const most = charsOf(MIN_CAPACITY, width) + Math.max(0, free) / 2;
  let capacity = Math.max(MIN_CAPACITY, wish);
  while (capacity > MIN_CAPACITY && charsOf(capacity, width) > most) capacity -= 1;
  return capacity;
}
