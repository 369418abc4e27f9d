/** Faults on the way from page to page. */

import type { Page } from '../pager.ts';
import type { Body } from '../types.ts';
import type { FaultEffect } from './effects.ts';
import { splitRows } from './rows.ts';

const COMMA = Buffer.from(',');

/** What faults remember from one page to another. */
export class Detours {
  /** Rows that come before those of the page that a cursor leads to. */
  readonly #before = new Map<string, Buffer>();
  /** The cursor that led to the last page with an alternating cursor, by endpoint. */
  readonly #last = new Map<string, string>();

  clear(): void {
    this.#before.clear();
    this.#last.clear();
  }

  /** The page with what was held back for it. */
  arrive(page: Page, cursor: unknown): Page {
    const early = this.#before.size > 0 && typeof cursor === 'string' ? this.#before.get(cursor) : undefined;
    if (!early) return page;
    const rows = page.count === 0 ? early : Buffer.concat([early, COMMA, page.rows]);
    return { ...page, rows, count: page.count + 1 };
  }

  keep(cursor: string, row: string): void {
    this.#before.set(cursor, Buffer.from(row));
  }

  /** Where the page before this one was; remembers this one. */
  back(endpoint: string, here: string): string | undefined {
    const before = this.#last.get(endpoint);
    this.#last.set(endpoint, here);
    return before;
  }
}

/** The page as a fault leaves it. `body` is the request's. */
export function spoil(page: Page, o: { effect: FaultEffect; endpoint: string; body: Body; detours: Detours }): Page {
  const { nextCursor, syncToken: _token, ...bare } = page;
  const { cursor } = o.body;
  const here = page.here ?? '';
  switch (o.effect.kind) {
    case 'missingCursor':
      return { ...bare, more: true };
    case 'repeatedCursor':
      return { ...bare, more: true, nextCursor: typeof cursor === 'string' ? cursor : here };
    case 'alternatingCursor':
      return { ...bare, more: true, nextCursor: o.detours.back(o.endpoint, here) ?? nextCursor ?? here };
    case 'noToken':
      return page.more ? page : { ...bare, ...(nextCursor === undefined ? {} : { nextCursor }) };
    case 'emptyPage':
      return { rows: Buffer.alloc(0), count: 0, more: true, nextCursor: here };
    case 'movedRow':
    case 'rowAgain': {
      const rows = splitRows(page.rows);
      const last = rows.at(-1);
      if (!page.more || nextCursor === undefined || last === undefined) return page;
      o.detours.keep(nextCursor, last);
      if (o.effect.kind === 'rowAgain') return page;
      return { ...page, rows: Buffer.from(rows.slice(0, -1).join(',')), count: rows.length - 1 };
    }
    default:
      return page;
  }
}
