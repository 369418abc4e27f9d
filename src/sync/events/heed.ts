import type { Batch } from '../../sources/batch.ts';
import { isId } from '../../sources/checks.ts';
import { at, goneBy, namedBy, type Naming } from '../../tables/event-names.ts';
import { deferred } from '../../async/deferred.ts';
import { ASKS_AT_MOST } from '../sweeps/confirm.ts';
import type { Taker } from '../walks/walk.ts';
import type { Heard } from './heard.ts';

export interface HeedOptions {
  /** The table whose rows events name for this one, as parents of its calls. */
  named: string | undefined;
  /** The table whose deletions bury rows of this one. */
  gone: string | undefined;
  /** Candidates and applications created before this instant are left out; undefined where that is not asked for. */
  startDate: Date | undefined;
  known: Heard | undefined;
}

/** What a fan-out needs of the events. */
export interface Named {
  /** Resolves when no more names come; never rejects. */
  readonly complete: Promise<void>;
  /** Rows that are due whatever their list says. */
  readonly ids: ReadonlySet<string>;
  /** All of them were asked about, or are remembered as owed. */
  asked(): void;
}

/**
 * Listens to the events of the inbox for one stream: which parents its calls are due for, and which rows are said to be
 * gone. What is remembered moves on when both were seen to, and not before.
 */
export class Heed implements Taker, Named {
  /** Settles when the walk has ended; rejects with why it failed. */
  readonly done: Promise<void>;
  readonly complete: Promise<void>;
  readonly ids = new Set<string>();
  readonly #options: HeedOptions;
  readonly #end = deferred();
  /** Rows that are said to be gone, and by which event: those of earlier runs first. */
  readonly #gone = new Map<string, number>();
  #open: readonly string[];
  #reached: { inbox: string; number: number } | undefined;
  #ended = false;
  #namesSeenTo: boolean;
  #goneSeenTo: boolean;

  constructor(options: HeedOptions) {
    const { known, named, gone } = options;
    this.#options = options;
    this.#open = known?.open ?? [];
    this.#namesSeenTo = named === undefined;
    this.#goneSeenTo = gone === undefined;
    for (const id of this.#open) this.#gone.set(id, 0);
    this.done = this.#end.promise;
    this.complete = this.done.catch(() => undefined);
  }

  begin(): void {
    // nothing is printed
  }

  take({ rows, place }: Batch): Promise<void> {
    for (const { value } of rows) {
      const { action, body, number } = value;
      const { named, gone } = this.#options;
      const data = at(body, 'data');
      for (const naming of namingsOf(namedBy, action)) {
        const id = at(data, naming.path);
        if (naming.table === named && isId(id) && this.#isWanted(naming, data)) this.ids.add(id);
      }
      for (const { table, path } of namingsOf(goneBy, action)) {
        const id = at(data, path);
        if (!isId(id)) continue;
        if (table === named) this.ids.delete(id); // nothing is to be had for it any more
        if (table === gone && !this.#gone.has(id)) this.#gone.set(id, Number(number));
      }
    }
    if (place?.kind === 'inbox') this.#reached = { inbox: place.inbox, number: place.number };
    return Promise.resolve();
  }

  restart(): void {
    // the walk of the inbox never begins anew
  }

  finish(): void {
    this.#ended = true;
    this.#end.resolve();
  }

  fail(thrown: unknown): void {
    this.#end.reject(thrown);
  }

  asked(): void {
    this.#namesSeenTo = this.#ended;
  }

  /**
   * The rows that are said to be gone, as many as may be asked for one by one in one run; the events of the others wait
   * for the next one.
   */
  gone(): string[] {
    const all = [...this.#gone];
    const next = all[ASKS_AT_MOST];
    if (next && this.#reached)
      this.#reached = { ...this.#reached, number: Math.min(this.#reached.number, next[1] - 1) };
    return all.slice(0, ASKS_AT_MOST).map(([id]) => id);
  }

  /** Whether the row was open when the run began: it has had its second question. */
  wasOpen(id: string): boolean {
    return this.#options.known?.open?.includes(id) === true;
  }

  /** The rows that were said to be gone were seen to; these are to be asked for once more. */
  settled(open: readonly string[]): void {
    this.#open = open;
    this.#goneSeenTo = true;
  }

  /** What the state remembers, as things stand. */
  state(): Heard | undefined {
    if (!this.#ended || !this.#reached || !this.#namesSeenTo || !this.#goneSeenTo) return this.#options.known;
    return { ...this.#reached, ...(this.#open.length > 0 ? { open: this.#open } : {}) };
  }

  /** Of an object that may have been created before the start date only the event can tell; the lists name the others. */
  #isWanted({ createdAt }: Naming, data: unknown): boolean {
    const { startDate } = this.#options;
    if (!startDate) return true;
    const created = createdAt === undefined ? undefined : at(data, createdAt);
    return typeof created === 'string' && Date.parse(created) >= startDate.getTime();
  }
}

function namingsOf(table: Readonly<Record<string, readonly Naming[]>>, action: unknown): readonly Naming[] {
  return typeof action === 'string' && Object.hasOwn(table, action) ? (table[action] ?? []) : [];
}
