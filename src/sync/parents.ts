import type { Batch, End } from '../sources/batch.ts';
import { isId } from '../sources/checks.ts';
import { IdList } from '../sources/id-list.ts';
import type { Place } from '../sources/place.ts';
import type { Project } from '../tables/project.ts';
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
  /** Parents whose rows say so are left out. */
  except: { field: string; is: unknown } | undefined;
}

/** Takes the ids of parents out of a walk, once for all who make calls for them, and hands them on when it has ended. */
export class Collector implements Taker {
  readonly #options: CollectorOptions;
  readonly #ids = new IdList();
  readonly #versions = new Map<string, string>();
  readonly #readers: ParentsReader[] = [];

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  add(reader: ParentsReader): void {
    this.#readers.push(reader);
  }

  begin(): void {
    for (const reader of this.#readers) reader.begin();
  }

  take(batch: Batch): Promise<void> {
    const { project, field, except, versions } = this.#options;
    for (const { value } of project(batch)) {
      const id = value[field];
      if (!isId(id) || (except && value[except.field] === except.is)) continue;
      this.#ids.add(id);
      if (versions && typeof value['updatedAt'] === 'string') this.#versions.set(id, value['updatedAt']);
    }
    return Promise.resolve();
  }

  restart(start: Place, why: string): void {
    this.#ids.clear();
    this.#versions.clear();
    for (const reader of this.#readers) reader.restart(start, why);
  }

  finish(end: End): void {
    this.#ids.seal();
    for (const reader of this.#readers) reader.ready({ ids: this.#ids, versions: this.#versions }, end);
  }

  fail(thrown: unknown): void {
    for (const reader of this.#readers) reader.fail(thrown);
  }
}
