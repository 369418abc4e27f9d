import { capacityWithin, wishOf } from '../../sweep/capacity.ts';
import type { Width } from '../../sweep/key-words.ts';

interface Entry {
  /** Bytes of a key of the table: one UUID, or the two of a composite one. */
  width: Width;
  /** Characters of the memory; undefined while that is not known. */
  chars: number | undefined;
}

/** How much of a state the memories of all tables take, so that none of them takes another's room. */
export class RoomBook {
  readonly #entries = new Map<object, Entry>();

  /** A memory there is, or will be. */
  enter(owner: object, entry: Entry): void {
    this.#entries.set(owner, entry);
  }

  /** How many differences the owner's next memory may be able to name. */
  capacityFor(owner: object, of: { width: Width; keys: number; churn: number | undefined }): number {
    const others = [...this.#entries].filter(([other]) => other !== owner).map(([, entry]) => entry);
    const taken = others.reduce((sum, { chars }) => sum + (chars ?? 0), 0);
    const waiting = others.filter(({ chars }) => chars === undefined).map(({ width }) => width);
    return capacityWithin(wishOf(of), { width: of.width, taken, waiting });
  }
}
