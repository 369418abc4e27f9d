/**
 * Bounds the memory of all answers that are being received. Whoever would go over the bound waits, except for the one
 * that has been receiving longest: so somebody always comes to an end, and the bound is exceeded by one answer at most.
 */
export class AnswerRoom {
  readonly #limitBytes: number;
  #takenBytes = 0;
  readonly #seats = new Set<Seat>();

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** A place for one answer. It must be left. */
  enter(): Seat {
    const seat = new Seat(this.#taken, (left) => this.#leave(left));
    this.#seats.add(seat);
    return seat;
  }

  readonly #taken = (seat: Seat, bytes: number): boolean => {
    this.#takenBytes += bytes;
    return this.#mayGoOn(seat);
  };

  #leave(seat: Seat): void {
    if (!this.#seats.delete(seat)) return;
    this.#takenBytes -= seat.bytes;
    for (const other of this.#seats) if (this.#mayGoOn(other)) other.goOn();
  }

  #mayGoOn(seat: Seat): boolean {
    const [oldest] = this.#seats;
    return this.#takenBytes <= this.#limitBytes || seat === oldest;
  }
}

/** What one answer takes of the room. */
export class Seat {
  bytes = 0;
  readonly #taken: (seat: Seat, bytes: number) => boolean;
  readonly #left: (seat: Seat) => void;
  #wake: (() => void) | undefined;

  constructor(taken: (seat: Seat, bytes: number) => boolean, left: (seat: Seat) => void) {
    this.#taken = taken;
    this.#left = left;
  }

  /** Takes in bytes that are here. Resolves when more may be received; undefined means at once. */
  take(bytes: number): Promise<void> | undefined {
    this.bytes += bytes;
    if (this.#taken(this, bytes)) return undefined;
    return new Promise((resolve) => (this.#wake = resolve));
  }

  goOn(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  leave(): void {
    this.#left(this);
    this.goOn();
  }
}
