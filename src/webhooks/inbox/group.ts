import type { Arrival, Fate, Inbox } from './inbox.ts';

/** So many deliveries, or so much of their bodies, go into one transaction at most. */
const MOST = 512;
const MOST_BYTES = 16 * 1024 * 1024;

/** So long a group waits at most for those who were answered with the last one, and are about to come again. */
const GATHER_MS = 2;

interface Waiting {
  arrival: Arrival;
  resolve(fate: Fate): void;
  reject(failure: unknown): void;
}

/**
 * Puts deliveries that come at the same time into one transaction: an fsync costs the same for one and for hundreds.
 * While a group is being written the next one gathers. A sender who comes alone does not wait; where many came
 * together a moment ago, the next group waits for as many, a moment long, rather than start with the first of them.
 */
export class GroupCommit {
  readonly #append: Inbox['append'];
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #lastSize = 1;

  constructor(append: Inbox['append']) {
    this.#append = append;
  }

  /** Resolves when the arrival is durable; rejects when its group could not be written, of which nothing was kept then. */
  add(arrival: Arrival): Promise<Fate> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ arrival, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** Resolves when nothing is waiting any more. */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      const group = this.#take();
      this.#lastSize = group.length;
      try {
        const fates = await this.#append(group.map(({ arrival }) => arrival));
        group.forEach(({ resolve, reject }, index) => {
          const fate = fates[index];
          if (fate) resolve(fate);
          else reject(new Error('the store has told no fate'));
        });
      } catch (failure) {
        for (const { reject } of group) reject(failure);
      }
    }
    this.#writing = undefined; // here, and not a turn later: whoever adds next must find that nobody writes
  }

  /** At least one turn of the loop, for those whose bytes have come already. */
  async #gather(): Promise<void> {
    const begin = performance.now();
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length < this.#lastSize && performance.now() - begin < GATHER_MS);
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { arrival } of this.#waiting) {
      bytes += arrival.body.length;
      if (count > 0 && (count === MOST || bytes > MOST_BYTES)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
