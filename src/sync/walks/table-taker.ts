import type { Batch, End } from '../../sources/batch.ts';
import type { Place } from '../../sources/place.ts';
import type { Project } from '../../tables/project.ts';
import { deferred } from '../../async/deferred.ts';
import type { Emitter } from '../emit.ts';
import type { Sweeper } from '../sweeps/sweeper.ts';
import type { Taker } from './walk.ts';

export interface TableTakerOptions {
  emitter: Emitter;
  /** The list's name in the stream's state. */
  key: string;
  project: Project;
  /** Keeps an eye on the keys of what is printed, where it is found out what is gone. */
  sweeper?: Sweeper | undefined;
  /** Whether the walk starts over everything, so that it counts as a sweep. */
  startsWhole?: boolean;
}

/** Writes the rows of one table as a walk brings them, and moves the place of its list on behind them. */
export class TableTaker implements Taker {
  /** Settles when the walk has ended for this table; rejects with why it failed. */
  readonly done: Promise<void>;
  /** Whether the walk has brought anything. */
  began = false;
  readonly #options: TableTakerOptions;
  readonly #end = deferred();
  #whole: boolean;

  constructor(options: TableTakerOptions) {
    this.#options = options;
    this.#whole = options.startsWhole === true;
    this.done = this.#end.promise;
    this.done.catch(() => undefined); // whoever ends the stream awaits it; until then it must not count as unhandled
  }

  begin(): void {
    this.#options.emitter.start();
  }

  async take(batch: Batch): Promise<void> {
    const { emitter, key, project, sweeper } = this.#options;
    this.began = true;
    emitter.batches += 1;
    const rows = project(batch);
    if (this.#whole) sweeper?.walk.see(rows);
    else sweeper?.printed(rows);
    await emitter.write(key, { rows, arrivedAtMs: batch.arrivedAtMs, place: batch.place });
  }

  restart(start: Place, why: string): void {
    const { emitter, sweeper } = this.#options;
    this.#whole = start.kind === 'everything';
    if (this.#whole) sweeper?.walk.begin();
    emitter.warn(why);
    emitter.how.add(why);
  }

  finish({ tokenMissing, shortened }: End): void {
    const { sweeper } = this.#options;
    sweeper?.endPass();
    if (this.#whole && !shortened) sweeper?.walk.finish({ printed: true });
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
