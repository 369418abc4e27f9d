import type { Arrival, Fate, Inbox } from './inbox.ts';

/** So many deliveries, or so much of their bodies, go into one transaction at most. */
const MOST = 512;
const MOST_BYTES = 16 * 1024 * 1024;

interface Waiting {
  arrival: Arrival;
  resolve(fate: Fate): void;
  reject(failure: unknown): void;
}

/**
 * Puts deliveries that come at the same time into one transaction: an fsync costs the same for one and for hundreds.
 * While a group is being written the next one gathers, so nobody waits for a timer.
 */
export class GroupCommit {
  readonly #append: Inbox['append'];
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

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
      await new Promise((resolve) => setImmediate(resolve)); // for those whose bytes came in the same turn of the loop
      const group = this.#take();
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
