import { describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, boolean, integer } from 'fast-check';
import { callBatches } from '../../sources/calls/calls.ts';
import type { CallsQuery } from '../../sources/calls/one-parent.ts';
import { IdList } from '../../sources/id-list.ts';
import type { CallsPlace } from '../../sources/place.ts';
import { fakeAshby, refused, type Answer } from '../../testing/fake-ashby.ts';
import { idsOf } from '../../testing/rows.ts';
import type { Parents } from './parents.ts';
import { TokenProgress, VersionProgress } from './progress.ts';

const query: CallsQuery = {
  source: {
    kind: 'calls',
    parent: 'candidates',
    endpoint: 'x.info',
    permission: 'candidatesRead',
    parameter: 'parentId',
    answer: 'list',
    follow: 'changed',
    body: { extra: true },
    newKeys: ['extra'],
  },
  idField: 'id',
  parentIdField: undefined,
};
const START: CallsPlace = { kind: 'calls', from: 't' };

function parentsOf(ids: readonly string[], versions: Record<string, string> = {}): Parents {
  const list = new IdList();
  for (const id of ids) list.add(id);
  list.seal();
  return { ids: list, versions: new Map(Object.entries(versions)) };
}
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `p${String(n).padStart(4, '0')}`);
const oneRow: Answer = ({ body }) => ({ success: true, results: [{ id: `row of ${String(body['parentId'])}` }] });
const failing = { success: true, results: 'damaged' };

/** Runs the calls and notes the rows and places that came, and what was thrown at the end. */
async function run(work: TokenProgress | VersionProgress, answer: Answer, stopAfter = Infinity) {
  const { world, asked, warnings } = fakeAshby(answer);
  const seen: { rows: unknown[]; place: CallsPlace | undefined; end: unknown }[] = [];
  let thrown: unknown;
  try {
    for await (const { rows, place, end } of callBatches(query, work, world)) {
      seen.push({ rows: idsOf(rows), place: place?.kind === 'calls' ? place : undefined, end });
      if (seen.length >= stopAfter) break;
    }
  } catch (failure) {
    thrown = failure;
  }
  const asks = asked.map(({ body }) => body['parentId']);
  return { seen, last: seen.at(-1), asks, thrown, warnings };
}
const token = (ids: readonly string[], start: CallsPlace = START, allAt?: string) =>
  new TokenProgress({ start, parents: parentsOf(ids), token: 'u', allAt });

