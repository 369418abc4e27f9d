import { expect, test } from '@jest/globals';
import type { InboxPage } from '../../inbox/page.ts';
import type { Batch } from '../../sources/batch.ts';
import { rowsOf } from '../../testing/rows.ts';
import type { Taker } from '../walks/walk.ts';
import { Events } from './events.ts';
import { Heed } from './heed.ts';

const LOOK = { inbox: 'i', oldest: 10, newest: 20 };
const nobody = { ask: () => Promise.reject(new Error('nobody is asked')), now: () => 0 };
const from = (known: Parameters<Events['from']>[0]) => new Events(LOOK, nobody).from(known);

test('a reader goes on behind its number, and a newcomer behind what is there', () => {
  expect(from({ inbox: 'i', number: 15 })).toEqual({ number: 15 });
  expect(from({ inbox: 'i', number: 20 })).toEqual({ number: 20 });
  expect(from({ inbox: 'i', number: 9 })).toEqual({ number: 9 });
  expect([from('oldest'), from('newest')]).toEqual([{ number: 0 }, { number: 20 }]);
});

test.each<[string, { inbox: string; number: number }, number, RegExp]>([
  ['events that were deleted unread', { inbox: 'i', number: 8 }, 8, /events 9 to 9 were deleted/],
  ['another inbox', { inbox: 'j', number: 15 }, 0, /another one/],
  ['an inbox that was set back', { inbox: 'i', number: 21 }, 0, /set back: it has given out 20 numbers, and 21/],
])('%s are told', (_name, known, number, missed) => {
  expect(from(known)).toEqual({ number, missed: expect.stringMatching(missed) });
});

/** Notes what a taker is told. */
function taker() {
  const told: unknown[] = [];
  const made: Taker = {
    begin: () => undefined,
    take: ({ rows, place }: Batch) => {
      told.push([rows.map(({ value }) => value['number']), place]);
      return Promise.resolve();
    },
    restart: () => undefined,
    finish: () => void told.push('end'),
    fail: (thrown) => void told.push(String(thrown)),
  };
  return { made, told };
}

const pageOf = (numbers: readonly number[], rest: Partial<InboxPage> = {}): InboxPage => ({
  ...{ inbox: 'i', oldest: 10, newest: 20, last: 20, next: numbers.at(-1) ?? 20 },
  events: rowsOf(numbers.map((number) => ({ number }))),
  ...rest,
});

test('one walk serves all, each from its own number, and no place goes back', async () => {
  const asked: number[] = [];
  const ask = (after: number): Promise<InboxPage> => {
    asked.push(after);
    return Promise.resolve(after < 15 ? pageOf([12, 15]) : pageOf([18, 20]));
  };
  const events = new Events(LOOK, { ask, now: () => 0 });
  const [early, late] = [taker(), taker()];
  events.join(11, early.made);
  events.join(18, late.made);
  await events.run();
  const at = (number: number): object => ({ kind: 'inbox', inbox: 'i', number });
  expect(asked).toEqual([11, 15]);
  expect(early.told).toEqual([[[12, 15], at(15)], [[18, 20], at(20)], 'end']);
  expect(late.told).toEqual([[[], at(18)], [[20], at(20)], 'end']);
});

test('an inbox that did not answer fails all who wanted it, and is not asked again', async () => {
  const events = new Events({ failure: new Error('away') }, nobody);
  const one = taker();
  events.join(0, one.made);
  await events.run();
  expect(one.told).toEqual(['Error: away']);
});

const heedOf = (rest: Partial<ConstructorParameters<typeof Heed>[0]> = {}): Heed =>
  new Heed({ named: 'candidates', gone: 'candidates', startDate: undefined, known: undefined, ...rest });
const take = (heed: Heed, ...events: [number, string, unknown][]): Promise<void> =>
  heed.take({
    rows: rowsOf(events.map(([number, action, data]) => ({ number, action, body: { data } }))),
    arrivedAtMs: 0,
    place: { kind: 'inbox', inbox: 'i', number: events.at(-1)?.[0] ?? 0 },
  });

test('what was heeded is remembered when the walk has ended, what is named was asked, and what is gone was seen to', async () => {
  const heed = heedOf({ known: { inbox: 'i', number: 1 } });
  await take(heed, [2, 'applicationUpdate', { application: { id: 'a', candidate: { id: 'c' } } }]);
  await take(heed, [3, 'candidateDelete', { candidate: { id: 'd' } }]);
  expect([[...heed.ids], heed.gone()]).toEqual([['c'], ['d']]);
  const before = { inbox: 'i', number: 1 };
  heed.asked(); // before the walk has ended it proves nothing
  expect(heed.state()).toEqual(before);
  heed.finish();
  expect(heed.state()).toEqual(before);
  heed.settled([]);
  expect(heed.state()).toEqual(before);
  heed.asked();
  expect(heed.state()).toEqual({ inbox: 'i', number: 3 });
  const unsettled = heedOf({ known: before });
  await take(unsettled, [3, 'candidateDelete', { candidate: { id: 'd' } }]);
  unsettled.finish();
  unsettled.asked();
  expect(unsettled.state()).toEqual(before);
});

test('after a walk that failed everything is heeded again', async () => {
  const heed = heedOf({ known: { inbox: 'i', number: 1, open: ['x'] } });
  await take(heed, [2, 'candidateDelete', { candidate: { id: 'd' } }]);
  heed.fail(new Error('away'));
  heed.asked();
  heed.settled([]);
  await expect(heed.done).rejects.toThrow('away');
  await heed.complete;
  expect(heed.state()).toEqual({ inbox: 'i', number: 1, open: ['x'] });
});

test('a candidate that is gone by a later event is no parent any more', async () => {
  const heed = heedOf();
  await take(heed, [1, 'applicationUpdate', { application: { candidate: { id: 'c' } } }]);
  await take(heed, [2, 'candidateMerge', { deletedCandidate: { id: 'c' }, mergedCandidate: { id: 'm' } }]);
  expect([[...heed.ids], heed.gone()]).toEqual([['m'], ['c']]);
});

test('more than can be asked about in one run wait for the next one, with their events', async () => {
  const heed = heedOf({ named: undefined });
  for (let n = 1; n <= 700; n += 1) await take(heed, [n, 'candidateDelete', { candidate: { id: `c${n}` } }]);
  heed.finish();
  expect(heed.gone()).toHaveLength(600);
  heed.settled(['c7']);
  expect(heed.state()).toEqual({ inbox: 'i', number: 600, open: ['c7'] });
});

test('events of odd shape and of unknown kinds say nothing', async () => {
  const heed = heedOf();
  await take(
    heed,
    [1, 'candidateDelete', null],
    [2, 'constructor', {}],
    [3, 'candidateDelete', { candidate: { id: 5 } }],
  );
  await take(heed, [4, 'candidateDelete', { candidate: [] }], [5, 'applicationUpdate', 'text']);
  expect([heed.ids.size, heed.gone()]).toEqual([0, []]);
});
