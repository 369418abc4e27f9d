import { expect, test } from '@jest/globals';
import type { CallsSource } from '../../tables/definition.ts';
import { fakeAshby, refused, type Answer } from '../../testing/fake-ashby.ts';
import { idsOf } from '../../testing/rows.ts';
import { callBatches } from './calls.ts';
import { Owing } from './owing.ts';
import type { CallsWork } from './work.ts';

const SOURCE: CallsSource = {
  kind: 'calls',
  parent: 'candidates',
  endpoint: 'x.list',
  permission: 'candidatesRead',
  parameter: 'parentId',
  answer: 'pages',
  more: 'said',
  follow: 'changed',
};
const OBJECT: CallsSource = { ...SOURCE, answer: 'object', echo: 'id' };

/** Notes in which order parents are begun, done and read. */
function workOn(ids: readonly string[]) {
  const told: string[] = [];
  const owing = new Owing({});
  const work: CallsWork = {
    ids,
    named: new Set(),
    owing,
    track: (id) => ({ done: () => void told.push(`done ${id}`) }),
    hasRoom: () => true,
    read: (id) => void told.push(`read ${id}`),
    shortened: (id) => owing.again(id),
    place: () => ({ kind: 'calls', from: 't', ...owing.parts() }),
    placeAtEnd: () => ({ kind: 'calls', from: 'u', ...owing.parts() }),
    token: 'u',
  };
  return { work, told };
}

async function read(ids: readonly string[], answer: Answer, source = SOURCE) {
  const { world, asked } = fakeAshby(answer);
  const { work, told } = workOn(ids);
  const batches: unknown[][] = [];
  let thrown: unknown;
  try {
    for await (const { rows } of callBatches({ source, idField: 'id', parentIdField: 'parentId' }, work, world)) {
      told.push(`rows ${idsOf(rows).join()}`);
      batches.push(idsOf(rows));
    }
  } catch (failure) {
    thrown = failure;
  }
  return { batches, told, thrown, asked: asked.map(({ body }) => body), owed: work.owing.parts() };
}
const page = (id: string, nextCursor?: string): object => ({
  success: true,
  results: [{ id }],
  moreDataAvailable: nextCursor !== undefined,
  ...(nextCursor === undefined ? {} : { nextCursor }),
});

test('a parent is done with its last page, not before', async () => {
  const { told, asked } = await read(['a'], ({ body }) => (body['cursor'] === 'c' ? page('2') : page('1', 'c')));
  expect(told).toEqual(['rows 1', 'read a', 'done a', 'rows 2', 'rows ']);
  expect(asked).toEqual([
    { limit: 100, parentId: 'a' },
    { limit: 100, parentId: 'a', cursor: 'c' },
  ]);
});

test('a position that is lost makes the parent be read again, once', async () => {
  let lost = 1;
  const answer: Answer = ({ body }) => {
    if (body['cursor'] === undefined) return page('1', 'c');
    return lost-- > 0 ? refused('invalid_next_cursor') : page('2');
  };
  const once = await read(['a'], answer);
  expect([once.thrown, once.owed]).toEqual([undefined, {}]);
  expect(once.batches.flat()).toEqual(['1', '2']);
  lost = Infinity;
  const always = await read(['a'], answer);
  expect(always.owed).toEqual({ owed: ['a'] });
  expect(always.asked).toHaveLength(4);
});

test.each<[string, CallsSource, object]>([
  ['a row of another parent', SOURCE, { ...page('1'), results: [{ id: '1', parentId: 'b' }] }],
  ['a row without its id', SOURCE, { ...page('1'), results: [{}] }],
  ['another object than asked for', OBJECT, { success: true, results: { id: 'b' } }],
])('%s is damage: the parent is owed', async (_what, source, answer) => {
  expect((await read(['a'], () => answer, source)).owed).toEqual({ owed: ['a'] });
});

test('an object is a row', async () => {
  const { batches } = await read(['a'], ({ body }) => ({ success: true, results: { id: body['parentId'] } }), OBJECT);
  expect(batches).toEqual([['a'], []]);
});

test('what concerns all calls ends them, behind a place that names who was set aside before', async () => {
  const answer: Answer = ({ body }) =>
    refused(body['parentId'] === 'a' ? 'candidate_not_found' : 'missing_endpoint_permission');
  const { thrown, told, owed } = await read(['a', 'b'], answer);
  expect(thrown).toMatchObject({ kind: 'permission' });
  expect(owed).toEqual({ gone: ['a'] });
  expect(told).toEqual(['done a', 'rows ']);
});
