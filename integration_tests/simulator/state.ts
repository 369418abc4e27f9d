/** What has happened to a table since the start: changed, inserted and removed rows. Memory only once it is touched. */

/** Counts every change in the world; sync tokens hold one of its values. */
export interface Clockwork {
  seq: number;
}

export class TableState {
  readonly baseCount: number;
  inserted = 0;
  /** Moves with every change, so that cached pages can be told apart. */
  generation = 0;
  readonly #clock: Clockwork;
  /** Creation instants of inserted rows that were told one. */
  readonly #madeAtMs = new Map<number, number>();
  #versions = new Uint16Array(0);
  #changedAt = new Uint32Array(0);
  #gone = new Uint8Array(0);
  #removed = 0;

  constructor(baseCount: number, clock: Clockwork) {
    this.baseCount = baseCount;
    this.#clock = clock;
  }

  /** Indexes ever given out, removed ones included. */
  get size(): number {
    return this.baseCount + this.inserted;
  }

  get live(): number {
    return this.size - this.#removed;
  }

  has(index: number): boolean {
    return index >= 0 && index < this.size && this.#gone[index] !== 1;
  }

  version(index: number): number {
    return this.#versions[index] ?? 0;
  }

  /** Sequence number of the row's last change; 0 for rows never touched. */
  changedAt(index: number): number {
    return this.#changedAt[index] ?? 0;
  }

  change(index: number): void {
    this.#grow();
    this.#versions[index] = this.version(index) + 1;
    this.#touch(index);
  }

  /** The instant that an inserted row was told to have been made at. */
  madeAtMs(index: number): number | undefined {
    return this.#madeAtMs.get(index);
  }

  insert(madeAtMs?: number): number {
    const index = this.size;
    if (madeAtMs !== undefined) this.#madeAtMs.set(index, madeAtMs);
    this.inserted++;
    this.#grow();
    this.#touch(index);
    return index;
  }

  remove(index: number): void {
    this.#grow();
    if (this.#gone[index] === 1) return;
    this.#gone[index] = 1;
    this.#removed++;
    this.generation++;
    this.#clock.seq++;
  }

  #touch(index: number): void {
    this.#changedAt[index] = ++this.#clock.seq;
    this.generation++;
  }

  #grow(): void {
    if (this.#versions.length >= this.size) return;
    const length = Math.max(this.size, Math.ceil(this.size * 1.25));
    const versions = new Uint16Array(length);
    const changedAt = new Uint32Array(length);
    const gone = new Uint8Array(length);
    versions.set(this.#versions);
    changedAt.set(this.#changedAt);
    gone.set(this.#gone);
    this.#versions = versions;
    this.#changedAt = changedAt;
    this.#gone = gone;
  }
}
