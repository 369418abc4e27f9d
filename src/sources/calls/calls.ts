import type { Row } from '../../ashby/rows/rows.ts';
import { deferred } from '../../async/deferred.ts';
import { Interrupted } from '../../errors.ts';
import { NewKeys, type SourceWorld } from '../ask.ts';
import type { Batch, Batches } from '../batch.ts';
import { meaningOf, rowsOfParent, type CallsQuery } from './one-parent.ts';
import type { CallsPlace } from '../place.ts';
import { Queue, type Parent } from './queue.ts';
import { overflowError, owedError, type CallsWork } from './work.ts';

/**
 * So many calls that end in failure, one after the other, are no matter of single parents. Failing calls take long, and
 * those under way end together: it must be well above the most that are in flight (24).
 */
const MOST_FAILURES_IN_A_ROW = 50;

interface Delivery {
  id: string;
  rows: readonly Row[];
  /** With a parent's last rows: from here on the place may count it as done, since the place goes out behind them. */
  finish?: (() => void) | undefined;
  /** Called when the rows are written. */
  taken(): void;
}

/**
 * Makes a call for each parent, as many side by side as is useful, and yields what they bring; a parent whose call
 * fails is set aside, and the others go on. Each batch carries the place behind which no parent is open but those
 * that it names as owed.
 *
 * Throws what concerns all calls (a permission, the key, too many requests), and, after all others were read, an error
 * that counts the parents that are owed.
 */
export async function* callBatches(query: CallsQuery, work: CallsWork, world: SourceWorld): Batches {
  const run = new Run(query, work, world);
  yield* run.batches();
}

class Run {
  readonly #query: CallsQuery;
  readonly #work: CallsWork;
  readonly #world: SourceWorld;
  readonly #newKeys: NewKeys;
  readonly #queue: Queue;
  readonly #waiting: Iterator<Parent, unknown>;
  readonly #ready: Delivery[] = [];
  #active = 0;
  #news = deferred();
  #failuresInARow = 0;
  #lastFailure: unknown;
  /** Parents that are neither done nor remembered. */
  #open = 0;
  #fatal: { reason: unknown } | undefined;

  constructor(query: CallsQuery, work: CallsWork, world: SourceWorld) {
    this.#query = query;
    this.#work = work;
    this.#world = world;
    this.#newKeys = new NewKeys(query.source, world.warn);
    this.#queue = new Queue(work);
    this.#waiting = this.#queue.parents();
  }

  async *batches(): Batches {
    const { owing, token } = this.#work;
    for (;;) {
      this.#startCalls();
      const delivery = this.#ready.shift();
      if (delivery) {
        delivery.finish?.();
        yield this.#batch(delivery.rows, this.#work.place(), delivery.id);
        delivery.taken();
      } else if (this.#active > 0) {
        await this.#news.promise;
        this.#news = deferred();
      } else {
        break;
      }
    }
    if (this.#fatal) {
      yield this.#batch([], this.#work.place()); // it names what was set aside since the last rows came
      throw this.#fatal.reason;
    }
    if (this.#open > 0) {
      yield this.#batch([], this.#work.place());
      throw overflowError(owing.owed + this.#open, this.#lastFailure);
    }
    if (owing.owed > 0) {
      yield this.#batch([], this.#work.placeAtEnd());
      throw owedError(owing.owed, this.#lastFailure);
    }
    yield { ...this.#batch([], this.#work.placeAtEnd()), end: { token } };
  }

  #batch(rows: readonly Row[], place: CallsPlace, parentId?: string): Batch {
    return { rows, arrivedAtMs: this.#world.now(), place, ...(parentId === undefined ? {} : { parentId }) };
  }

  #startCalls(): void {
    while (!this.#fatal && this.#active + this.#ready.length < this.#world.client.width && this.#work.hasRoom()) {
      const next = this.#waiting.next();
      if (next.done === true) return;
      this.#active += 1;
      void this.#ask(next.value).finally(() => {
        this.#active -= 1;
        this.#news.resolve();
      });
    }
  }

  /** Never rejects: a failure is set aside, or becomes everybody's. */
  async #ask(parent: Parent): Promise<void> {
    try {
      await this.#readOnce(parent).catch((failure: unknown) => {
        // A position in one parent's short list is not worth keeping: the parent is read again, once.
        if (meaningOf(failure) === 'again') return this.#readOnce(parent);
        throw failure;
      });
      this.#failuresInARow = 0;
    } catch (failure) {
      this.#setAside(parent, failure);
    }
  }

  async #readOnce({ id, tracked }: Parent): Promise<void> {
    const work = this.#work;
    let held: readonly Row[] | undefined;
    // One page is held back, since only the last one finishes the parent.
    for await (const rows of rowsOfParent(this.#query, id, { newKeys: this.#newKeys, world: this.#world })) {
      if (held) await this.#deliver({ id, rows: held });
      held = rows;
    }
    const { shortened } = this.#newKeys;
    const finish = (): void => {
      if (shortened) work.shortened(id);
      else this.#letGo(id);
      tracked.done();
    };
    await this.#deliver({ id, rows: held ?? [], finish });
  }

  /** Hands rows over; resolves when they are written. */
  #deliver(delivery: Omit<Delivery, 'taken'>): Promise<void> {
    const written = deferred();
    this.#ready.push({ ...delivery, taken: () => written.resolve() });
    this.#news.resolve();
    return written.promise;
  }

  #setAside(parent: Parent, failure: unknown): void {
    const { id, tracked, wasOwed } = parent;
    const { owing } = this.#work;
    const meaning = failure instanceof Interrupted ? 'all' : meaningOf(failure);
    if (meaning === 'all') {
      this.#fatal ??= { reason: failure };
      return;
    }
    this.#failuresInARow = meaning !== 'owed' ? 0 : this.#failuresInARow + (wasOwed ? 0 : 1);
    if (meaning === 'unknown' && this.#queue.passesOver(id)) return;
    if (meaning === 'expired') this.#letGo(id);
    else if (meaning === 'unknown') {
      if (!owing.hasRoomForGone(id)) return this.#leaveOpen(failure);
      if (this.#newKeys.shortened) this.#work.shortened(id);
      else if (owing.unknown(id)) this.#letGo(id);
    } else {
      this.#lastFailure = failure;
      if (this.#failuresInARow >= MOST_FAILURES_IN_A_ROW) this.#fatal ??= { reason: failure };
      if (!wasOwed && !owing.hasRoomForOwed) return this.#leaveOpen(failure);
      owing.failed(id);
    }
    tracked.done();
  }

  /** It cannot be remembered: the place stays in front of it, and others are read as far as the ledger goes. */
  #leaveOpen(failure: unknown): void {
    this.#open += 1;
    this.#lastFailure = failure;
  }

  /** Nothing more is to be had for this parent: it counts as read. */
  #letGo(id: string): void {
    this.#work.owing.read(id);
    this.#work.read(id);
  }
}
