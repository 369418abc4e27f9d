const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_BYTES = 16;

/**
 * Ids of parents, in little memory: UUIDs as 16 bytes each, anything else as it is. Filled first, then sealed: from
 * then on each id is there once, in the order of the ids as texts, which no later walk can change.
 */
export class IdList {
  #packed = Buffer.alloc(64 * UUID_BYTES);
  #count = 0;
  #order: Uint32Array | undefined;
  #others: string[] = [];

  /** Takes an id in. */
  add(id: string): void {
    if (!UUID.test(id)) {
      this.#others.push(id);
      return;
    }
    const at = this.#count * UUID_BYTES;
    if (at === this.#packed.length) this.#packed = Buffer.concat([this.#packed], at * 2);
    this.#packed.write(id.replaceAll('-', ''), at, 'hex');
    this.#count += 1;
  }

  /** Forgets all ids: the list of parents is walked anew. */
  clear(): void {
    this.#count = 0;
    this.#others = [];
  }

  /** Puts the ids into their order. Nothing is added afterwards. */
  seal(): void {
    const order = new Uint32Array(this.#count).map((_, index) => index);
    const at = (index: number): number => index * UUID_BYTES;
    const compare = (a: number, b: number): number =>
      this.#packed.compare(this.#packed, at(b), at(b) + UUID_BYTES, at(a), at(a) + UUID_BYTES);
    order.sort(compare);
    let kept = 0;
    for (const [place, index] of order.entries()) {
      const before = order[place - 1];
      if (before === undefined || compare(before, index) !== 0) order[kept++] = index;
    }
    this.#order = order.slice(0, kept);
    this.#others = [...new Set(this.#others)].sort(byText);
  }

  /** The ids behind `after` (all of them where it is undefined), in their order. Sealed lists only. */
  *behind(after: string | undefined): Generator<string, void, void> {
    // UUIDs and other ids are two runs in order each; they are merged as they go.
    let other = 0;
    const isBehind = (id: string): boolean => after === undefined || byText(id, after) > 0;
    for (const index of this.#order ?? []) {
      const id = this.#uuidAt(index);
      for (; other < this.#others.length && byText(this.#others[other] ?? '', id) < 0; other += 1) {
        const next = this.#others[other] ?? '';
        if (isBehind(next)) yield next;
      }
      if (isBehind(id)) yield id;
    }
    for (; other < this.#others.length; other += 1) {
      const next = this.#others[other] ?? '';
      if (isBehind(next)) yield next;
    }
  }

  /** How many ids lie behind `after`. Sealed lists only. */
  countBehind(after: string | undefined): number {
    if (after === undefined) return this.size;
    let [from, to] = [0, this.#order?.length ?? 0];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (byText(this.#uuidAt(this.#order?.[middle] ?? 0), after) > 0) to = middle;
      else from = middle + 1;
    }
    return (this.#order?.length ?? 0) - from + this.#others.filter((id) => byText(id, after) > 0).length;
  }

  get size(): number {
    return (this.#order?.length ?? this.#count) + this.#others.length;
  }

  #uuidAt(index: number): string {
    const hex = this.#packed.toString('hex', index * UUID_BYTES, (index + 1) * UUID_BYTES);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}

/** The order of ids: by UTF-16 units, as everywhere in JavaScript, whatever the locale. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
