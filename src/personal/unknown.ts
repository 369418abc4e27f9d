/** So many fields are told apart; an object whose keys are data has new ones without end. */
const MOST_FIELDS = 1_000;

/**
 * Counts what is left out because no schema declares it. A field is counted under the declared path that holds it and
 * never named: where an object's keys are data, a name may be somebody's.
 */
export class Unknown {
  readonly #fields = new Set<string>();
  readonly #holders = new Set<string>();

  /** Without a name it is the value at the path that is of another kind than declared. */
  add(path: string, name: string | undefined): void {
    if (this.#fields.size >= MOST_FIELDS) return;
    this.#holders.add(name === undefined ? path : path === '' ? 'the row' : path);
    this.#fields.add(`${path}.${name ?? ''}`);
  }

  /** A sentence for a log; undefined where nothing was left out. */
  summary(): string | undefined {
    const count = this.#fields.size;
    if (count === 0) return undefined;
    const fields =
      count === 1 ? '1 field that is' : `${count >= MOST_FIELDS ? `${MOST_FIELDS} or more` : count} fields that are`;
    return `Ashby sends ${fields} not declared (in ${[...this.#holders].join(', ')}). What they hold is not known, so they are left out as long as a group of "personal_data" is hashed or dropped.`;
  }
}
