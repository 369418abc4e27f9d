import { expect, test } from '@jest/globals';
import { fakeAshby, refused, type Answer } from '../testing/fake-ashby.ts';
import type { BoardsSource } from '../tables/definition.ts';
import { boardBatches } from './boards.ts';

const SOURCE: BoardsSource = {
  kind: 'boards',
  parent: 'job_boards',
  endpoint: 'x.list',
  permission: 'jobsRead',
  sendsLimit: false,
  more: 'said-if-at-all',
};

async function read(boards: readonly string[], answer: Answer) {
  const { world, asked } = fakeAshby(answer);
  const batches = [];
  for await (const batch of boardBatches(SOURCE, boards, world)) batches.push(batch);
  return { batches, asked: asked.map(({ body }) => body['jobBoardId']) };
}

test('asked once without a board and once for each; a posting comes once and names where it was found', async () => {
  const lists: Record<string, string[]> = { none: ['a', 'd'], one: ['a', 'b'], two: ['b', 'c'] };
  const { batches, asked } = await read(['one', 'two'], ({ body }) => ({
    success: true,
    results: (lists[String(body['jobBoardId'] ?? 'none')] ?? []).map((id) => ({ id })),
  }));
  expect([...asked].sort()).toEqual(['one', 'two', undefined]);
  expect(batches).toHaveLength(1);
  expect(batches[0]?.rows.map(({ value }) => value)).toEqual([
    { id: 'a', jobBoardIds: ['one'] },
    { id: 'd', jobBoardIds: [] },
    { id: 'b', jobBoardIds: ['one', 'two'] },
    { id: 'c', jobBoardIds: ['two'] },
  ]);
  expect(batches[0]).toMatchObject({ place: { kind: 'everything' }, end: { token: null } });
});

test('one board that fails fails all: no batch proves an end that was not reached', async () => {
  const answer: Answer = ({ body }) =>
    body['jobBoardId'] === 'two' ? refused('missing_endpoint_permission') : { success: true, results: [{ id: 'a' }] };
  await expect(read(['one', 'two'], answer)).rejects.toMatchObject({ kind: 'permission' });
});
