import { capacityWithin, wishOf } from '../../sweep/capacity.ts';

/** Bytes of a key of the tables that are swept: one UUID. */
export const WIDTH = 16;

/** How much of a state the memories of all tables take, so that none of them takes another's room. */
export class RoomBook {
  /** Characters of each memory; undefined while it is not known. */
  readonly #chars = new Map<object, number | undefined>();

  /** A memory there is, or will be. */
  enter(owner: object, chars: number | undefined): void {
    this.#chars.set(owner, chars);
  }

  /** How many differences the owner's next memory may be able to name. */
  capacityFor(owner: object, of: { keys: number; churn: number | undefined }): number {
    const others = [...this.#chars].filter(([other]) => other !== owner).map(([, chars]) => chars);
    const taken = others.reduce<number>((sum, chars) => sum + (chars ?? 0), 0);
    const waiting = others.filter((chars) => chars === undefined).map(() => WIDTH as 16);
    return capacityWithin(wishOf(of), { width: WIDTH, taken, waiting });
  }
}
