/** What a chunk costs beside its bytes, so that single bytes are no way around the bound. */
const CHUNK_BYTES = 256;

/** After so many bytes their garbage is swept away. */
const SWEEP_BYTES = 4 * 1024 * 1024;

export interface Lease {
  /** Counts a chunk. It may make the longest under way give way, which can be this one. */
  add(bytes: number): void;
  /** The body is whole and will be stored: it gives way to nobody any more. */
  hold(): void;
  end(): void;
}

interface Body {
  bytes: number;
  held: boolean;
  giveWay(): void;
}

/**
 * Bounds the memory of all bodies that are on their way. When they take up too much, the one that has been coming in
 * for the longest gives way: a delivery of Ashby's is whole within moments, so it is those who trickle that go.
 */
export class Intake {
  readonly #mostBytes: number;
  readonly #bodies = new Set<Body>();
  readonly #sweep: () => void;
  #bytes = 0;
  #passed = 0;

  constructor(mostBytes: number, sweep: () => void) {
    this.#mostBytes = mostBytes;
    this.#sweep = sweep;
  }

  /** Told of every chunk that was read, also of those that are thrown away. */
  passed(bytes: number): void {
    this.#passed += bytes;
    if (this.#passed < SWEEP_BYTES) return;
    this.#passed = 0;
    this.#sweep();
  }

  /** The bytes of all bodies that are coming in or being stored. */
  get bytes(): number {
    return this.#bytes;
  }

  begin(giveWay: () => void): Lease {
    const body: Body = { bytes: 0, held: false, giveWay };
    this.#bodies.add(body);
    return {
      add: (bytes) => {
        if (!this.#bodies.has(body)) return;
        body.bytes += bytes + CHUNK_BYTES;
        this.#bytes += bytes + CHUNK_BYTES;
        while (this.#bytes > this.#mostBytes && this.#evictOldest());
      },
      hold: () => void (body.held = true),
      end: () => this.#forget(body),
    };
  }

  #evictOldest(): boolean {
    for (const body of this.#bodies) {
      if (body.held) continue;
      this.#forget(body);
      body.giveWay();
      return true;
    }
    return false;
  }

  #forget(body: Body): void {
    if (this.#bodies.delete(body)) this.#bytes -= body.bytes;
  }
}
