/** Lets a number of things run at once that may change while they run; the others wait in the order in which they came. */
export class Slots {
  readonly #capacity: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(capacity: () => number) {
    this.#capacity = capacity;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const admitted = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#admit();
    await admitted;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#admit();
    }
  }

  #admit(): void {
    while (this.#running < this.#capacity()) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#running += 1;
      next();
    }
  }
}
