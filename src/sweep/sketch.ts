import { hashWords, mix, readKey, wordsOf, writeKey, type Width } from './key-words.ts';

/** Two seeds for two independent hashes; all else is mixed from them. */
const SEEDS = [0x9747b28c, 0x3c6ef372] as const;
/** One factor for each quarter of the cells; a key lies in one cell of each. */
const FACTORS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;
export const QUARTERS = FACTORS.length;

export interface Shape {
  width: Width;
  /** Cells in each of the four quarters. */
  quarter: number;
}

/** What is in one of two sketches and not in the other, by name. */
export interface Difference {
  onlyInFirst: string[];
  onlyInSecond: string[];
}

/**
 * An invertible Bloom lookup table (Eppstein, Goodrich, Uyeda and Varghese, "What's the Difference? Efficient Set
 * Reconciliation without Prior Context", SIGCOMM 2011): a memory of any number of keys in constant room. Each key is
 * summed (XOR) into four cells; the difference of two sketches has only the keys that one of them lacks, and they are
 * read out of it cell by cell, where a cell has a single one left.
 *
 * A key that is added twice is not there twice, it spoils its cells: callers add each key once (`UniqueKeys`).
 */
export class Sketch {
  readonly shape: Readonly<Shape>;
  /** Keys in each cell, modulo 2^16: only differences are looked at, and no readable one has as many in a cell. */
  readonly counts: Int16Array;
  /** XOR of the check hashes of a cell's keys. */
  readonly checks: Uint32Array;
  /** XOR of their words. */
  readonly sums: Uint32Array;
  readonly #words: number;
  readonly #scratch: Uint32Array;
  readonly #cells = new Uint32Array(QUARTERS);

  constructor({ width, quarter }: Shape) {
    this.shape = { width, quarter };
    this.#words = wordsOf(width);
    this.#scratch = new Uint32Array(this.#words);
    this.counts = new Int16Array(QUARTERS * quarter);
    this.checks = new Uint32Array(QUARTERS * quarter);
    this.sums = new Uint32Array(QUARTERS * quarter * this.#words);
  }

  /** Takes in a key that is not in yet. False where it does not fit and nothing was done. */
  add(key: string): boolean {
    if (!writeKey(key, this.shape.width, this.#scratch)) return false;
    this.addWords(this.#scratch, 0);
    return true;
  }

  /** The same for a key's words. `times` -1 takes it out. */
  addWords(words: Uint32Array, at: number, times: 1 | -1 = 1): void {
    const check = this.#locate(words, at);
    for (const cell of this.#cells) {
      this.counts[cell] = (this.counts[cell] ?? 0) + times;
      this.checks[cell] = (this.checks[cell] ?? 0) ^ check;
      const sum = cell * this.#words;
      for (let word = 0; word < this.#words; word += 1) {
        this.sums[sum + word] = (this.sums[sum + word] ?? 0) ^ (words[at + word] ?? 0);
      }
    }
  }

  /**
   * What this sketch has and the other lacks, and the other way round. Undefined where their shapes differ; `too-many`
   * where they differ by more keys than can be read out.
   */
  difference(other: Sketch): Difference | 'too-many' | undefined {
    if (other.shape.width !== this.shape.width || other.shape.quarter !== this.shape.quarter) return undefined;
    const rest = new Sketch(this.shape);
    rest.counts.forEach((_, cell) => (rest.counts[cell] = (this.counts[cell] ?? 0) - (other.counts[cell] ?? 0)));
    rest.checks.forEach((_, cell) => (rest.checks[cell] = (this.checks[cell] ?? 0) ^ (other.checks[cell] ?? 0)));
    rest.sums.forEach((_, word) => (rest.sums[word] = (this.sums[word] ?? 0) ^ (other.sums[word] ?? 0)));
    return rest.#readOut();
  }

  /** Takes keys out one by one until nothing is left. Destroys the sketch. */
  #readOut(): Difference | 'too-many' {
    const difference: Difference = { onlyInFirst: [], onlyInSecond: [] };
    const open = Array.from(this.counts.keys());
    // Each key taken out empties a cell for good, unless the cells are damaged.
    let left = this.counts.length;
    for (let cell = open.pop(); cell !== undefined && left >= 0; cell = open.pop()) {
      const times = this.counts[cell] ?? 0;
      if (times !== 1 && times !== -1) continue;
      const words = this.sums.slice(cell * this.#words, (cell + 1) * this.#words);
      if (this.#locate(words, 0) !== this.checks[cell] || !this.#cells.includes(cell)) continue;
      const key = readKey(words, 0, this.shape.width);
      if (key === undefined) continue;
      (times === 1 ? difference.onlyInFirst : difference.onlyInSecond).push(key);
      this.addWords(words, 0, times === 1 ? -1 : 1);
      open.push(...this.#cells);
      left -= 1;
    }
    const isEmpty = [this.counts, this.checks, this.sums].every((values) => values.every((value) => value === 0));
    return isEmpty ? difference : 'too-many';
  }

  /** Finds the four cells of a key and returns its check hash. */
  #locate(words: Uint32Array, at: number): number {
    const one = hashWords(words, at, this.#words, SEEDS[0]);
    const two = hashWords(words, at, this.#words, SEEDS[1]);
    const { quarter } = this.shape;
    for (let n = 0; n < QUARTERS; n += 1) {
      this.#cells[n] = n * quarter + (mix(one + Math.imul(two, FACTORS[n] ?? 1)) % quarter);
    }
    return mix(two ^ ((one << 16) | (one >>> 16)));
  }
}
