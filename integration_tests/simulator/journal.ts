/**
 * auditLog.list: which entries a request names, newest first. Documented: without dates the 24 hours that end now;
 * startDate alone, the 24 hours from it; both, a span of at most 18 months. A journal's order is that of its
 * instants, wherever in the table an entry lies.
 */

import type { Audit } from './data/audit.ts';
import type { TableState } from './state.ts';
import { ApiError, type Body } from './types.ts';
import { iso } from './world.ts';

/** Gives index by index of a list from a position (inclusive; -1 is the beginning) on, then -1. */
export type Walk = (body: Body, position: number) => () => number;

const DAY_MS = 86_400_000;
const MOST_MONTHS = 18;

const refused = (message: string): ApiError => new ApiError('invalid_input', message);

/** The instant that lies `months` calendar months later, on the month's last day where the day does not exist. */
function monthsLater(ms: number, months: number): number {
  const date = new Date(ms);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

/** The body with both dates spelled out; throws `invalid_input` for a span that Ashby does not read. */
export function spelledOut(body: Body, nowMs: number): Body {
  const { startDate, endDate } = body;
  if (startDate === undefined && endDate === undefined)
    return { ...body, startDate: iso(nowMs - DAY_MS), endDate: iso(nowMs) };
  // Nothing is documented about an end without a beginning; a client that relies on it is told so here.
  if (startDate === undefined) throw refused('endDate needs a startDate');
  const from = Date.parse(String(startDate));
  if (endDate === undefined) return { ...body, endDate: iso(from + DAY_MS) };
  const to = Date.parse(String(endDate));
  if (to < from) throw refused('endDate must not be before startDate');
  if (to > monthsLater(from, MOST_MONTHS))
    throw refused(`The span from startDate to endDate must not exceed ${MOST_MONTHS} months`);
  return body;
}

export class Journal {
  readonly #state: TableState;
  readonly #ms: (index: number) => number;
  #order = new Uint32Array(0);

  constructor(state: TableState, audit: Audit) {
    this.#state = state;
    this.#ms = audit.ms;
  }

  /** A step for `Listing.walk`: entries strictly between the dates (each may be absent), newest first. */
  readonly walk: Walk = (body, position) => {
    if (position >= this.#state.size) return () => -1;
    const order = this.#ordered();
    const from = body['startDate'] === undefined ? -Infinity : Date.parse(String(body['startDate']));
    const to = body['endDate'] === undefined ? Infinity : Date.parse(String(body['endDate']));
    // On the instant of a date an entry belongs to neither side: whoever does not overlap his spans loses it.
    let rank =
      (position < 0 ? this.#firstAt(order, to, -1) : this.#firstAt(order, this.#ms(position), position + 1)) - 1;
    return () => {
      const index = rank >= 0 ? (order[rank--] as number) : -1;
      return index >= 0 && this.#ms(index) > from ? index : -1;
    };
  };

  /** Number of entries that come before the instant and, within it, before the index. */
  #firstAt(order: Uint32Array, ms: number, index: number): number {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = order[middle] as number;
      const atMs = this.#ms(at);
      if (atMs < ms || (atMs === ms && at < index)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** All indexes by (instant, index). The entries of the start are in order as they are; later ones are merged in. */
  #ordered(): Uint32Array {
    const { size, baseCount } = this.#state;
    if (this.#order.length === size) return this.#order;
    const later = Array.from({ length: size - baseCount }, (_, n) => baseCount + n);
    later.sort((a, b) => this.#ms(a) - this.#ms(b) || a - b);
    const order = new Uint32Array(size);
    let base = 0;
    let next = 0;
    for (let rank = 0; rank < size; rank++) {
      const candidate = later[next];
      const takesBase = base < baseCount && (candidate === undefined || this.#ms(base) <= this.#ms(candidate));
      if (takesBase) order[rank] = base++;
      else {
        order[rank] = candidate as number; // one of both is left as long as rank < size
        next++;
      }
    }
    return (this.#order = order);
  }
}
