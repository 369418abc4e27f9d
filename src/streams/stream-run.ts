import { newMeter, type Meter } from '../ashby/client.ts';
import type { Row } from '../ashby/envelope.ts';
import type { RowBytes } from '../ashby/row-bytes.ts';
import { Interrupted, toConnectorError, type ConnectorError } from '../errors.ts';
import type { Clock } from '../http/clock.ts';
import { encodeState } from '../protocol/encode.ts';
import type { SyncMode } from '../protocol/messages.ts';
import type { Output } from '../protocol/output.ts';
import { isIncremental, STAMP_FIELD, type StreamDefinition } from './definition.ts';
import type { DriftCheck } from './drift.ts';
import { StampClock } from './stamp.ts';
import { STATE_VERSION, type PassState, type StreamState } from './state.ts';

/** A state follows when this many rows have been written since the last; a page of 100 more still makes 1,000. */
const ROWS_BETWEEN_STATES = 900;
/** Rows are written in groups of this many, so that a state can come between them also in an unpaged list. */
const GROUP = 100;
/** A run that is cut off reads at most this many rows again, or those of one page (of one page of parents, for a child). */
const MOST_ROWS_AT_RISK = 1_000;
const STATE_INTERVAL_MS = 30_000;
const PROGRESS_INTERVAL_MS = 60_000;

export interface StreamRunOptions {
  stream: StreamDefinition;
  syncMode: SyncMode;
  /** What the run before left; passes that are not continued are dropped by their readers. */
  state: StreamState;
  output: Output;
  clock: Clock;
  drift: DriftCheck;
}

/**
 * One selected stream during one run: the only place that writes its records, states and statuses, so that counts
 * and order are right whoever reads for it. A checkpoint covers what was written before it, never more.
 */
export class StreamRun {
  readonly stream: StreamDefinition;
  readonly syncMode: SyncMode;
  readonly meter: Meter = newMeter();
  /** Rows written so far. */
  rows = 0;
  /** Pages of lists that were taken in. */
  pages = 0;
  /** How the stream was read and why, for the report. */
  readonly how = new Set<string>();

  readonly #output: Output;
  readonly #clock: Clock;
  readonly #drift: DriftCheck;
  readonly #record: ReturnType<Output['records']>;
  readonly #stamps: StampClock | undefined;
  readonly #passes: Record<string, PassState>;
  readonly #warned = new Set<string>();
  #status: 'waiting' | 'started' | 'running' | 'ended' = 'waiting';
  #rowsSinceState = 0;
  /** Rows written since the place where the stream stands, and since the place that the last state names. */
  #rowsSincePlace = 0;
  #rowsAtRisk = 0;
  #lastState = '';
  #passesAtStart = '';
  #stateAt: number;
  #progressAt: number;

  constructor(options: StreamRunOptions) {
    this.stream = options.stream;
    this.syncMode = options.syncMode;
    this.#output = options.output;
    this.#clock = options.clock;
    this.#drift = options.drift;
    this.#record = options.output.records(options.stream.name);
    this.#stamps = isIncremental(options.stream) ? new StampClock(options.state.stamp) : undefined;
    this.#passes = { ...options.state.passes };
    this.#stateAt = this.#progressAt = options.clock.elapsed();
  }

  /** What is remembered of the list `key`; readers replace it as they go on. */
  pass(key: string): PassState | undefined {
    return this.#passes[key];
  }

  setPass(key: string, pass: PassState): void {
    this.#passes[key] = pass;
    this.#rowsSincePlace = 0;
  }

