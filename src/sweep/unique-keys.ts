import { hashWords, readKey, wordsOf, writeKey, type Width } from './key-words.ts';

/** Keys in one piece of memory. Small, since dozens of tables are walked side by side, most of them short. */
const KEYS_IN_CHUNK = 1024;
const SEED = 0x5bd1e995;
const NO_CHUNK = new Uint32Array(0);

/**
 * The keys that one walk has seen, each once: a row that moves between pages while the list is read comes twice.
 * 20 bytes a key (36 for composite ones) and 6 to 12 for finding it: a million takes 28 MB (44 MB).
 */
export class UniqueKeys {
  readonly width: Width;
  readonly #words: number;
  readonly #chunks: Uint32Array[] = [];
  readonly #scratch: Uint32Array;
  /** Open addressing: the number of a key plus one, or 0. At most two thirds are taken. */
  #slots = new Uint32Array(64);
  #size = 0;
  #misfit: string | undefined;

  constructor(width: Width) {
    this.width = width;
    this.#words = wordsOf(width);
    this.#scratch = new Uint32Array(this.#words);
  }

  get size(): number {
    return this.#size;
  }

  /** A key that was too long to be taken in. A table that has one is not swept. */
  get misfit(): string | undefined {
    return this.#misfit;
  }

  /** Takes a key in. False where it was there already, or does not fit. */
  add(key: string): boolean {
    if (!writeKey(key, this.width, this.#scratch)) {
      this.#misfit ??= key;
      return false;
    }
    const slot = this.#slotOf(this.#scratch, 0);
    if (this.#slots[slot] !== 0) return false;
    const at = (this.#size % KEYS_IN_CHUNK) * this.#words;
    if (at === 0) this.#chunks.push(new Uint32Array(KEYS_IN_CHUNK * this.#words));
    this.#chunks.at(-1)?.set(this.#scratch, at);
    this.#size += 1;
    this.#slots[slot] = this.#size;
    if (this.#size * 3 > this.#slots.length * 2) this.#grow();
    return true;
  }

  has(key: string): boolean {
    return writeKey(key, this.width, this.#scratch) && this.#slots[this.#slotOf(this.#scratch, 0)] !== 0;
  }

  /** Calls with the words of each key, and where they begin; the words belong to this list. */
  forEachWords(each: (words: Uint32Array, at: number) => void): void {
    for (let index = 0; index < this.#size; index += 1) each(this.#chunkOf(index), this.#placeOf(index));
  }

  *[Symbol.iterator](): Generator<string, void, void> {
    for (let index = 0; index < this.#size; index += 1) {
      yield readKey(this.#chunkOf(index), this.#placeOf(index), this.width) ?? '';
    }
  }

  /** Where these words are, or the free slot where they belong. */
  #slotOf(words: Uint32Array, at: number): number {
    const last = this.#slots.length - 1;
    for (let slot = hashWords(words, at, this.#words, SEED) & last; ; slot = (slot + 1) & last) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0 || this.#isSame(index, words, at)) return slot;
    }
  }

  #isSame(index: number, words: Uint32Array, at: number): boolean {
    const chunk = this.#chunkOf(index);
    const from = this.#placeOf(index);
    for (let word = 0; word < this.#words; word += 1) {
      if (chunk[from + word] !== words[at + word]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#size; index += 1) {
      this.#slots[this.#slotOf(this.#chunkOf(index), this.#placeOf(index))] = index + 1;
    }
  }

  #chunkOf(index: number): Uint32Array {
    return this.#chunks[Math.floor(index / KEYS_IN_CHUNK)] ?? NO_CHUNK;
  }

  #placeOf(index: number): number {
    return (index % KEYS_IN_CHUNK) * this.#words;
  }
}
