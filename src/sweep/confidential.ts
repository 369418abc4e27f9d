import { CONFIDENTIAL_FIELD } from '../tables/definition.ts';

/** So many keys are enough to tell a kind of rows that is out of sight from a few of them that are gone. */
const KEPT_AT_MOST = 10;

/**
 * Tells whether an API key has lost sight of confidential rows. Ashby leaves them out without an error where the switch
 * "Allow access to confidential jobs and projects" is off, and all that hangs on them with them.
 */
export class Confidential {
  readonly #known: readonly string[];
  #found: string[] = [];

  /** `known`: what `kept` was at the last sweep. */
  constructor(known: readonly string[] = []) {
    this.#known = known;
  }

  /** Whether the last sweep saw any. */
  get wereThere(): boolean {
    return this.#known.length > 0;
  }

  /** Some keys of those that the walk has seen, for the state. */
  get kept(): readonly string[] {
    return this.#found;
  }

  /** The walk begins, or begins again. */
  begin(): void {
    this.#found = [];
  }

  /** A row of the walk. */
  see(key: string, row: Readonly<Record<string, unknown>>): void {
    if (row[CONFIDENTIAL_FIELD] === true && this.#found.length < KEPT_AT_MOST) this.#found.push(key);
  }

  /** After a complete walk: whether there were some, there are none, and those that are known are not just open now. */
  areLost(isLiving: (key: string) => boolean): boolean {
    return this.wereThere && this.#found.length === 0 && !this.#known.some(isLiving);
  }
}
