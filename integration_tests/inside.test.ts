import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isSwept } from '../src/tables/lineage.ts';
import { streams as tables } from '../src/tables/table.ts';
import { Bench, type Read } from './support/bench.ts';
import { Store } from './support/store.ts';
import type { StateMessage } from './support/transcript.ts';
import { compare, SAME, truthOf } from './support/truth.ts';

/*
 * Tables inside rows hold what an independent unnesting of their parents gives, whatever happens to these; and they cost
 * no request of their own.
 */

const DELETED = '_ab_cdc_deleted_at';
const inside = tables.filter(({ source }) => source.kind === 'inside');
const swept = inside.filter(isSwept).map(({ name }) => name);
const names = inside.map(({ name }) => name);

function catalogOf(streams: readonly string[]): object {
  const properties = Object.fromEntries(['id', '_key', DELETED].map((name) => [name, {}]));
  return {
    streams: streams.map((name) => ({
      stream: {
        name,
        json_schema: { type: 'object', properties },
        supported_sync_modes: ['full_refresh', 'incremental'],
      },
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
    })),
  };
}

describe('through the life of their parents', () => {
  let bench: Bench;
  let state: StateMessage[] = [];
  const store = new Store();
  const lists = [
    'candidate.list',
    'application.list',
    'job.list',
    'offer.list',
    'opening.list',
    'project.list',
    'applicationFeedback.list',
    'surveySubmission.list',
    'interviewSchedule.list',
    'approval.list',
  ];

  beforeAll(async () => {
    bench = await Bench.start({ scale: 300 });
  });
  afterAll(() => bench.stop());

  async function run(): Promise<Read> {
    const read = await bench.readHere({
      streams: names,
      catalog: catalogOf(names),
      config: { find_deleted: 'every_sync' },
      state,
    });
    expect(read.outcome).toBe('complete');
    state = read.out.states(state);
    store.apply(read.out);
    return read;
  }

  const living = (name: string): object[] => store.rows(name).filter((row) => row[DELETED] === undefined);
  const differences = (among: readonly string[]): [string, unknown][] =>
    among.flatMap((name) => {
      const difference = compare(name, living(name) as never[], truthOf(bench.sim, name));
      return JSON.stringify(difference) === JSON.stringify(SAME)
        ? []
        : [[name, difference] satisfies [string, unknown]];
    });

  test('at first', async () => {
    await run();
    expect(differences(names)).toEqual([]);
  });

  test('when parents are created and changed, all but what vanished from a changed one at once', async () => {
    for (const list of lists) {
      bench.sim.insert(list, 2, { at: Date.now() });
      bench.sim.change(list, { count: 5 });
    }
    await run();
    const left = differences(swept).flatMap(([, difference]) => {
      const { unexpected: _unexpected, ...rest } = difference as typeof SAME;
      return Object.values(rest).flat();
    });
    expect(left).toEqual([]);
  });

  test('what vanished from a parent is gone after the second sweep that misses it', async () => {
    await run();
    expect(differences(swept)).toEqual([]);
  });

  test('what lay in a parent that was deleted, too', async () => {
    for (const list of lists) bench.sim.remove(list, 1);
    await run();
    await run();
    expect(differences(swept)).toEqual([]);
  });
});

test('they come without their parents, at no request more than those take', async () => {
  const bench = await Bench.start({ scale: 60 });
  const parents = [...new Set(inside.flatMap(({ source }) => ('parent' in source ? [source.parent] : [])))];
  const asked = async (streams: readonly string[]): Promise<string[]> => {
    bench.sim.clearRequests();
    const { outcome } = await bench.readHere({ streams, catalog: catalogOf(streams) });
    expect(outcome).toBe('complete');
    return bench.sim
      .requests()
      .map(({ endpoint, body }) => `${endpoint} ${JSON.stringify(body)}`)
      .sort();
  };
  const withParents = await asked(parents);
  expect(await asked(names)).toEqual(withParents);
  expect(await asked([...new Set([...parents, ...names])])).toEqual(withParents);
  await bench.stop();
});
