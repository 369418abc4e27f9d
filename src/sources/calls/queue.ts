import type { CallsWork, BegunParent } from './work.ts';

/** A parent to be asked about. */
export interface Parent {
  id: string;
  tracked: BegunParent;
  /** It was owed already when the run began: that its call fails again says nothing about the others. */
  wasOwed: boolean;
}

const UNTRACKED: BegunParent = { done: () => undefined };

/**
 * The parents of a fan-out, one after the other: those that are owed, those that events name, and then those of the
 * list in their order; nobody twice. A run that goes on asks anew about what events name, since no place says how far
 * it had come with them.
 */
export class Queue {
  readonly #work: CallsWork;
  readonly #first: ReadonlySet<string>;
  /** Parents that events named and that the list was found to have, too. */
  readonly #listed = new Set<string>();
  /** Parents that events named and Ashby did not know: the key may not see them, or they are gone again. */
  readonly #unknown = new Set<string>();

  constructor(work: CallsWork) {
    this.#work = work;
    this.#first = new Set(work.owing.first());
  }

  *parents(): Generator<Parent, void, void> {
    const { named, ids } = this.#work;
    for (const id of this.#first) yield { id, tracked: UNTRACKED, wasOwed: true };
    for (const id of named) if (!this.#first.has(id)) yield { id, tracked: UNTRACKED, wasOwed: false };
    for (const id of ids) {
      if (this.#first.has(id)) continue;
      // One that nothing but an event had named until now gets its turn again, with all that belongs to it.
      if (!named.has(id) || this.#unknown.has(id)) yield { id, tracked: this.#work.track(id), wasOwed: false };
      else this.#listed.add(id);
    }
  }

  /**
   * Ashby did not know the parent. True where nothing but an event has named it so far: that tells nothing, since events
   * are also about what the key may not see.
   */
  passesOver(id: string): boolean {
    const isKnown = !this.#work.named.has(id) || this.#first.has(id) || this.#listed.has(id) || this.#unknown.has(id);
    if (!isKnown) this.#unknown.add(id);
    return !isKnown;
  }
}
