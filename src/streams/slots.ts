/** Lets a number of things run at once that may change while they run; the others wait in the order in which they came. */
export class Slots {
  readonly #capacity: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(capacity: () => number) {
    this.#capacity = capacity;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#capacity()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#admit();
    }
  }

  #admit(): void {
    for (let room = this.#capacity() - this.#running; room > 0; room -= 1) this.#waiting.shift()?.();
  }
}
