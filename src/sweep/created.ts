import { createHash } from 'node:crypto';

/**
 * How long after its creation a row may turn up for the first time: clocks differ, and lists lag behind. It decides how
 * much is remembered, and which rows of a run are taken for new.
 */
const LATE_MS = 3_600_000;
/** Rows that a state remembers: 12 characters each. */
const PACKED_AT_MOST = 1000;
/** In front of what does not remember all. No letter of base64. */
const NOT_WHOLE = '!';
const DIGEST_BYTES = 5;
const ENTRY_BYTES = DIGEST_BYTES + 4;

/** `undated`: the row does not say when it was created, so only a list that knows all keys can tell. */
export type Age = 'new' | 'known' | 'undated';

/**
 * Tells rows that are printed for the first time from those that are printed again because they changed, so that a
 * memory takes in each key once.
 *
 * A pass over changes begins where the one before had begun at the latest. A row that was created well before that
 * moment was printed then, or lay in the walk that the memory comes from. A younger row is new, unless this or the last
 * pass has printed it since: and those are few enough to be remembered.
 */
export class NewRows {
  readonly #sinceMs: number;
  /** Digest of a key → when its row was created, in seconds. Oldest entry first. */
  readonly #recent = new Map<string, number>();
  readonly #isWhole: boolean;

  /**
   * `sinceMs`: when the pass began that gave the token from which rows now come; for a walk over everything, when that
   * begins. `packed`: what `pack` made at the end of that pass, or in the midst of this one.
   */
  constructor(sinceMs: number, packed = '') {
    this.#sinceMs = sinceMs;
    const entries = packed.replace(NOT_WHOLE, '');
    const bytes = Buffer.from(entries, 'base64');
    this.#isWhole = entries === packed && bytes.length % ENTRY_BYTES === 0 && bytes.toString('base64') === packed;
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      const digest = bytes.toString('base64', at, at + DIGEST_BYTES);
      this.#recent.set(digest, bytes.readUInt32LE(at + DIGEST_BYTES));
    }
  }

  /**
   * False where a state that was gone on with had no room for all, or was damaged: some rows may have been put into the
   * memory twice. It stays so until a sweep makes a new memory, and that is due at once.
   */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /**
   * Judges a row that is printed, or seen by a walk, and remembers it. `createdAt` as Ashby gives it. Only what is
   * `new` goes into the memory (rows of a walk are in it anyway).
   */
  judge(key: string, createdAt: unknown): Age {
    const createdMs = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
    if (Number.isNaN(createdMs)) return 'undated';
    if (createdMs < this.#sinceMs - LATE_MS) return 'known';
    const digest = createHash('sha256').update(key).digest().subarray(0, DIGEST_BYTES).toString('base64');
    if (this.#recent.has(digest)) return 'known';
    this.#recent.set(digest, Math.min(0xffffffff, Math.max(0, Math.ceil(createdMs / 1000))));
    return 'new';
  }

  /**
   * What a later run has to remember. In the midst of a pass all of it, since the pass may begin anew; at its end only
   * what the next one can take for new: say when the ended pass began.
   */
  pack(endedPassBeganMs = -Infinity): string {
    const kept = [...this.#recent].filter(([, created]) => created * 1000 >= endedPassBeganMs - LATE_MS);
    // The last ones are those that an interrupted page brings again.
    const entries = kept.slice(-PACKED_AT_MOST).map(([digest, created]) => {
      const entry = Buffer.alloc(ENTRY_BYTES, digest, 'base64');
      entry.writeUInt32LE(created, DIGEST_BYTES);
      return entry;
    });
    const isWhole = this.#isWhole && kept.length <= PACKED_AT_MOST;
    return (isWhole ? '' : NOT_WHOLE) + Buffer.concat(entries).toString('base64');
  }
}
