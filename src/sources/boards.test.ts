import { expect, test } from '@jest/globals';
import { fakeAshby, refused, type Answer } from '../testing/fake-ashby.ts';
import { AshbyError } from '../ashby/envelope.ts';
import { idsOf } from '../testing/rows.ts';
import type { Batch } from './batch.ts';
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

/** Reads as far as it goes, and says how it ended. */
async function readUntilError(boards: readonly string[], answer: Answer) {
  const { world, asked } = fakeAshby(answer);
  const batches: Batch[] = [];
  const failure = await (async () => {
    for await (const batch of boardBatches(SOURCE, boards, world)) batches.push(batch);
  })().catch((thrown: unknown) => thrown);
  return { batches, failure, asked: asked.map(({ body }) => body['jobBoardId']) };
}
const refusing =
  (times: number, code: string, ...boards: unknown[]): Answer =>
  ({ body }) => {
    if (boards.includes(body['jobBoardId']) && times-- > 0) return refused(code);
    return { success: true, results: [{ id: `of ${String(body['jobBoardId'] ?? 'none')}` }] };
  };

test('a board that fails costs no other one its postings, and the error counts it; nothing proves an end', async () => {
  const answer = refusing(Infinity, 'missing_endpoint_permission', 'two', 'three');
  const { batches, failure } = await readUntilError(['one', 'two', 'three'], answer);
  expect(batches.map(({ rows, place, end }) => ({ ids: idsOf(rows), place, end }))).toEqual([
    { ids: ['of none', 'of one'], place: undefined, end: undefined },
  ]);
  expect(failure).toMatchObject({
    failureType: 'config_error',
    message: expect.stringMatching(/^The postings of 2 of 4 lists .* are missing/) as unknown,
  });
  expect(failure).not.toBeInstanceOf(AshbyError); // no token or cursor to begin anew without
});

test('the list without a board may be the one that fails', async () => {
  const { batches, failure } = await readUntilError(['one'], refusing(Infinity, 'invalid_input', undefined));
  expect(batches.flatMap(({ rows }) => idsOf(rows))).toEqual(['of one']);
  expect(failure).toMatchObject({ message: expect.stringContaining('1 of 2 lists') as unknown });
});

test('where no board can be read, the error is that of Ashby', async () => {
  const { batches, failure } = await readUntilError(['one'], refusing(Infinity, 'invalid_input', undefined, 'one'));
  expect(batches).toEqual([]);
  expect(failure).toMatchObject({ kind: 'bad-request' });
});

test('a request that is refused once is sent again', async () => {
  for (const code of ['invalid_input', 'next_cursor_expired']) {
    const { batches, failure, asked } = await readUntilError(['one'], refusing(1, code, 'one'));
    expect(failure).toBeUndefined();
    expect(batches[0]).toMatchObject({ end: { token: null } });
    expect(asked.filter((board) => board === 'one')).toHaveLength(2);
  }
});
