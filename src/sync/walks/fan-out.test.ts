import { expect, test } from '@jest/globals';
import { newMeter } from '../../ashby/client.ts';
import { deferred } from '../../async/deferred.ts';
import type { Batch } from '../../sources/batch.ts';
import { IdList } from '../../sources/id-list.ts';
import { EVERYTHING, type CallsPlace } from '../../sources/place.ts';
import type { CallsSource, TableOf } from '../../tables/definition.ts';
import { fakeAshby, refused, type Answer } from '../../testing/fake-ashby.ts';
import { FanOut } from './fan-out.ts';
import type { Parents } from './parents.ts';

const TABLE: TableOf<CallsSource> = {
  name: 'notes',
  key: ['id'],
  source: {
    kind: 'calls',
    parent: 'candidates',
    endpoint: 'x.list',
    permission: 'candidatesRead',
    parameter: 'parentId',
    answer: 'list',
    follow: 'changed',
    revisit: { everyHours: 24 },
  },
};
const oneRow: Answer = ({ body }) => ({ success: true, results: [{ id: `row of ${String(body['parentId'])}` }] });

function parentsOf(...ids: readonly string[]): Parents {
  const list = new IdList();
  for (const id of ids) list.add(id);
  list.seal();
  return { ids: list, versions: new Map() };
}

/** Calls from a place, with `members` that live on them, and what each of them was told. */
function fanOutAt(start: CallsPlace, answer: Answer, members = 1) {
  const { client, clock, asked } = fakeAshby(answer);
  const fanOut = new FanOut(TABLE, start, { client, protection: undefined, now: () => clock.now() });
  const warnings: string[] = [];
  const told = Array.from({ length: members }, () => {
    const ended = deferred();
    const one = { batches: [] as Batch[], restarts: [] as string[], end: undefined as unknown, ended: ended.promise };
    const taker = {
      begin: () => undefined,
      take: (batch: Batch) => Promise.resolve(void one.batches.push(batch)),
      restart: (_start: unknown, why: string) => void one.restarts.push(why),
      finish: (end: unknown) => ((one.end = end), ended.resolve()),
      fail: (thrown: unknown) => ((one.end = thrown), ended.resolve()),
    };
    fanOut.add({ taker, meter: newMeter(), info: () => undefined, warn: (text) => void warnings.push(text) });
    return one;
  });
  const asks = () => asked.map(({ body }) => body['parentId']);
  return { fanOut, told, asks, warnings, now: () => new Date(clock.now()).toISOString() };
}
type Told = ReturnType<typeof fanOutAt>['told'];
const lastPlace = (told: Told) => told[0]?.batches.at(-1)?.place;

test('all who live on it get the same rows, for one call each parent', async () => {
  const { fanOut, told, asks } = fanOutAt({ kind: 'calls', from: 't' }, oneRow, 2);
  fanOut.ready(parentsOf('a', 'b'), { token: 'u' });
  await Promise.all(told.map(({ ended }) => ended));
  expect([...asks()].sort()).toEqual(['a', 'b']);
  for (const { batches, end } of told) {
    expect(batches.map(({ parentId }) => parentId)).toEqual(['a', 'b', undefined]);
    expect(end).toEqual({ token: 'u' });
  }
});

test('a token that is lost when it goes on keeps what is done, and ends with the token of the first walk', async () => {
  const start: CallsPlace = { kind: 'calls', from: 't', walk: { gave: 'first', behind: 'b' } };
  const { fanOut, told, asks } = fanOutAt(start, oneRow);
  fanOut.restart(EVERYTHING, 'the token is lost');
  fanOut.ready(parentsOf('a', 'b', 'c'), { token: 'u' });
  await told[0]?.ended;
  expect(asks()).toEqual(['c']);
  expect(told[0]?.restarts).toEqual(['the token is lost']);
  expect(told[0]?.batches[0]?.place).toMatchObject({ from: null, walk: { gave: 'first', behind: 'c' } });
  expect(lastPlace(told)).toMatchObject({ from: 'first' });
});

test('a list of parents that begins again from its token changes nothing', async () => {
  const { fanOut, told } = fanOutAt({ kind: 'calls', from: 't' }, oneRow);
  fanOut.restart({ kind: 'changes', token: 't' }, 'the cursor is lost');
  fanOut.ready(parentsOf('a'), { token: 'u' });
  await told[0]?.ended;
  expect(told[0]?.batches[0]?.place).toMatchObject({ from: 't' });
});

test('when all parents were asked about, the moment is remembered; after changes it is not', async () => {
  for (const from of [null, 't']) {
    const { fanOut, told, now } = fanOutAt({ kind: 'calls', from }, oneRow);
    fanOut.ready(parentsOf('a'), { token: 'u' });
    await told[0]?.ended;
    expect(lastPlace(told)).toEqual({ kind: 'calls', from: 'u', ...(from === null ? { allAt: now() } : {}) });
  }
});

test("a token that the parents' list lacks is told, and the one before stays", async () => {
  const { fanOut, told, warnings } = fanOutAt({ kind: 'calls', from: 't' }, oneRow);
  fanOut.ready(parentsOf(), { token: null, tokenMissing: true });
  await told[0]?.ended;
  expect(warnings).toEqual([expect.stringContaining('sent no sync token')]);
  expect(lastPlace(told)).toEqual({ kind: 'calls', from: 't' });
});

test('parents that are not known are counted in one warning, and those that are let go', async () => {
  const start: CallsPlace = { kind: 'calls', from: 't', gone: ['a'] };
  const { fanOut, told, warnings } = fanOutAt(start, () => refused('candidate_not_found'));
  fanOut.ready(parentsOf('a', 'b'), { token: 'u' });
  await told[0]?.ended;
  expect(warnings).toEqual([expect.stringMatching(/did not know 2 .*, 1 of them for the second time/)]);
  expect(lastPlace(told)).toEqual({ kind: 'calls', from: 'u', gone: ['b'] });
});

test('a permission that the calls lack ends it, and nothing begins again', async () => {
  const { fanOut, told } = fanOutAt({ kind: 'calls', from: 't' }, () => refused('missing_endpoint_permission'));
  fanOut.ready(parentsOf('a'), { token: 'u' });
  await told[0]?.ended;
  expect(told[0]?.end).toMatchObject({ kind: 'permission' });
  expect(told[0]?.restarts).toEqual([]);
});