  /** Forgets lists that the stream no longer has. */
  keepPasses(keys: readonly string[]): void {
    for (const key of Object.keys(this.#passes)) if (!keys.includes(key)) delete this.#passes[key];
  }

  info(message: string): void {
    this.#output.log('INFO', `${this.stream.name}: ${message}`);
  }

  /** Each warning is given once. */
  warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#output.log('WARN', `${this.stream.name}: ${message}`);
  }

  start(): void {
    if (this.#status !== 'waiting') return;
    this.#status = 'started';
    this.#passesAtStart = JSON.stringify(this.#passes);
    this.#stateAt = this.#progressAt = this.#clock.elapsed();
    this.#output.status(this.stream.name, 'STARTED');
  }

  /** Says that Ashby's limit holds the stream up until `untilMs`; its next record clears it. */
  rateLimited(untilMs: number): void {
    if (this.#status === 'started' || this.#status === 'running')
      this.#output.status(this.stream.name, 'RUNNING', untilMs);
  }

  /**
   * Writes rows, with a state between them where one is due. Resolves when the reader is ready for more.
   * `arrivedAtMs` is when their page arrived, wall-clock milliseconds; `bytes` are the rows as they came, if nothing
   * was changed in them.
   */
  async write(rows: readonly Row[], arrivedAtMs: number, bytes?: RowBytes): Promise<void> {
    for (let first = 0; first < rows.length; first += GROUP) {
      this.#running();
      const group = rows.slice(first, first + GROUP);
      this.#limitRisk(group.length);
      const emittedAt = Math.floor(this.#clock.now());
      for (const [index, row] of group.entries()) {
        this.#drift(row);
        const suffix = this.#stamps ? `"${STAMP_FIELD}":"${this.#stamps.next(arrivedAtMs)}"` : '';
        this.#record(row, { suffix, emittedAt }, bytes?.at(first + index));
      }
      this.rows += group.length;
      this.#rowsSinceState += group.length;
      this.#rowsSincePlace += group.length;
      this.#rowsAtRisk += group.length;
      await this.#output.ready();
      if (first + GROUP < rows.length) this.checkpointIfDue();
    }
    this.#progress();
  }

  /** Prints the state if enough was written or enough time has gone by, and if it says something new. */
  checkpointIfDue(): void {
    if (!this.#stamps) return; // nothing of a whole list can be gone on with
    const due =
      this.#rowsSinceState >= ROWS_BETWEEN_STATES || this.#clock.elapsed() - this.#stateAt >= STATE_INTERVAL_MS;
    if (due) this.#checkpoint();
  }

  /** The stream was read to its end: the last state, then COMPLETE. */
  complete(): void {
    this.#running();
    this.#checkpoint();
    this.#output.status(this.stream.name, 'COMPLETE');
    this.#status = 'ended';
  }

  /** The stream cannot be read to its end. What was written is covered by a state first. Returns the error to report. */
  fail(thrown: unknown): ConnectorError {
    const error = toConnectorError(thrown);
    this.start();
    this.interrupt();
    this.#output.log(
      'ERROR',
      `${this.stream.name}: ${error.message}${error.internalMessage === undefined ? '' : ` [${error.internalMessage}]`}`,
    );
    this.#output.status(this.stream.name, 'INCOMPLETE');
    this.#status = 'ended';
    return error;
  }

  /** The run stops here: what was written and can be gone on with is covered by a last state. */
  interrupt(): void {
    if (!this.#stamps || this.#status === 'waiting' || this.#status === 'ended') return;
    if (this.#rowsSinceState === 0 && JSON.stringify(this.#passes) === this.#passesAtStart) return;
    this.#running();
    this.#checkpoint();
  }

  #running(): void {
    this.start();
    if (this.#status !== 'started') return;
    this.#status = 'running';
    this.#output.status(this.stream.name, 'RUNNING');
  }

  #checkpoint(): void {
    const state = this.#state();
    const text = JSON.stringify(state);
    this.#stateAt = this.#clock.elapsed();
    if (text === this.#lastState) return;
    this.#lastState = text;
    this.#output.line(encodeState(this.stream.name, state, this.#rowsSinceState));
    this.#rowsSinceState = 0;
    this.#rowsAtRisk = this.#rowsSincePlace;
  }

  /** A state in the midst of a page names the place before it; so the rows at risk are counted from places, not states. */
  #limitRisk(coming: number): void {
    if (!this.#stamps || this.#rowsSincePlace === this.#rowsAtRisk) return;
    if (this.#rowsAtRisk + coming > MOST_ROWS_AT_RISK) this.#checkpoint();
  }

  #state(): object {
    if (!this.#stamps) return { version: STATE_VERSION, completed_at: new Date(this.#clock.now()).toISOString() };
    const stamp = this.#stamps.last;
    const state: StreamState = {
      version: STATE_VERSION,
      ...(stamp === undefined ? {} : { stamp }),
      passes: this.#passes,
    };
    return state;
  }

  #progress(): void {
    if (this.#clock.elapsed() - this.#progressAt < PROGRESS_INTERVAL_MS) return;
    this.#progressAt = this.#clock.elapsed();
    this.info(`${this.rows.toLocaleString('en-US')} rows so far.`);
  }
}

/** Whether what was thrown means that the run was told to stop. */
export function isInterruption(thrown: unknown): thrown is Interrupted {
  return thrown instanceof Interrupted;
}
