import type { Batch, End } from '../../sources/batch.ts';
import type { Place } from '../../sources/place.ts';
import type { Project } from '../../tables/project.ts';
import { deferred } from '../../deferred.ts';
import type { Emitter } from '../emit.ts';
import type { Taker } from './walk.ts';

export interface TableTakerOptions {
  emitter: Emitter;
  /** The list's name in the stream's state. */
  key: string;
  project: Project;
}

/** Writes the rows of one table as a walk brings them, and moves the place of its list on behind them. */
export class TableTaker implements Taker {
  /** Settles when the walk has ended for this table; rejects with why it failed. */
  readonly done: Promise<void>;
  /** Whether the walk has brought anything. */
  began = false;
  readonly #options: TableTakerOptions;
  readonly #end = deferred();

  constructor(options: TableTakerOptions) {
    this.#options = options;
    this.done = this.#end.promise;
    this.done.catch(() => undefined); // whoever ends the stream awaits it; until then it must not count as unhandled
  }

  begin(): void {
    this.#options.emitter.start();
  }

  async take(batch: Batch): Promise<void> {
    const { emitter, key, project } = this.#options;
    this.began = true;
    emitter.batches += 1;
    await emitter.write(key, { rows: project(batch), arrivedAtMs: batch.arrivedAtMs, place: batch.place });
  }

  restart(_start: Place, why: string): void {
    const { emitter } = this.#options;
    emitter.warn(why);
    emitter.how.add(why);
  }

  finish({ tokenMissing }: End): void {
    if (tokenMissing) this.#options.emitter.warn(NO_TOKEN);
    this.#end.resolve();
  }

  fail(thrown: unknown): void {
    this.#end.reject(thrown);
  }
}

/** For people: what a last page without a sync token means. */
export const NO_TOKEN =
  'Ashby sent no sync token with the last page, though its documentation promises one. All rows were read; the next run goes on from the token before, or reads everything again where there is none.';
