/** The made-up organisation: sizes, ids, dates and random values from which the row builders work. */

import { Ids, roll } from './ids.ts';
import { T, tableSizes, type TableName } from './tables.ts';
import { TableState, type Clockwork } from './state.ts';

const DAY_MS = 86_400_000;
export const START_MS = Date.UTC(2021, 0, 4);
export const END_MS = Date.UTC(2026, 9, 30);
/** Rows changed through the controls were updated after this instant. */
const CHANGES_MS = Date.UTC(2026, 10, 1);

/** Remembers up to `max` results by number, then starts anew. */
export function memo<V>(max: number, make: (n: number) => V): (n: number) => V {
  let known = new Map<number, V>();
  return (n) => {
    let value = known.get(n);
    if (value === undefined) {
      if (known.size >= max) known = new Map();
      value = make(n);
      known.set(n, value);
    }
    return value;
  };
}

/** How many people write in each month of a year, beside an even year. */
const SEASON = [1.5, 1.3, 1.2, 1, 1, 0.8, 0.6, 0.5, 1.2, 1.3, 1, 0.6];

/** An instant of the data's years for a number from 0 up to 1: more from year to year, and few in summer and at Christmas. */
function seasonalMs(share: number): number {
  const even = START_MS + share ** 0.6 * (END_MS - START_MS);
  const year = new Date(even).getUTCFullYear();
  const fromMs = Date.UTC(year, 0, 1);
  const yearMs = Date.UTC(year + 1, 0, 1) - fromMs;
  let left = ((even - fromMs) / yearMs) * SEASON.reduce((sum, weight) => sum + weight, 0);
  let month = 0;
  while (month < 11 && left >= (SEASON[month] ?? 1)) left -= SEASON[month++] ?? 1;
  const at = fromMs + ((month + left / (SEASON[month] ?? 1)) / 12) * yearMs;
  return Math.floor(Math.min(END_MS, Math.max(START_MS, at)));
}

export class World {
  readonly ids: Ids;
  readonly clock: Clockwork = { seq: 1 };
  readonly #states = new Map<string, TableState>();
  readonly #vanished = new Set<string>();
  readonly #merged = new Map<number, number>();

  constructor(o: { seed: number; scale: number; tables: Record<string, number> }) {
    this.ids = new Ids(o.seed);
    const sizes = tableSizes(o.scale);
    for (const [endpoint, count] of Object.entries(o.tables)) {
      const table = endpoint.replace(/\.list$/, '');
      if (!(table in sizes)) throw new Error(`tables: ${endpoint} is not a list whose size can be set`);
      if (!Number.isInteger(count) || count < 1) throw new Error(`tables: ${endpoint} needs a positive integer`);
      sizes[table] = count;
    }
    for (const [table, count] of Object.entries(sizes)) this.#states.set(table, new TableState(count, this.clock));
  }

  state(table: TableName): TableState {
    const state = this.#states.get(table);
    if (!state) throw new Error(`${table} has no rows of its own`);
    return state;
  }

  /** Rows at the start; links point below this, so they never depend on later changes. */
  size(table: TableName): number {
    return this.state(table).baseCount;
  }

  id(table: TableName, index: number): string {
    return this.ids.id(T[table], index);
  }

  index(table: TableName, id: unknown): number {
    return this.ids.index(T[table], id);
  }

  base(table: TableName, index: number): number {
    return this.ids.base(T[table], index);
  }

  /** A row of `table` picked by a random number. */
  pick(table: TableName, random: number): number {
    return random % this.size(table);
  }

  pickId(table: TableName, random: number): string {
    return this.id(table, this.pick(table, random));
  }

  vanish(id: string): void {
    this.#vanished.add(id);
  }

  vanished(id: string): boolean {
    return this.#vanished.has(id);
  }

  /** From now on `from` is part of `into`, with all that was merged into it before. */
  merge(from: number, into: number): void {
    for (const [other, survivor] of this.#merged) if (survivor === from) this.#merged.set(other, into);
    this.#merged.set(from, into);
  }

  /** The candidate that a candidate has become; itself unless it was merged. */
  survivor(c: number): number {
    return this.#merged.size === 0 ? c : (this.#merged.get(c) ?? c);
  }

  /** Candidates that were merged into this one. */
  absorbed(c: number): number[] {
    if (this.#merged.size === 0) return [];
    return [...this.#merged].filter(([, survivor]) => survivor === c).map(([from]) => from);
  }

  /** Creation instant of a row: spread over the years, and late for rows inserted later. */
  createdMs(table: TableName, index: number): number {
    const state = this.#states.get(table);
    if (state && index >= state.baseCount)
      return state.madeAtMs(index) ?? CHANGES_MS + (index - state.baseCount) * 1000;
    const share = roll(this.base(table, index), 900) / 2 ** 32;
    return table === 'candidate' ? seasonalMs(share) : START_MS + Math.floor(share * (END_MS - START_MS));
  }

  /** Last update of a row at a version; versions come after everything made at the start. */
  updatedMs(table: TableName, index: number, version: number): number {
    const created = this.createdMs(table, index);
    if (version > 0) return Math.max(CHANGES_MS, created) + version * 60_000;
    if (created >= CHANGES_MS) return created;
    return Math.min(END_MS, created + (roll(this.base(table, index), 901) % (120 * DAY_MS)));
  }

  /** A date later than `fromMs` by up to `days`, never after the data's end unless `fromMs` is. */
  laterMs(fromMs: number, random: number, days: number): number {
    const later = fromMs + (random % (days * DAY_MS));
    return fromMs > END_MS ? fromMs : Math.min(END_MS, later);
  }
}

const dayText = memo(20_000, (n) => new Date(n * DAY_MS).toISOString().slice(0, 11));
const minuteText = Array.from({ length: 1440 }, (_, n) => new Date(n * 60_000).toISOString().slice(11, 17));
const secondText = Array.from({ length: 60 }, (_, n) => `${String(n).padStart(2, '0')}.`);
const milliText = Array.from({ length: 1000 }, (_, n) => `${String(n).padStart(3, '0')}Z`);

/** The same as Date's toISOString for instants since 1970, several times faster. */
export function iso(ms: number): string {
  const n = Math.floor(ms / DAY_MS);
  const rest = ms - n * DAY_MS;
  const minute = Math.floor(rest / 60_000);
  const inMinute = rest - minute * 60_000;
  const second = Math.floor(inMinute / 1000);
  return (
    dayText(n) +
    (minuteText[minute] as string) +
    (secondText[second] as string) +
    (milliText[inMinute - second * 1000] as string)
  );
}
export const day = (ms: number): string => iso(ms).slice(0, 10);
export { roll };
