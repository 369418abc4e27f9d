import { expect, test } from '@jest/globals';
import type { ListSource } from '../tables/definition.ts';
import { fakeAshby, refused, type Answer } from '../testing/fake-ashby.ts';
import { listBatches } from './list.ts';
import { EVERYTHING, type Place } from './place.ts';

const SOURCE: ListSource = {
  kind: 'list',
  endpoint: 'x.list',
  permission: 'jobsRead',
  sendsLimit: true,
  more: 'said',
  givesToken: true,
  body: { extra: true },
  newKeys: ['extra'],
};
const CHANGES: Place = { kind: 'changes', token: 't' };

async function read(start: Place, answer: Answer, source: ListSource = SOURCE) {
  const { world, asked, warnings } = fakeAshby(answer);
  const batches = [];
  for await (const { place, end } of listBatches({ source, idField: 'id', surveyType: undefined }, start, world))
    batches.push({ place, end });
  return { batches, asked: asked.map(({ body }) => body), warnings };
}
const page = (rest: object = {}): object => ({
  success: true,
  results: [{ id: 'a' }],
  moreDataAvailable: false,
  ...rest,
});
const twoPages: Answer = ({ body }) =>
  body['cursor'] === 'c' ? page({ syncToken: 'u' }) : page({ moreDataAvailable: true, nextCursor: 'c' });

test.each<[Place, string | null]>([
  [EVERYTHING, null],
  [CHANGES, 't'],
])('a walk from %j names its page, then its token', async (start, from) => {
  const { batches, asked } = await read(start, twoPages);
  expect(batches).toEqual([
    { place: { kind: 'walking', from, cursor: 'c' }, end: undefined },
    { place: { kind: 'changes', token: 'u' }, end: { token: 'u', tokenMissing: false } },
  ]);
  const first = { extra: true, limit: 100, ...(from === null ? {} : { syncToken: from }) };
  expect(asked).toEqual([first, { ...first, cursor: 'c' }]);
});

test('a walk goes on at its cursor, with the token that it started from', async () => {
  const { asked } = await read({ kind: 'walking', from: 't', cursor: 'c' }, twoPages);
  expect(asked).toEqual([{ extra: true, limit: 100, syncToken: 't', cursor: 'c' }]);
});

test.each<[Place, Place]>([
  [EVERYTHING, EVERYTHING],
  [CHANGES, CHANGES],
])('a token that is missing at the end of a walk from %j leaves %j, and is told', async (start, place) => {
  expect((await read(start, () => page())).batches).toEqual([{ place, end: { token: null, tokenMissing: true } }]);
});

test('a list that gives no token misses none', async () => {
  const { batches } = await read(EVERYTHING, () => page({ syncToken: 'u' }), { ...SOURCE, givesToken: false });
  expect(batches).toEqual([{ place: EVERYTHING, end: { token: null, tokenMissing: false } }]);
});

test('a walk without a key that Ashby does not know leaves no token, since the next one would leave out the same', async () => {
  const short: Answer = ({ body }) => ('extra' in body ? refused('invalid_input', 'extra') : page({ syncToken: 'u' }));
  const { batches, asked, warnings } = await read(CHANGES, short);
  expect(batches).toEqual([{ place: EVERYTHING, end: { token: null, tokenMissing: false, shortened: true } }]);
  expect(asked.map((body) => 'extra' in body)).toEqual([true, true, false]);
  expect(warnings).toEqual([expect.stringContaining('"extra"')]);
});

test('a row without its id is damage', async () => {
  const nameless: Answer = () => page({ results: [{ id: 'a' }, { id: '' }] });
  await expect(read(EVERYTHING, nameless)).rejects.toMatchObject({ kind: 'passing' });
});
