import { deferred } from '../../async/deferred.ts';
import type { Batch, End } from '../../sources/batch.ts';
import type { Project } from '../../tables/project.ts';
import type { Taker } from '../walks/walk.ts';
import type { WholeWalk } from './whole-walk.ts';

/** Takes the keys out of a walk over everything, without printing a row. */
export class SweepTaker implements Taker {
  /** Settles when the walk has ended; rejects with why it failed. */
  readonly done: Promise<void>;
  readonly #walk: WholeWalk;
  readonly #project: Project;
  readonly #end = deferred();

  constructor(walk: WholeWalk, project: Project) {
    this.#walk = walk;
    this.#project = project;
    this.done = this.#end.promise;
    this.done.catch(() => undefined); // whoever ends the stream awaits it; until then it must not count as unhandled
  }

  begin(): void {
    this.#walk.begin();
  }

  take(batch: Batch): Promise<void> {
    this.#walk.see(this.#project(batch));
    return Promise.resolve();
  }

  restart(): void {
    this.#walk.begin();
  }

  finish({ shortened }: End): void {
    if (!shortened) this.#walk.finish({ printed: false });
    this.#end.resolve();
  }

  fail(thrown: unknown): void {
    this.#end.reject(thrown);
  }
}
