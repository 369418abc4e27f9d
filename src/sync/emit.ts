import { newMeter, type Meter } from '../ashby/client.ts';
import type { Row } from '../ashby/rows/rows.ts';
import { toConnectorError, type ConnectorError } from '../errors.ts';
import type { Clock } from '../http/clock.ts';
import type { Output } from '../protocol/output.ts';
import type { Place } from '../sources/place.ts';
import { STAMP_FIELD } from '../tables/definition.ts';
import type { Drift } from '../tables/drift.ts';
import { Checkpoints } from './checkpoint.ts';
import { StampClock } from './stamp.ts';
import { Statuses } from './statuses.ts';
import type { SweepState } from './sweeps/sweep-state.ts';
import { stateOf, wholeState, withSweeps, type Remembered } from './state/state.ts';

/** Rows are written in groups of this many, so that a state can come between them also in an unpaged list. */
const GROUP = 100;
const PROGRESS_INTERVAL_MS = 60_000;

export interface EmitterOptions {
  /** The table's name. */
  name: string;
  /** Whether a later run can go on from the states; else they only say that the table was read. */
  incremental: boolean;
  /** The newest stamp of the run before. */
  lastStamp: string | undefined;
  /** What each of the stream's lists starts from, by its key; the only lists that its states name. */
  lists: Readonly<Record<string, Remembered>>;
  /** What a list's part of a state holds beside its place. */
  sweepOf?(key: string): SweepState | undefined;
  output: Output;
  clock: Clock;
  drift: Drift;
}

/**
 * The one writer of a stream's records, states and statuses, so that counts and order are right whoever reads for it.
 * A state covers what was written before it, never more.
 */
export class Emitter {
  readonly name: string;
  readonly meter: Meter = newMeter();
  /** Rows written so far. */
  rows = 0;
  /** Batches taken in. */
  batches = 0;
  /** How the stream was read and why, for the report. */
  readonly how = new Set<string>();

  readonly #options: EmitterOptions;
  readonly #record: ReturnType<Output['records']>;
  readonly #stamps: StampClock;
  readonly #warned = new Set<string>();
  #lists: Readonly<Record<string, Remembered>>;
  readonly #statuses: Statuses;
  #lastState = '';
  readonly #checkpoints: Checkpoints;
  #progressAt: number;

  constructor(options: EmitterOptions) {
    this.name = options.name;
    this.#options = options;
    this.#record = options.output.records(options.name);
    this.#stamps = new StampClock(options.lastStamp);
    this.#statuses = new Statuses(options.name, options.output);
    this.#lists = options.lists;
    this.#progressAt = options.clock.elapsed();
    this.#checkpoints = new Checkpoints(this.#progressAt);
  }

  info(message: string): void {
    this.#options.output.log('INFO', `${this.name}: ${message}`);
  }

  /** Each is given once. */
  warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#options.output.log('WARN', `${this.name}: ${message}`);
  }

  start(): void {
    if (!this.#statuses.start()) return;
    this.#progressAt = this.#options.clock.elapsed();
    this.#checkpoints.restart(this.#progressAt);
  }

  /** Says that Ashby's limit holds the stream up until `untilMs`; its next record clears it. */
  rateLimited(untilMs: number): void {
    this.#statuses.rateLimited(untilMs);
  }

  /**
   * Writes rows, with a state between them where one is due; then the list `key` stands at `place`, and a state
   * follows if it is time for one. Resolves when the reader is ready for more. `arrivedAtMs` is wall-clock time.
   */
  async write(
    key: string,
    { rows, arrivedAtMs, place }: { rows: readonly Row[]; arrivedAtMs: number; place: Place | undefined },
  ): Promise<void> {
    for (let first = 0; first < rows.length; first += GROUP) {
      const last = Math.min(first + GROUP, rows.length);
      this.#running();
      if (this.#options.incremental && this.#checkpoints.isDueBefore(last - first)) this.#checkpoint();
      for (const row of rows.slice(first, last)) this.#write(row, arrivedAtMs);
      await this.#options.output.ready();
      if (last < rows.length) this.#checkpointIfDue();
    }
    this.#checkpoints.batch();
    if (place) this.#reach(key, place);
    this.#checkpointIfDue();
    this.#progress();
  }

  /** The stream was read to its end: the last state, then COMPLETE. */
  complete(): void {
    this.#tellDrift();
    this.#running();
    this.#checkpoint();
    this.#statuses.end('COMPLETE');
  }

  /** The stream cannot be read to its end. What was written is covered by a state first. Returns the error to report. */
  fail(thrown: unknown): ConnectorError {
    const error = toConnectorError(thrown);
    this.start();
    this.#tellDrift();
    this.interrupt();
    const detail = error.internalMessage === undefined ? '' : ` [${error.internalMessage}]`;
    this.#options.output.log('ERROR', `${this.name}: ${error.message}${detail}`);
    this.#statuses.end('INCOMPLETE');
    return error;
  }

  /** The run stops here: what was written and can be gone on with is covered by a last state. */
  interrupt(): void {
    if (!this.#options.incremental || !this.#statuses.underWay) return;
    if (this.#checkpoints.rows === 0 && !this.#checkpoints.moved) return;
    this.#running();
    this.#checkpoint();
  }

  #write(row: Row, arrivedAtMs: number): void {
    const { drift, incremental, clock } = this.#options;
    drift.look(row.value);
    const suffix = incremental ? `"${STAMP_FIELD}":"${this.#stamps.next(arrivedAtMs)}"` : '';
    this.#record({ json: row.json, suffix, emittedAt: Math.floor(clock.now()), changes: row.changes });
    this.rows += 1;
    this.#checkpoints.row();
  }

  #reach(key: string, place: Place): void {
    const known = this.#lists[key];
    if (!known) throw new Error(`${this.name} has no list ${key}`);
    this.#lists = { ...this.#lists, [key]: { ...known, place } };
    this.#checkpoints.place();
  }

  #tellDrift(): void {
    const found = this.#options.drift.summary();
    if (found !== undefined) this.warn(found);
  }

  #running(): void {
    this.start();
    this.#statuses.running();
  }

  #checkpointIfDue(): void {
    const { incremental, clock } = this.#options;
    // Nothing of a whole list can be gone on with.
    if (incremental && this.#checkpoints.isDue(clock.elapsed())) this.#checkpoint();
  }

  #checkpoint(): void {
    this.#running();
    const state = this.#state();
    const text = JSON.stringify(state);
    this.#checkpoints.restart(this.#options.clock.elapsed());
    if (text === this.#lastState) return;
    this.#lastState = text;
    this.#options.output.state(this.name, state, this.#checkpoints.rows);
    this.#checkpoints.state(text.length);
  }

  #state(): object {
    const { incremental, clock, sweepOf } = this.#options;
    return incremental ? stateOf(this.#stamps.last, withSweeps(this.#lists, sweepOf)) : wholeState(clock.now());
  }

  #progress(): void {
    if (this.#options.clock.elapsed() - this.#progressAt < PROGRESS_INTERVAL_MS) return;
    this.#progressAt = this.#options.clock.elapsed();
    this.info(`${this.rows.toLocaleString('en-US')} rows so far.`);
  }
}
