import { AshbyError, type ListAnswer } from './envelope.ts';
import type { Row } from './rows/rows.ts';
import { passing } from './verdict.ts';

/** One page of a list: its rows by name, and beside them how the list goes on. */
export interface Page<A extends ListAnswer = ListAnswer> {
  rows: readonly Row[];
  /** The cursor of the page after this one; undefined on the last page. */
  nextCursor: string | undefined;
  /** Only the last page of a pass can carry one. */
  syncToken: string | undefined;
  /** The answer that it came in. */
  answer: A;
}

export interface PaginateOptions<A extends ListAnswer> {
  /**
   * Sends the request for the page at a cursor (undefined: the first one) and returns at once; the function that
   * comes back reads the answer. An answer of which `check` tells a damage is asked for again.
   */
  ask(cursor: string | undefined, check: (answer: ListAnswer) => string | undefined): () => Promise<A>;
  /** For the error sentence. */
  endpoint: string;
  /** Where to start, if not at the beginning. */
  startCursor?: string | undefined;
  /** False asks for a page only when the reader wants it, for readers that seldom go to the end. Default true. */
  ahead?: boolean;
}

/** So many pages without a row, each with a new cursor, are no list that will end. */
const MOST_EMPTY_PAGES = 20;
/** A page may come once more by a slip; pages that keep coming back are no list that will end. */
const MOST_REPEATS = 3;

/**
 * Walks one list, page by page; the only place that decides how a list goes on. The page after the current one is
 * asked for before the current one is handed out, and never more than that one.
 *
 * The list ends when Ashby says `moreDataAvailable: false`, whatever cursor comes with it, and never on an empty
 * page. An answer that may lack `moreDataAvailable` (the envelope knows which) goes on if a `nextCursor` came.
 * Throws AshbyError where too many empty pages follow each other, and whatever `ask` throws.
 */
export async function* paginate<A extends ListAnswer>(
  options: PaginateOptions<A>,
): AsyncGenerator<Page<A>, void, void> {
  const { ask, endpoint, startCursor, ahead = true } = options;
  const cursors = new LoopGuard(startCursor);
  const contents = new LoopGuard(undefined);
  const check = (answer: ListAnswer): string | undefined => {
    const cursor = cursorAfter(answer);
    return cursor !== undefined && cursors.closesWith(cursor) ? 'a nextCursor that was there before' : undefined;
  };
  let emptyPages = 0;
  let repeats = 0;
  let coming: (() => Promise<A>) | undefined = ask(startCursor, check);
  while (coming) {
    const answer: A = await coming();
    const nextCursor = cursorAfter(answer);
    emptyPages = answer.rows.length === 0 ? emptyPages + 1 : 0;
    if (nextCursor !== undefined && emptyPages >= MOST_EMPTY_PAGES)
      throw endless(endpoint, `${MOST_EMPTY_PAGES} pages without a row`);
    if (nextCursor !== undefined) {
      cursors.goTo(nextCursor);
      // Cursors may be made anew for each answer, so that a circle shows in nothing but the rows.
      const ids = idsOn(answer);
      if (ids !== undefined && contents.closesWith(ids)) repeats += 1;
      if (repeats >= MOST_REPEATS) throw endless(endpoint, 'the same pages again and again');
      if (ids !== undefined) contents.goTo(ids);
    }
    coming = nextCursor === undefined || !ahead ? undefined : ask(nextCursor, check);
    yield { rows: answer.rows, nextCursor, syncToken: nextCursor === undefined ? answer.syncToken : undefined, answer };
    if (nextCursor !== undefined) coming ??= ask(nextCursor, check);
  }
}

function cursorAfter({ moreDataAvailable, nextCursor }: ListAnswer): string | undefined {
  return moreDataAvailable === false ? undefined : nextCursor;
}

/** What tells a page from every other; undefined where its rows have no ids. */
function idsOn({ rows }: ListAnswer): string | undefined {
  const ids = rows.map(({ value }) => value['id']).filter((id) => typeof id === 'string' || typeof id === 'number');
  return ids.length > 0 && ids.length === rows.length ? ids.join(' ') : undefined;
}

/**
 * Notices that page positions, or pages, go round in a circle, with two of them in memory however long the list is:
 * each is compared with the one before it, and with a mark that moves on at twice the distance each time (Brent's way of
 * finding cycles). A page that leads to itself is noticed at once; any circle is, before four times as many pages were
 * asked for as the list has.
 */
class LoopGuard {
  #last: string | undefined;
  #mark: string | undefined;
  #sinceMark = 0;
  #distance = 1;

  constructor(start: string | undefined) {
    this.#last = this.#mark = start;
  }

  /** Whether a page that leads to `cursor` closes a circle. */
  closesWith(cursor: string): boolean {
    return cursor === this.#last || cursor === this.#mark;
  }

  /** The walk goes on at `cursor`. */
  goTo(cursor: string): void {
    this.#last = cursor;
    this.#sinceMark += 1;
    if (this.#sinceMark === this.#distance) {
      this.#mark = cursor;
      this.#sinceMark = 0;
      this.#distance *= 2;
    }
  }
}

function endless(endpoint: string, what: string): AshbyError {
  const verdict = passing(
    `Ashby's answer is broken: ${endpoint} sent ${what}, each promising more, so the table cannot be read to its end. Run the sync again; if it comes back, tell Ashby's support.`,
  );
  return new AshbyError(verdict, { endpoint });
}
