/** So many ids are remembered: many more than there are answers under way. */
const REMEMBERED = 1_000;

/**
 * Notices an answer that came before, by the id that the server gives to each of them. Where a server repeats its ids
 * as a rule (a stand-in, a proxy that sets its own) they say nothing, and are no longer looked at.
 */
export class AnswerIds {
  readonly #known = new Set<string>();
  #answers = 0;
  #repeats = 0;

  /** Takes in the id of an answer. Returns whether the answer is one that came before. */
  isRepeat(id: string | undefined): boolean {
    if (id === undefined) return false;
    this.#answers += 1;
    if (!this.#known.has(id)) {
      this.#known.add(id);
      const [oldest] = this.#known;
      if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
      return false;
    }
    this.#repeats += 1;
    // One id alone tells nothing apart, and where most answers repeat an id it is not an answer's own.
    return this.#known.size > 1 && this.#repeats <= this.#answers / 2;
  }
}
