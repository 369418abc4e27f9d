import type { Row } from '../ashby/envelope.ts';
import { deferred } from '../deferred.ts';
import type { EmbeddedStream } from './definition.ts';
import type { PassPage } from './lists.ts';
import type { Consumer } from './pass.ts';
import type { PassState, Position } from './state.ts';
import type { StreamRun } from './stream-run.ts';

/** Turns the rows of a page into the rows of a table; what comes back is the same list where every row stays as it is. */
export type RowsOf = (rows: readonly Row[]) => readonly Row[];

/** The rows inside each row of a parent's list, such as the events of a schedule. */
export function embeddedRows(stream: EmbeddedStream): RowsOf {
  return (parents) =>
    parents.flatMap((parent) => {
      const inside = parent[stream.field];
      if (!Array.isArray(inside)) return [];
      return inside
        .filter((row): row is Row => typeof row === 'object' && row !== null)
        .map((row) => ({ ...row, [stream.parentIdField]: row[stream.parentIdField] ?? parent['id'] }));
    });
}

/** The state of a pass that stands at `position`: between passes, at the beginning of one, or in the midst of it. */
export function passStateAt(fingerprint: string, token: string | undefined, position: Position | undefined): PassState {
  const kept = token === undefined ? {} : { token };
  if (!position || position.cursor === null) return { fingerprint, ...kept };
  const { from, cursor, head } = position;
  return { fingerprint, ...kept, running: { from, cursor, ...(head === undefined ? {} : { head }) } };
}

/** The warning for a last page that brought no sync token; `kept` is the old one, if there is one. */
export function noToken(kept: string | undefined): string {
  return `Ashby sent no sync token with the last page; ${kept === undefined ? 'the next run reads everything again' : 'the old one is kept'}.`;
}

export interface TableConsumerOptions {
  run: StreamRun;
  /** The list's name in the stream's state. */
  key: string;
  fingerprint: string;
  /** Where the pass starts. */
  start: Position;
  rowsOf: RowsOf;
}

/** Writes the rows of a pass as they come, and moves the stream's state on behind them. */
export class TableConsumer implements Consumer {
  readonly done: Promise<void>;
  finished = false;
  readonly #options: TableConsumerOptions;
  readonly #settle: { resolve(): void; reject(error: unknown): void };
  #from: string | null;

  constructor(options: TableConsumerOptions) {
    this.#options = options;
    this.#from = options.start.from;
    const { promise, resolve, reject } = deferred();
    this.done = promise;
    promise.catch(() => undefined); // awaited once the pass has ended; until then it must not count as unhandled
    this.#settle = { resolve, reject };
  }

  async page({ rows, bytes, arrivedAtMs, next }: PassPage): Promise<void> {
    const { run, rowsOf } = this.#options;
    run.pages += 1;
    const own = rowsOf(rows);
    await run.write(own, arrivedAtMs, own === rows ? bytes : undefined);
    if (next === undefined) return; // the state of the end comes with `end`
    this.#moveTo(next);
    run.checkpointIfDue();
  }

  restart(position: Position, why: string): Promise<void> {
    const { run } = this.#options;
    run.warn(why);
    run.how.add(why);
    this.#moveTo(position);
    return Promise.resolve();
  }

  end(token: string | undefined): Promise<void> {
    const { run, key, fingerprint } = this.#options;
    const kept = token ?? this.#from ?? undefined;
    if (token === undefined && run.stream.strategy !== 'snapshot' && run.stream.strategy !== 'append')
      run.warn(noToken(kept));
    run.setPass(key, passStateAt(fingerprint, kept, undefined));
    return this.#finish(() => this.#settle.resolve());
  }

  fail(thrown: unknown): Promise<void> {
    return this.#finish(() => this.#settle.reject(thrown));
  }

  #moveTo(position: Position): void {
    this.#from = position.from;
    const { run, key, fingerprint } = this.#options;
    run.setPass(key, passStateAt(fingerprint, position.from ?? undefined, position));
  }

  #finish(settle: () => void): Promise<void> {
    this.finished = true;
    settle();
    return Promise.resolve();
  }
}
