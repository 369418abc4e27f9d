import { describe, expect, test } from '@jest/globals';
import { idsOf, rowsOf } from '../testing/rows.ts';
import type { ListAnswer } from './envelope.ts';
import { paginate } from './paginate.ts';

function answer(id: number, rest: Partial<ListAnswer> = {}): ListAnswer {
  const nothing = { moreDataAvailable: undefined, nextCursor: undefined, syncToken: undefined };
  return { rows: rowsOf([{ id }]), ...nothing, ...rest };
}

type Check = (answer: ListAnswer) => string | undefined;

/** What the client does with an answer that stays damaged. */
function checked(page: ListAnswer, check: Check): Promise<ListAnswer> {
  const why = check(page);
  return why === undefined ? Promise.resolve(page) : Promise.reject(new Error(why));
}

/** A list given as answers by cursor, and what was asked of it. */
function list(pages: Record<string, ListAnswer | Error>) {
  const asked: string[] = [];
  const ask = (cursor: string | undefined, check: Check): (() => Promise<ListAnswer>) => {
    const key = cursor ?? 'start';
    asked.push(key);
    const page = pages[key] ?? new Error(`nobody may ask for ${key}`);
    return () => (page instanceof Error ? Promise.reject(page) : checked(page, check));
  };
  return { ask, asked };
}

async function walk(pages: Record<string, ListAnswer | Error>, startCursor?: string) {
  const { ask, asked } = list(pages);
  const ids: unknown[] = [];
  let token: string | undefined;
  for await (const page of paginate({ ask, endpoint: 'x.list', startCursor })) {
    ids.push(...idsOf(page.rows));
    token = page.syncToken;
  }
  return { ids, asked, token };
}

