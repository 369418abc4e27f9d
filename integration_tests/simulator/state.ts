/** What has happened to a table since the start: changed, inserted, removed and hidden rows. Memory only once it is touched. */

const GONE = 1;
const HIDDEN = 2;

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
  /** GONE, HIDDEN, both or 0. */
  #away = new Uint8Array(0);
  #missing = 0;
  #hidden: ReadonlySet<number> = new Set();

  constructor(baseCount: number, clock: Clockwork) {
    this.baseCount = baseCount;
    this.#clock = clock;
  }

  /** Indexes ever given out, removed ones included. */
  get size(): number {
    return this.baseCount + this.inserted;
  }

  /** Rows that are there and can be seen. */
  get live(): number {
    return this.size - this.#missing;
  }

  /** Whether a row is there and can be seen. */
  has(index: number): boolean {
    return index >= 0 && index < this.size && !this.#away[index];
  }

  /** Whether a row is there, hidden or not. */
  exists(index: number): boolean {
    return index >= 0 && index < this.size && !((this.#away[index] ?? 0) & GONE);
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
    if (!this.exists(index)) return;
    this.#mark(index, (this.#away[index] ?? 0) | GONE);
    this.generation++;
    this.#clock.seq++;
  }

  /** Hides these rows and shows all others. Their versions stay what they are. */
  hideOnly(rows: ReadonlySet<number>): void {
    this.#grow();
    for (const index of this.#hidden) if (!rows.has(index)) this.#mark(index, (this.#away[index] ?? 0) & ~HIDDEN);
    for (const index of rows) this.#mark(index, (this.#away[index] ?? 0) | HIDDEN);
    this.#hidden = new Set(rows);
    this.generation++;
  }

  #mark(index: number, away: number): void {
    this.#missing += Number(away !== 0) - Number((this.#away[index] ?? 0) !== 0);
    this.#away[index] = away;
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
    const away = new Uint8Array(length);
    versions.set(this.#versions);
    changedAt.set(this.#changedAt);
    away.set(this.#away);
    this.#versions = versions;
    this.#changedAt = changedAt;
    this.#away = away;
  }
}