describe('calls for parents whose list gives a token', () => {
  test('are made for each, once, and end with the token of the walk', async () => {
    const { last, asks } = await run(token(['b', 'a']), oneRow);
    expect([...asks].sort()).toEqual(['a', 'b']);
    expect(last).toEqual({ rows: [], place: { kind: 'calls', from: 'u' }, end: { token: 'u' } });
  });

  test('go on behind their place, and end with the token of the first walk', async () => {
    const start: CallsPlace = { ...START, walk: { gave: 'first', behind: 'b' } };
    const { seen, last, asks } = await run(token(['a', 'b', 'c'], start), oneRow);
    expect(asks).toEqual(['c']);
    expect(seen[0]?.place).toEqual({ kind: 'calls', from: 't', walk: { gave: 'first', behind: 'c' } });
    expect(last).toMatchObject({ place: { kind: 'calls', from: 'first' }, end: { token: 'first' } });
  });

  test('without a token keep the one before', async () => {
    const work = new TokenProgress({ start: START, parents: parentsOf(['a']), token: null, allAt: undefined });
    expect((await run(work, oneRow)).last).toMatchObject({ place: { from: 't' }, end: { token: null } });
  });

  test('remember when all parents were asked about only when they are through', async () => {
    const before = '2025-01-01T00:00:00.000Z';
    const now = '2026-01-01T00:00:00.000Z';
    const { seen, last } = await run(token(['a'], { ...START, allAt: before }, now), oneRow);
    expect(seen[0]?.place).toMatchObject({ allAt: before, walk: { allAt: now } });
    expect(last?.place).toEqual({ kind: 'calls', from: 'u', allAt: now });
  });

  test('ask the owed first, and no parent twice', async () => {
    const start: CallsPlace = { ...START, owed: ['c'], gone: ['z'] };
    const { asks, last } = await run(token(['a', 'b', 'c'], start), oneRow);
    expect(asks.slice(0, 2)).toEqual(['c', 'z']);
    expect([...asks].sort()).toEqual(['a', 'b', 'c', 'z']);
    expect(last?.place).toEqual({ kind: 'calls', from: 'u' });
  });

  test('that fail are owed, and the others are read; the error counts them', async () => {
    const { last, thrown } = await run(token(['a', 'b', 'c']), (asked) =>
      asked.body['parentId'] === 'b' ? failing : oneRow(asked),
    );
    expect(last?.place).toEqual({ kind: 'calls', from: 'u', owed: ['b'] });
    expect(thrown).toMatchObject({ message: expect.stringContaining('the rows of 1 parent are missing') as unknown });
  });

  test('of parents that are not known ask once more in the next run, and then let go', async () => {
    const unknown: Answer = () => refused('candidate_not_found');
    const first = await run(token(['a']), unknown);
    expect(first.last?.place).toEqual({ kind: 'calls', from: 'u', gone: ['a'] });
    const second = await run(token([], first.last?.place), unknown);
    expect(second.asks).toEqual(['a']);
    expect(second.last).toMatchObject({ place: { kind: 'calls', from: 'u' }, end: { token: 'u' } });
    expect(second.last?.place).not.toHaveProperty('gone');
  });

  test('20 failures in a row are no matter of single parents', async () => {
    const { thrown, last } = await run(token(numbered(200)), () => failing);
    expect(thrown).toMatchObject({ name: 'AshbyError', kind: 'passing' });
    const owed = last?.place?.owed?.length ?? 0;
    expect(owed).toBeGreaterThanOrEqual(20);
    expect(owed).toBeLessThanOrEqual(20 + 24); // those that were under way
    expect(last?.place?.walk).toBeDefined();
  });

  test('more owed parents than can be remembered end it', async () => {
    const { thrown, last } = await run(token(numbered(900)), (asked) =>
      Number(String(asked.body['parentId']).slice(1)) % 2 === 0 ? failing : oneRow(asked),
    );
    expect(thrown).toMatchObject({ name: 'AshbyError', kind: 'passing' });
    expect(last?.place?.owed?.length).toBeGreaterThan(300);
    expect(last?.place?.owed?.length).toBeLessThan(340);
  });

  test('a permission that is missing ends it at once, and nobody is owed', async () => {
    const { thrown, last } = await run(token(numbered(50)), () => refused('missing_endpoint_permission'));
    expect(thrown).toMatchObject({ kind: 'permission' });
    expect(last?.place).toEqual({ kind: 'calls', from: 't', walk: { gave: 'u' } });
  });

  test('whatever the order in which answers come, the place covers no parent whose rows were not handed on', async () => {
    await assert(
      asyncProperty(
        array(integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 }),
        boolean(),
        async (delays, early) => {
          const ids = numbered(delays.length);
          const answer: Answer = async (asked) => {
            for (let turn = delays[ids.indexOf(String(asked.body['parentId']))] ?? 0; turn > 0; turn -= 1)
              await new Promise((resolve) => setImmediate(resolve));
            return oneRow(asked);
          };
          const { seen } = await run(token(ids), answer, early ? Math.ceil(ids.length / 2) : Infinity);
          const given = new Set<unknown>();
          for (const { rows, place, end } of seen) {
            for (const row of rows) given.add(row);
            const behind = end ? ids.at(-1) : place?.walk?.behind;
            for (const id of ids) if (behind !== undefined && id <= behind) expect(given).toContain(`row of ${id}`);
          }
          if (!early) expect(given.size).toBe(ids.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('calls for parents that say when they moved', () => {
  const versions = { a: 'v1', b: 'v1', c: 'v1' };
  const work = (start: CallsPlace, now: Record<string, string> = versions) =>
    new VersionProgress({ start, parents: parentsOf(Object.keys(now), now) });
  const FIRST: CallsPlace = { kind: 'calls', from: null };

  test('are made for all, then for those that moved or are new', async () => {
    const first = await run(work(FIRST), oneRow);
    expect([...first.asks].sort()).toEqual(['a', 'b', 'c']);
    expect(first.seen[0]?.place).toMatchObject({ whole: true });
    expect(first.last?.place).not.toHaveProperty('whole');
    const second = await run(work(first.last?.place ?? FIRST, { a: 'v1', b: 'v2', d: 'v1' }), oneRow);
    expect([...second.asks].sort()).toEqual(['b', 'd']);
    expect(second.last?.place?.seen).toHaveLength(3 * 8); // c is no longer listed
  });

  test('what was asked in a shortened form is not remembered as read', async () => {
    const short: Answer = (asked) => ('extra' in asked.body ? refused('invalid_input', 'extra') : oneRow(asked));
    const { last, warnings } = await run(work(FIRST), short);
    expect(new Set(warnings)).toEqual(new Set([expect.stringContaining('"extra"')])); // the emitter says each once
    expect(last?.place?.seen).toBe('');
    expect([...(last?.place?.gone ?? [])].sort()).toEqual(['a', 'b', 'c']);
  });
});
