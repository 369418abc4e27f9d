/**
 * Gives out the values of `_ab_cdc_updated_at`: the instant at which a row's page arrived, counted on in
 * microseconds for the rows of one page. It grows strictly within a stream and from run to run, also if the clock
 * goes back, so that of two versions of a row the one read later always wins.
 */
export class StampClock {
  #lastMicros: number;
  #prefixMs = NaN;
  #prefix = '';

  /** `last` is the newest stamp of the run before. */
  constructor(last: string | undefined) {
    this.#lastMicros = stampMicros(last) ?? -1;
  }

  /** The next stamp, such as `2026-01-31T12:00:00.123004Z`. */
  next(arrivedAtMs: number): string {
    this.#lastMicros = Math.max(Math.floor(arrivedAtMs) * 1000, this.#lastMicros + 1);
    return this.#format();
  }

  /** The newest stamp given out, by this run or the one before. */
  get last(): string | undefined {
    return this.#lastMicros < 0 ? undefined : this.#format();
  }

  #format(): string {
    const ms = Math.floor(this.#lastMicros / 1000);
    if (ms !== this.#prefixMs) {
      this.#prefixMs = ms;
      this.#prefix = new Date(ms).toISOString().slice(0, -1);
    }
    return `${this.#prefix}${String(this.#lastMicros - ms * 1000).padStart(3, '0')}Z`;
  }
}

/** A stamp as microseconds since 1970; undefined where it is none, or one beyond what a number counts exactly. */
export function stampMicros(stamp: unknown): number | undefined {
  if (typeof stamp !== 'string') return undefined;
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3})(\d{3})Z$/.exec(stamp);
  if (!match) return undefined;
  const micros = Date.parse(`${match[1] ?? ''}Z`) * 1000 + Number(match[2]);
  return Number.isSafeInteger(micros) ? micros : undefined;
}
