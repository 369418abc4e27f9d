/** A piece of work that was begun. */
export interface Tracked {
  /** It is done, or was set aside: whatever came before it may now be told. */
  done(): void;
}

/**
 * Bookkeeping of work that is begun in order and finished in any: it knows the last value behind which nothing is
 * open. Pure: no clock, no waiting. (The idea is that of an ordered, bounded commitment: a value is never told while
 * one before it is open, and no more than `cap` may be open behind the first.)
 */
export class Ledger<T> {
  readonly #cap: number;
  readonly #open: { value: T; done: boolean }[] = [];
  #reached: T | undefined;

  constructor(cap: number, reached?: T) {
    this.#cap = cap;
    this.#reached = reached;
  }

  /** Whether more may be begun. */
  get hasRoom(): boolean {
    return this.#open.length < this.#cap;
  }

  /** The last value whose predecessors, and itself, are all done; undefined while there is none. */
  get reached(): T | undefined {
    return this.#reached;
  }

  /** Begins a piece of work. Values are given in their order. */
  track(value: T): Tracked {
    const entry = { value, done: false };
    this.#open.push(entry);
    return {
      done: () => {
        entry.done = true;
        for (let first = this.#open[0]; first?.done; first = this.#open[0]) {
          this.#reached = first.value;
          this.#open.shift();
        }
      },
    };
  }
}
