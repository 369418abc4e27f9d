import type { Batch, End } from '../../sources/batch.ts';
import { isId } from '../../sources/checks.ts';
import { IdList } from '../../sources/id-list.ts';
import type { Place } from '../../sources/place.ts';
import type { Project } from '../../tables/project.ts';
import type { Taker } from './walk.ts';

/** Told how the walk over the parents goes. */
export interface ParentsReader {
  begin(): void;
  restart(start: Place, why: string): void;
  /** All parents are known. */
  ready(parents: Parents, end: End): void;
  fail(thrown: unknown): void;
}

/** The parents that a walk brought. */
export interface Parents {
  /** Their ids, sealed. */
  readonly ids: IdList;
  /** Their `updatedAt`, for readers that go by it. */
  readonly versions: ReadonlyMap<string, string>;
}

export interface CollectorOptions {
  /** Makes the parents' rows out of what the walk brings. */
  project: Project;
  /** The field of a parent's row that holds the id. */
  field: string;
  /** Whether `updatedAt` is remembered as well. */
  versions: boolean;
  /** Parents whose rows say so are left out of a walk over everything that has another one, from a token, beside it. */
  except: { field: string; is: unknown } | undefined;
}

/**
 * Takes the ids of parents out of the walks that bring them, once for all who make calls for them, and hands them on
 * when all of these walks have ended. Mostly that is one; where all parents are due though a token is known, it is the
 * walk over everything and the one from the token, which alone says where the next run starts.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #ids = new IdList();
  readonly #versions = new Map<string, string>();
  readonly #readers: ParentsReader[] = [];
  /** How many walks bring ids, and how many of them have not ended. */
  #walks = 0;
  #open = 0;
  #end: End = { token: null };

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  add(reader: ParentsReader): void {
    this.#readers.push(reader);
  }

  /** One more walk to take ids out of; `tells` says whether its end is the one that counts. */
  walk({ tells }: { tells: boolean }): Taker {
    const except = tells ? undefined : this.#options.except;
    this.#walks += 1;
    this.#open += 1;
    return {
      begin: () => this.#each((reader) => reader.begin()),
      take: (batch) => this.#take(batch, except),
      restart: (start, why) => this.#restart(start, { why, tells }),
      finish: (end) => this.#finish(tells ? end : this.#end),
      fail: (thrown) => this.#each((reader) => reader.fail(thrown)),
    };
  }

  #take(batch: Batch, except: CollectorOptions['except']): Promise<void> {
    const { project, field, versions } = this.#options;
    for (const { value } of project(batch)) {
      const id = value[field];
      if (!isId(id) || (except && value[except.field] === except.is)) continue;
      this.#ids.add(id);
      if (versions && typeof value['updatedAt'] === 'string') this.#versions.set(id, value['updatedAt']);
    }
    return Promise.resolve();
  }

  /** What was taken in so far comes again, and an id more does no harm. */
  #restart(start: Place, { why, tells }: { why: string; tells: boolean }): void {
    if (this.#walks === 1) {
      this.#ids.clear();
      this.#versions.clear();
    }
    if (tells) this.#each((reader) => reader.restart(start, why));
  }

  #finish(end: End): void {
    this.#end = end;
    this.#open -= 1;
    if (this.#open > 0) return;
    this.#ids.seal();
    this.#each((reader) => reader.ready({ ids: this.#ids, versions: this.#versions }, this.#end));
  }

  #each(tell: (reader: ParentsReader) => void): void {
    for (const reader of this.#readers) tell(reader);
  }
}
