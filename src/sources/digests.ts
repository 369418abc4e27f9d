import { createHash } from 'node:crypto';

/** Bytes of one digest: at 100,000 of them, one that was never put in is taken for known once in three billion times. */
const BYTES = 6;
/** Characters of base64 that hold one digest. */
const CHARS = 8;

/** What is remembered of many small facts, such as "this posting was read at this version": eight characters each. */
export class Digests {
  readonly #known: Set<string>;

  /** `packed` is what `pack` made; anything else is nothing known. */
  constructor(packed = '') {
    this.#known = new Set(isPacked(packed) ? (packed.match(/.{8}/g) ?? []) : []);
  }

  get size(): number {
    return this.#known.size;
  }

  has(...fact: readonly string[]): boolean {
    return this.#known.has(digest(fact));
  }

  add(...fact: readonly string[]): void {
    this.#known.add(digest(fact));
  }

  pack(): string {
    return [...this.#known].join('');
  }
}

/** Whether a text can be what `pack` made. */
export function isPacked(text: string): boolean {
  return text.length % CHARS === 0 && /^[A-Za-z0-9+/]*$/.test(text);
}

function digest(fact: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(fact)).digest().subarray(0, BYTES).toString('base64');
}
