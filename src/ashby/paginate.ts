import { ConnectorError } from '../errors.ts';
import type { ListAnswer, Row } from './envelope.ts';

/** One page of a list: its rows by name, and beside them how the list goes on. */
export interface Page<A extends ListAnswer = ListAnswer> {
  rows: Row[];
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
   * comes back reads the answer.
   */
  ask(cursor: string | undefined): () => Promise<A>;
  /** For the error sentence. */
  endpoint: string;
  /** Where to start, if not at the beginning. */
  startCursor?: string | undefined;
  /** False asks for a page only when the reader wants it, for readers that seldom go to the end. Default true. */
  ahead?: boolean;
}

/**
 * Walks one list, page by page; the only place that decides how a list goes on. The page after the current one is
 * asked for before the current one is handed out, and never more than that one.
 *
 * The list ends when Ashby says `moreDataAvailable: false`, whatever cursor comes with it, and never on an empty
 * page. Where the answer has no `moreDataAvailable` (opening.list), it goes on if a `nextCursor` came.
 * Throws ConnectorError where more is promised without a new cursor, and whatever `ask` throws.
 */
export async function* paginate<A extends ListAnswer>(
  options: PaginateOptions<A>,
): AsyncGenerator<Page<A>, void, void> {
  const { ask, endpoint, startCursor, ahead = true } = options;
  const loop = new LoopGuard(startCursor);
  let coming: (() => Promise<A>) | undefined = ask(startCursor);
  while (coming) {
    const answer: A = await coming();
    const nextCursor = cursorAfter(answer, endpoint, loop);
    coming = nextCursor === undefined || !ahead ? undefined : ask(nextCursor);
    yield { rows: answer.rows, nextCursor, syncToken: nextCursor === undefined ? answer.syncToken : undefined, answer };
    if (nextCursor !== undefined) coming ??= ask(nextCursor);
  }
}

function cursorAfter(answer: ListAnswer, endpoint: string, loop: LoopGuard): string | undefined {
  const { moreDataAvailable, nextCursor } = answer;
  if (moreDataAvailable === false) return undefined;
  if (nextCursor === undefined) {
    if (moreDataAvailable === undefined) return undefined;
    throw brokenPaging(`${endpoint} said that there are more rows but not where (no nextCursor)`);
  }
  if (loop.closesWith(nextCursor))
    throw brokenPaging(`${endpoint} sent the same page position twice (repeated nextCursor)`);
  return nextCursor;
}

/**
 * Notices that page positions go round in a circle, with two of them in memory however long the list is: each is
 * compared with the one before it, and with a mark that moves on at twice the distance each time (Brent's way of
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

  closesWith(cursor: string): boolean {
    if (cursor === this.#last || cursor === this.#mark) return true;
    this.#last = cursor;
    this.#sinceMark += 1;
    if (this.#sinceMark === this.#distance) {
      this.#mark = cursor;
      this.#sinceMark = 0;
      this.#distance *= 2;
    }
    return false;
  }
}

function brokenPaging(what: string): ConnectorError {
  return new ConnectorError(
    `Ashby's answer is broken: ${what}, so the table cannot be read to its end. Run the sync again; if it comes back, tell Ashby's support.`,
    {
      failureType: 'transient_error',
    },
  );
}
