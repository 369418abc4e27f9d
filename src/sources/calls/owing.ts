import type { CallsPlace } from '../place.ts';

/** So many failed parents are remembered: a few that always fail must not hold up the others. */
const MOST_OWED = 300;
/** So many parents that Ashby did not know are remembered, to be asked for once more. */
const MOST_GONE = 500;
const MOST_EXAMPLES = 5;

/**
 * The parents of a fan-out that are not done though the walk went past them: those whose call failed, which are owed
 * until it succeeds, and those that Ashby did not know. Such a one may be hidden for a while only (a permission that
 * comes back), so it is asked for once more in the next run, and then let go.
 */
export class Owing {
  readonly #owed: Set<string>;
  readonly #gone: Set<string>;
  readonly #goneBefore: ReadonlySet<string>;
  /** How many parents Ashby did not know in this run, and how many of them were let go. */
  readonly counts = { unknown: 0, letGo: 0 };
  /** The first of those that Ashby did not know. */
  readonly examples: string[] = [];

  constructor(place: Pick<CallsPlace, 'owed' | 'gone'>) {
    this.#owed = new Set(place.owed);
    this.#gone = new Set(place.gone);
    this.#goneBefore = new Set(place.gone);
  }

  /** Whom to ask first: the owed, then the unknown ones. */
  first(): string[] {
    return [...new Set([...this.#owed, ...this.#gone])];
  }

  read(id: string): void {
    this.#owed.delete(id);
    this.#gone.delete(id);
  }

  failed(id: string): void {
    this.#gone.delete(id);
    this.#owed.add(id);
  }

  /** Whether one more failed parent can be remembered. */
  get hasRoomForOwed(): boolean {
    return this.#owed.size < MOST_OWED;
  }

  /** Whether one more parent that Ashby does not know can be remembered, or need not be. */
  hasRoomForGone(id: string): boolean {
    return this.#gone.size < MOST_GONE || this.#gone.has(id);
  }

  /** Ashby did not know this parent. Returns whether it is let go, since that was so in the run before as well. */
  unknown(id: string): boolean {
    this.counts.unknown += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push(id);
    if (!this.#goneBefore.has(id)) {
      this.again(id);
      return false;
    }
    this.read(id);
    this.counts.letGo += 1;
    return true;
  }

  /** It is asked for once more in the next run. */
  again(id: string): void {
    this.#owed.delete(id);
    this.#gone.add(id);
  }

  get owed(): number {
    return this.#owed.size;
  }

  /** What a place says of it. */
  parts(): Pick<CallsPlace, 'owed' | 'gone'> {
    return {
      ...(this.#owed.size > 0 ? { owed: [...this.#owed] } : {}),
      ...(this.#gone.size > 0 ? { gone: [...this.#gone] } : {}),
    };
  }
}