describe('paginate', () => {
  test('a list ends when there is no more data, whatever cursor comes with it', async () => {
    const pages = {
      start: answer(1, { moreDataAvailable: true, nextCursor: 'a' }),
      a: answer(2, { moreDataAvailable: false, nextCursor: 'b', syncToken: 't' }),
    };
    expect(await walk(pages)).toEqual({ ids: [1, 2], asked: ['start', 'a'], token: 't' });
  });

  test('an empty page in the middle does not end it', async () => {
    const pages = {
      start: answer(1, { rows: [], moreDataAvailable: true, nextCursor: 'a' }),
      a: answer(2, { moreDataAvailable: false }),
    };
    expect((await walk(pages)).ids).toEqual([2]);
  });

  test('without moreDataAvailable a cursor goes on and no cursor ends', async () => {
    expect((await walk({ start: answer(1, { nextCursor: 'a' }), a: answer(2) })).ids).toEqual([1, 2]);
  });

  test('a token on a page that is not the last is not handed out', async () => {
    const pages = {
      start: answer(1, { moreDataAvailable: true, nextCursor: 'a', syncToken: 'early' }),
      a: answer(2, { moreDataAvailable: false }),
    };
    expect((await walk(pages)).token).toBeUndefined();
  });

  test('twenty empty pages that promise more are no list that will end; nineteen before a row are', async () => {
    const empty = (pages: number) =>
      Object.fromEntries(
        Array.from({ length: pages }, (_, n) => [
          n === 0 ? 'start' : `p${n}`,
          answer(0, { rows: [], moreDataAvailable: true, nextCursor: `p${n + 1}` }),
        ]),
      );
    const last = answer(7, { moreDataAvailable: false });
    await expect(walk({ ...empty(20), p20: last })).rejects.toThrow('20 pages without a row');
    expect((await walk({ ...empty(19), p19: last })).ids).toEqual([7]);
  });

  test('a walk starts at a given cursor', async () => {
    expect((await walk({ a: answer(2, { moreDataAvailable: false }) }, 'a')).asked).toEqual(['a']);
  });

  test.each([
    [
      'a cursor that was just used',
      {
        start: answer(1, { moreDataAvailable: true, nextCursor: 'a' }),
        a: answer(2, { moreDataAvailable: true, nextCursor: 'a' }),
      },
      /a nextCursor that was there before/,
    ],
    [
      'a cursor that was used two pages ago',
      {
        start: answer(1, { moreDataAvailable: true, nextCursor: 'a' }),
        a: answer(2, { moreDataAvailable: true, nextCursor: 'b' }),
        b: answer(3, { moreDataAvailable: true, nextCursor: 'a' }),
      },
      /a nextCursor that was there before/,
    ],
  ])('%s is an error that says so', async (_case, pages, message) => {
    await expect(walk(pages)).rejects.toThrow(message);
  });

  test.each([
    ['leads to itself', 700, 700, 701],
    ['leads to the first', 700, 1, 2_800],
    ['leads to one in the middle', 700, 600, 2_800],
  ])('however long the list is, a page that %s is noticed', async (_case, pages, back, most) => {
    let asked = 0;
    const ask = (cursor: string | undefined, check: Check) => () => {
      asked += 1;
      if (asked > 10 * pages) throw new Error('it goes round for ever');
      const page = Number(cursor ?? 0);
      const next = page === pages ? back : page + 1;
      return checked(answer(page, { moreDataAvailable: true, nextCursor: String(next) }), check);
    };
    const walkAll = async (): Promise<void> => {
      for await (const _page of paginate({ ask, endpoint: 'x.list' }));
    };
    await expect(walkAll()).rejects.toThrow(/a nextCursor that was there before/);
    expect(asked).toBeLessThanOrEqual(most);
  });

  test('the next page is asked for before the current one is handed out, and no further one', async () => {
    const more = (cursor: string) => answer(0, { moreDataAvailable: true, nextCursor: cursor });
    const { ask, asked } = list({ start: more('a'), a: more('b'), b: more('c') });
    const pages = paginate({ ask, endpoint: 'x.list' });
    await pages.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(['start', 'a']);
    await pages.return();
  });

  test('a reader that does not look ahead asks for nothing that it does not want', async () => {
    const { ask, asked } = list({ start: answer(1, { moreDataAvailable: true, nextCursor: 'a' }) });
    const pages = paginate({ ask, endpoint: 'x.list', ahead: false });
    await pages.next();
    await pages.return();
    expect(asked).toEqual(['start']);
  });

  test("a failure of a page that nobody takes any more is nobody's problem", async () => {
    const { ask } = list({ start: answer(1, { moreDataAvailable: true, nextCursor: 'a' }), a: new Error('too late') });
    const pages = paginate({ ask, endpoint: 'x.list' });
    await pages.next();
    await pages.return();
    await new Promise((resolve) => setImmediate(resolve));
  });

  test.each([2, 3, 7])('%i pages that come in turns under ever new cursors are noticed as a circle', async (length) => {
    let asked = 0;
    const ask = (_cursor: string | undefined, check: Check): (() => Promise<ListAnswer>) => {
      const page = answer(asked % length, { moreDataAvailable: true, nextCursor: `new ${(asked += 1)}` });
      return () => checked(page, check);
    };
    const walking = async (): Promise<void> => {
      for await (const _page of paginate({ ask, endpoint: 'x.list' }));
    };
    await expect(walking()).rejects.toThrow('the same pages again and again');
    expect(asked).toBeLessThanOrEqual(8 * length + 2);
  });

  test('a page that comes once more by a slip does not end the list', async () => {
    const again = (cursor: string): ListAnswer => answer(1, { moreDataAvailable: true, nextCursor: cursor });
    const pages = { start: again('a'), a: again('b'), b: answer(2, { moreDataAvailable: false }) };
    expect((await walk(pages)).ids).toEqual([1, 1, 2]);
  });

  test('a last page with the rows of the page before it ends the list', async () => {
    const pages = {
      start: answer(1, { moreDataAvailable: true, nextCursor: 'a' }),
      a: answer(1, { moreDataAvailable: false }),
    };
    expect((await walk(pages)).ids).toEqual([1, 1]);
  });
});
