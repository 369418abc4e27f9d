/** A state follows when this many rows have been written since the last; a page of 100 more still makes 1,000. */
const ROWS_BETWEEN_STATES = 900;
/** And when so many batches have been taken in: a fan-out may make many calls for few rows. Large states come less often. */
const BATCHES_BETWEEN_STATES = 100;
const STATE_CHARS_A_BATCH = 50;
const STATE_INTERVAL_MS = 30_000;
/** A run that is cut off reads at most this many rows again, or those of one batch. */
const MOST_ROWS_AT_RISK = 1_000;

/**
 * Counts what a state has to cover, and says when one is due. Pure: it is told what happens and at what time.
 * A state in the midst of a batch names the place before it, so the rows at risk are counted from places, not states.
 */
export class Checkpoints {
  /** Rows written since the last state. */
  rows = 0;
  /** Whether a place was reached that no state names yet. */
  moved = false;
  #batches = 0;
  #rowsSincePlace = 0;
  #rowsAtRisk = 0;
  #stateChars = 0;
  #stateAtMs: number;

  /** `nowMs` here and below: milliseconds since some moment; they never go back. */
  constructor(nowMs: number) {
    this.#stateAtMs = nowMs;
  }

  row(): void {
    this.rows += 1;
    this.#rowsSincePlace += 1;
    this.#rowsAtRisk += 1;
  }

  batch(): void {
    this.#batches += 1;
  }

  place(): void {
    this.#rowsSincePlace = 0;
    this.moved = true;
  }

  /** A state was printed, of so many characters. */
  state(chars: number): void {
    this.rows = 0;
    this.moved = false;
    this.#batches = 0;
    this.#stateChars = chars;
    this.#rowsAtRisk = this.#rowsSincePlace;
  }

  /** The clock for the next state starts anew. */
  restart(nowMs: number): void {
    this.#stateAtMs = nowMs;
  }

  /** Whether enough was written, or enough time has gone by, and there is something to say. */
  isDue(nowMs: number): boolean {
    if (this.rows === 0 && !this.moved) return false;
    const batches = Math.max(BATCHES_BETWEEN_STATES, this.#stateChars / STATE_CHARS_A_BATCH);
    return this.rows >= ROWS_BETWEEN_STATES || this.#batches >= batches || nowMs - this.#stateAtMs >= STATE_INTERVAL_MS;
  }

  /** Whether a state must come before so many rows more, so that not too many are at risk. */
  isDueBefore(coming: number): boolean {
    return this.#rowsSincePlace !== this.#rowsAtRisk && this.#rowsAtRisk + coming > MOST_ROWS_AT_RISK;
  }
}
