import { quarterOf } from './capacity.ts';
import type { Width } from './key-words.ts';
import { Sketch, type Difference } from './sketch.ts';
import { UniqueKeys } from './unique-keys.ts';

/** Up to here a list of the keys is smaller than the smallest sketch, and knows everything. */
export const LIST_KEYS = 100;
/** A list that grows beyond this between two sweeps becomes a sketch that can name this many. */
const LIST_KEYS_AT_MOST = 2 * LIST_KEYS;

type Held = { kind: 'list'; keys: UniqueKeys } | { kind: 'sketch'; sketch: Sketch; size: number };

/**
 * The keys of a table's rows that live in the destination, as far as we know: printed, and not buried since. Few keys
 * are kept as they are; of many only a sketch is, which has the same size however many they are.
 */
export class Memory {
  #held: Held;

  constructor(held: Held) {
    this.#held = held;
  }

  /** A new memory of all these keys. `capacity`: how many differences it is to name at the next sweep. */
  static of(keys: UniqueKeys, capacity: number): Memory {
    if (keys.size > LIST_KEYS) return new Memory({ kind: 'sketch', sketch: sketchOf(keys, capacity), size: keys.size });
    const copy = new UniqueKeys(keys.width);
    for (const key of keys) copy.add(key);
    return new Memory({ kind: 'list', keys: copy });
  }

  get held(): Readonly<Held> {
    return this.#held;
  }

  get size(): number {
    return this.#held.kind === 'list' ? this.#held.keys.size : this.#held.size;
  }

  get width(): Width {
    return this.#held.kind === 'list' ? this.#held.keys.width : this.#held.sketch.shape.width;
  }

  /** Whether it was told this key already. Undefined where only a sketch is left, which cannot tell. */
  knows(key: string): boolean | undefined {
    return this.#held.kind === 'list' ? this.#held.keys.has(key) : undefined;
  }

  /** Takes in a key that it does not know yet (a list makes sure of that itself). False where the key does not fit. */
  add(key: string): boolean {
    if (this.#held.kind === 'sketch') {
      const fits = this.#held.sketch.add(key);
      if (fits) this.#held.size += 1;
      return fits;
    }
    const { keys } = this.#held;
    keys.add(key);
    const fits = keys.has(key);
    if (keys.size > LIST_KEYS_AT_MOST) {
      this.#held = { kind: 'sketch', sketch: sketchOf(keys, LIST_KEYS_AT_MOST), size: keys.size };
    }
    return fits;
  }

  /**
   * What it has and the walk has not (first), and the other way round (second). Each name is looked up in the walk: a
   * key that was put in twice by mistake comes out as missing though it is there, and is left out; one that comes out
   * as new and is not in the walk proves that the cells are damaged.
   */
  compare(walk: UniqueKeys): Difference | 'too-many' {
    if (walk.width !== this.width) return 'too-many';
    const held = this.#held;
    if (held.kind === 'list') {
      return {
        onlyInFirst: [...held.keys].filter((key) => !walk.has(key)),
        onlyInSecond: [...walk].filter((key) => !held.keys.has(key)),
      };
    }
    const now = new Sketch(held.sketch.shape);
    walk.forEachWords((words, at) => now.addWords(words, at));
    const difference = held.sketch.difference(now) ?? 'too-many';
    if (difference === 'too-many' || !difference.onlyInSecond.every((key) => walk.has(key))) return 'too-many';
    return { ...difference, onlyInFirst: difference.onlyInFirst.filter((key) => !walk.has(key)) };
  }
}

function sketchOf(keys: UniqueKeys, capacity: number): Sketch {
  const sketch = new Sketch({ width: keys.width, quarter: quarterOf(capacity) });
  keys.forEachWords((words, at) => sketch.addWords(words, at));
  return sketch;
}
