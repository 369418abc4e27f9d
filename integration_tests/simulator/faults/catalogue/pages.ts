/** What leads from page to page, and from run to run. */

import { entries } from './entry.ts';

const wrongMore = (['true', 1, null, 'false', 0, {}] as const).map((moreDataAvailable) => ({
  name: `more-${JSON.stringify(moreDataAvailable)}`,
  does: `moreDataAvailable is ${JSON.stringify(moreDataAvailable)}.`,
  effect: { kind: 'envelope' as const, set: { moreDataAvailable } },
}));

const wrongCursors = ([42, {}, [], true, null, ''] as const).map((nextCursor) => ({
  name: `cursor-${JSON.stringify(nextCursor)}`,
  does: `nextCursor is ${JSON.stringify(nextCursor)}, and there is more.`,
  effect: { kind: 'envelope' as const, set: { nextCursor, moreDataAvailable: true } },
}));

const wrongTokens = ([42, {}, [], true, null, ''] as const).map((syncToken) => ({
  name: `token-${JSON.stringify(syncToken)}`,
  does: `syncToken is ${JSON.stringify(syncToken)}.`,
  effect: { kind: 'envelope' as const, set: { syncToken } },
  sparesRows: true as const,
}));

export const pageFaults = [
  ...entries('paging', { passes: 'once', at: 'page' }, [
    ...wrongMore,
    {
      name: 'bare',
      does: 'Success and no rows, without anything about paging.',
      effect: { kind: 'envelope', set: { results: [] }, drop: ['moreDataAvailable', 'nextCursor', 'syncToken'] },
    },
    {
      name: 'bare-with-rows',
      does: 'Success and rows, without anything about paging.',
      effect: { kind: 'envelope', drop: ['moreDataAvailable', 'nextCursor', 'syncToken'] },
    },
    {
      name: 'more-absent',
      does: 'moreDataAvailable is not there; a cursor is.',
      effect: { kind: 'envelope', drop: ['moreDataAvailable'] },
    },
    { name: 'cursor-absent', does: 'There is more, and no cursor.', effect: { kind: 'missingCursor' } },
    ...wrongCursors,
    { name: 'cursor-repeated', does: 'The cursor leads to the same page again.', effect: { kind: 'repeatedCursor' } },
  ]),
  ...entries('paging', { passes: 'always', at: 'page' }, [
    { name: 'row-moved', does: 'The last row is on the next page instead.', effect: { kind: 'movedRow' } },
    { name: 'row-again', does: 'The last row is on the next page too.', effect: { kind: 'rowAgain' } },
  ]),
  ...entries('paging', { passes: 'once', at: 'page' }, [
    {
      name: 'cursor-alternating',
      does: 'Thrown always: each page leads back to the one before it, so that two pages come in turns for ever.',
      effect: { kind: 'alternatingCursor' },
    },
    {
      name: 'page-empty',
      does: 'An empty page with a new cursor; thrown always, there is no end of them.',
      effect: { kind: 'emptyPage' },
    },
  ]),
  ...entries('paging', { passes: 'once', at: 'lastPage' }, [
    { name: 'token-absent', does: 'The last page has no sync token.', effect: { kind: 'noToken' }, sparesRows: true },
    ...wrongTokens,
    {
      name: 'more-absent-at-the-end',
      does: 'The last page does not say that it is the last.',
      effect: { kind: 'envelope', drop: ['moreDataAvailable', 'nextCursor'] },
    },
  ]),
];
