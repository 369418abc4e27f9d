import { Interrupted } from '../errors.ts';
import type { StreamStatus } from '../protocol/messages.ts';
import type { Terminal } from './terminal.ts';
import type { Watched } from './run-report.ts';

const EVERY_MS = 500;

export interface ProgressOptions {
  terminal: Terminal;
  clock: { elapsed(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  requestsPerMinute: number;
  /** The last status of each table. */
  statuses: ReadonlyMap<string, StreamStatus>;
}

/** Shows on a terminal how far a read has come, until `end`. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;

  constructor(tables: readonly Watched[], options: ProgressOptions) {
    this.#options = options;
    this.#done = this.#run(tables);
  }

  /** Takes the line away. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#done;
    this.#options.terminal.progress('');
  }

  async #run(tables: readonly Watched[]): Promise<void> {
    const { terminal, clock, requestsPerMinute, statuses } = this.#options;
    const startedAt = clock.elapsed();
    try {
      for (;;) {
        const elapsedMs = clock.elapsed() - startedAt;
        terminal.progress(progressText(tables, { elapsedMs, requestsPerMinute, statuses }));
        await clock.sleep(EVERY_MS, this.#ending.signal);
      }
    } catch (thrown) {
      if (!(thrown instanceof Interrupted)) throw thrown;
    }
  }
}

/** One line: tables, rows, requests, time, and how long the calls that are known to be left take at the least. */
export function progressText(
  tables: readonly Watched[],
  {
    elapsedMs,
    requestsPerMinute,
    statuses,
  }: { elapsedMs: number } & Pick<ProgressOptions, 'requestsPerMinute' | 'statuses'>,
): string {
  const sum = (of: (table: Watched) => number): string =>
    tables.reduce((all, table) => all + of(table), 0).toLocaleString('en-US');
  const open = tables.filter(({ emitter }) => !hasEnded(statuses.get(emitter.name)));
  const left = open.reduce((all, { emitter: { meter } }) => all + Math.max(0, meter.requestsDue - meter.requests), 0);
  const parts = [
    `${tables.length - open.length} of ${tables.length} tables`,
    `${sum(({ emitter }) => emitter.rows)} rows`,
    `${sum(({ emitter }) => emitter.meter.requests)} requests`,
    duration(elapsedMs),
    ...(left > 0 ? [`at least ${duration((left / requestsPerMinute) * 60_000)} left by the request limit`] : []),
  ];
  return parts.join(', ');
}

function hasEnded(status: StreamStatus | undefined): boolean {
  return status === 'COMPLETE' || status === 'INCOMPLETE';
}

/** Such as `45 s`, `3 min` or `2 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
