/** Cheap hashing, and ids that look like UUIDs yet can be turned back into (table, index). */

/** Ready-made pieces: gluing few of them is what makes ids cheap. */
const DASHED = Array.from({ length: 65536 }, (_, n) => `-${n.toString(16).padStart(4, '0')}`);
const HEX4 = Array.from({ length: 65536 }, (_, n) => n.toString(16).padStart(4, '0'));

/** Bijective 32-bit mixer (murmur3's finaliser). */
export function mix(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The inverse of `mix`. */
export function unmix(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x7ed1b41d);
  x ^= (x >>> 13) ^ (x >>> 26);
  x = Math.imul(x, 0xa5cb9243);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The `salt`-th random number of a row whose hash is `base`. */
export function roll(base: number, salt: number): number {
  return mix(base + Math.imul(salt + 1, 0x9e3779b1));
}

/** 32-bit hash of a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

const hex = (n: number): string => HEX4[n & 0xffff] as string;
const dashed = (n: number): string => DASHED[n & 0xffff] as string;

/** Encoder and decoder of ids for one seed. Indexes go up to 2^32 - 1. */
export class Ids {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = mix(seed ^ 0x5bd1e995);
  }

  /** Hash of a row, from which its random values are rolled. */
  base(table: number, index: number): number {
    return mix(mix(index ^ this.#seed) + Math.imul(table + 1, 0x27d4eb2f));
  }

  id(table: number, index: number): string {
    const key = roll(this.#seed, table);
    const a = mix(index ^ key);
    const b = (table ^ (a >>> 16) ^ this.#seed) & 0xffff;
    const c = mix(a ^ this.#seed);
    const d = mix(c + b);
    return (
      hex(a >>> 16) +
      hex(a) +
      dashed(b) +
      dashed(0x4000 | (c & 0xfff)) +
      dashed(0x8000 | (d & 0x3fff)) +
      dashed(c >>> 16) +
      hex(d >>> 16) +
      hex(c ^ d)
    );
  }

  /** Index behind an id of this table, or -1 for anything else. */
  index(table: number, id: unknown): number {
    if (typeof id !== 'string' || id.length !== 36) return -1;
    const a = parseInt(id.slice(0, 8), 16);
    if (Number.isNaN(a)) return -1;
    const index = (unmix(a) ^ roll(this.#seed, table)) >>> 0;
    return this.id(table, index) === id ? index : -1;
  }
}
