import { readFileSync } from 'node:fs';
import type { Meter } from '../ashby/client.ts';
import type { FailureType } from '../errors.ts';
import type { StreamStatus } from '../protocol/messages.ts';
import type { Place } from '../sources/place.ts';
import { isObject } from '../json-text.ts';

/** A table under way, as far as the report looks at it. */
export interface Watched {
  emitter: {
    readonly name: string;
    readonly rows: number;
    readonly meter: Meter;
    readonly how: ReadonlySet<string>;
  };
  lanes: readonly { start: Place }[];
}

export type TableStatus = 'waiting' | 'running' | 'complete' | 'failed' | 'interrupted';

export interface Told {
  message: string;
  failureType: FailureType;
}

/** What `run.json` says about one table. */
interface TableReport {
  status: TableStatus;
  file: string;
  /** Of this run. */
  rows: number;
  requests: number;
  retries: number;
  how: string[];
  /** Whatever happened in Ashby before this moment is in the file; null where that is not known. */
  fresh_as_of: string | null;
  /** When the reading began that is not complete yet. */
  began_at?: string | null;
}

export type RunStatus = 'running' | 'complete' | 'failed' | 'interrupted';

interface Earlier {
  fresh_as_of: string | null;
  began_at: string | null;
  complete: boolean;
}

/** Gathers what `run.json` tells about a run. */
export class RunReport {
  readonly #version: string;
  readonly #now: () => number;
  readonly #beganAt: string;
  readonly #earlier: ReadonlyMap<string, Earlier>;
  readonly #failures: { table: string | null; message: string; failure_type: FailureType }[] = [];
  #tables: readonly Watched[] = [];

  /** `earlier`: the text of the `run.json` before, where there is one. `now` is in wall-clock milliseconds. */
  constructor({ version, now, earlier }: { version: string; now(): number; earlier: string | undefined }) {
    this.#version = version;
    this.#now = now;
    this.#beganAt = new Date(now()).toISOString();
    this.#earlier = readEarlier(earlier);
  }

  watch(tables: readonly Watched[]): void {
    this.#tables = tables;
  }

  failed(table: string | undefined, { message, failureType }: Told): void {
    this.#failures.push({ table: table ?? null, message, failure_type: failureType });
  }

  /** The text of `run.json`, as things stand; `statuses` has the last status of each table. */
  text(status: RunStatus, statuses: ReadonlyMap<string, StreamStatus>): string {
    const sum = (of: (table: Watched) => number): number => this.#tables.reduce((all, table) => all + of(table), 0);
    const report = {
      format: 1,
      connector: `source-ashby ${this.#version}`,
      status,
      began_at: this.#beganAt,
      ended_at: status === 'running' ? null : new Date(this.#now()).toISOString(),
      rows: sum(({ emitter }) => emitter.rows),
      requests: sum(({ emitter }) => emitter.meter.requests),
      retries: sum(({ emitter }) => emitter.meter.retries),
      failed: this.#failures,
      tables: Object.fromEntries(
        this.#tables.map((table) => [
          table.emitter.name,
          this.#table(table, statusOf(statuses.get(table.emitter.name), status)),
        ]),
      ),
    };
    return `${JSON.stringify(report, null, 2)}\n`;
  }

  #table({ emitter, lanes }: Watched, status: TableStatus): TableReport {
    const { name, rows, meter, how } = emitter;
    const earlier = this.#earlier.get(name);
    const goesOn = lanes.some(({ start }) => isUnfinished(start));
    // A reading that an earlier run began knows nothing of what has happened since to what was read then.
    const beganAt = goesOn ? (earlier?.complete === false ? earlier.began_at : null) : this.#beganAt;
    return {
      status,
      file: `${name}.jsonl`,
      rows,
      requests: meter.requests,
      retries: meter.retries,
      how: [...how],
      fresh_as_of: status === 'complete' ? beganAt : (earlier?.fresh_as_of ?? null),
      ...(status === 'complete' ? {} : { began_at: beganAt }),
    };
  }
}

function statusOf(status: StreamStatus | undefined, run: RunStatus): TableStatus {
  if (status === 'COMPLETE') return 'complete';
  if (status === 'INCOMPLETE') return 'failed';
  if (run !== 'running') return 'interrupted';
  return status === undefined ? 'waiting' : 'running';
}

/** Whether a place is one that a reading stopped at in its midst. */
function isUnfinished(place: Place): boolean {
  switch (place.kind) {
    case 'walking':
      return true;
    case 'journal':
      return place.window !== undefined;
    case 'calls':
      return place.walk !== undefined || place.whole === true || place.cursor !== undefined;
    case 'everything':
    case 'changes':
    case 'inbox':
      return false;
  }
}

/** The text of a file; undefined where there is none, or none that can be read: it only tells more than is needed. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What an earlier `run.json` said of each table. Whatever is not of our making says nothing. */
function readEarlier(text: string | undefined): Map<string, Earlier> {
  const found = new Map<string, Earlier>();
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    return found;
  }
  const tables = isObject(value) && isObject(value['tables']) ? value['tables'] : {};
  for (const [name, part] of Object.entries(tables)) {
    if (!isObject(part)) continue;
    const { fresh_as_of: fresh, began_at: began, status } = part;
    found.set(name, { fresh_as_of: dateOf(fresh), began_at: dateOf(began), complete: status === 'complete' });
  }
  return found;
}

function dateOf(value: unknown): string | null {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}
