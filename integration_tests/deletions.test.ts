import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bench, hurriedClock, type Read } from './support/bench.ts';
import { brokenRules, type StateMessage, type Transcript } from './support/transcript.ts';

/* What is gone in Ashby is buried, and nothing else. */

const DELETED = '_ab_cdc_deleted_at';
const CANDIDATES = 2_000;

/** A configured catalog whose schemas have the columns of tombstones. */
function catalogOf(names: readonly string[], { mode = 'append_dedup', columns = [DELETED] } = {}): object {
  const properties = Object.fromEntries(['id', ...columns].map((name) => [name, {}]));
  return {
    streams: names.map((name) => ({
      stream: { name, json_schema: { type: 'object', properties }, supported_sync_modes: ['incremental'] },
      sync_mode: 'incremental',
      destination_sync_mode: mode,
    })),
  };
}

const tombstones = ({ out }: Read, stream: string): string[] =>
  out
    .rows(stream)
    .filter((row) => row[DELETED] !== undefined)
    .map((row) => String(row['id']))
    .sort();
const living = ({ out }: Read, stream: string): string[] =>
  out
    .rows(stream)
    .filter((row) => row[DELETED] === undefined)
    .map((row) => String(row['id']))
    .sort();

/** What a reader has who was cut off behind a state, for each state. */
const cutsBehindStates = (out: Transcript): Transcript[] =>
  out.messages.flatMap(({ state }, index) => (state ? [out.first(index + 1)] : []));

describe('candidates', () => {
  let bench: Bench;
  let state: StateMessage[] = [];
  beforeAll(async () => {
    bench = await Bench.start({ scale: 100, tables: { candidate: CANDIDATES } });
  });
  afterAll(() => bench.stop());

  async function run(
    config: Record<string, unknown> = { find_deleted: 'every_sync' },
    catalog = catalogOf(['candidates']),
  ): Promise<Read> {
    bench.sim.clearRequests();
    const read = await bench.readHere({ streams: ['candidates'], catalog, config, state });
    expect(read.outcome).toBe('complete');
    expect(brokenRules(read.out)).toEqual([]);
    state = read.out.states(state);
    return read;
  }

  test('the first run buries nobody, and walks the list once', async () => {
    const first = await run();
    expect(living(first, 'candidates')).toHaveLength(CANDIDATES);
    expect(tombstones(first, 'candidates')).toEqual([]);
    expect(bench.sim.requests().filter(({ endpoint }) => endpoint === 'candidate.list')).toHaveLength(CANDIDATES / 100);
  });

  test('what was deleted is buried, what was created is printed, at the cost of one walk and a call for each', async () => {
    const gone = bench.sim.remove('candidate.list', 37);
    const created = bench.sim.insert('candidate.list', 11);
    const second = await run();
    expect(tombstones(second, 'candidates')).toEqual([...gone].sort());
    expect(living(second, 'candidates')).toEqual([...created].sort());
    const listed = bench.sim.requests().filter(({ endpoint }) => endpoint === 'candidate.list').length;
    expect(listed).toBeLessThanOrEqual(CANDIDATES / 100 + 3);
    expect(bench.sim.requests().filter(({ endpoint }) => endpoint === 'candidate.info')).toHaveLength(37);
    for (const row of second.out.rows('candidates').filter((one) => one[DELETED] !== undefined))
      expect(Object.keys(row).sort()).toEqual([DELETED, 'id']);
  });

  test('a run after no change says nothing', async () => {
    expect((await run()).out.recordCounts()).toEqual({});
  });

  test('rows that were created and deleted between two sweeps are buried', async () => {
    const created = bench.sim.insert('candidate.list', 5, { at: Date.now() });
    await run({ find_deleted: 'weekly' }); // printed, and no sweep is due
    bench.sim.remove('candidate.list', created.slice(0, 3));
    expect(tombstones(await run(), 'candidates')).toEqual(created.slice(0, 3).sort());
  });

  test('rows that are hidden for a while are buried only if Ashby does not know them, and come back as living', async () => {
    const hidden = bench.sim.hide('candidate.list', 4);
    await run();
    bench.sim.show('candidate.list', hidden);
    const back = await run();
    expect(living(back, 'candidates')).toEqual([...hidden].sort());
    expect(tombstones(back, 'candidates')).toEqual([]);
  });

  test('more than a tenth is never buried, and one warning says what is likely', async () => {
    const hidden = bench.sim.hide('candidate.list', CANDIDATES / 4);
    const guarded = await run();
    expect(tombstones(guarded, 'candidates')).toEqual([]);
    expect(guarded.out.logs('WARN').filter((line) => line.includes('deletions'))).toHaveLength(1);
    bench.sim.show('candidate.list', hidden);
    expect(tombstones(await run(), 'candidates')).toEqual([]);
  });

  test('a walk that does not come to its end buries nobody', async () => {
    const gone = bench.sim.remove('candidate.list', 2);
    bench.sim.fault({
      kind: 'status',
      status: 500,
      endpoint: 'candidate.list',
      where: (body) => !('syncToken' in body) && 'cursor' in body,
      times: Infinity,
    });
    const failed = await bench.readHere({
      streams: ['candidates'],
      catalog: catalogOf(['candidates']),
      config: { find_deleted: 'every_sync' },
      state,
    });
    bench.sim.clearFaults();
    expect(failed.outcome).toBe('failed');
    expect(tombstones(failed, 'candidates')).toEqual([]);
    state = failed.out.states(state);
    expect(tombstones(await run(), 'candidates')).toEqual([...gone].sort());
  });

  test('a candidate that was merged into a living one is buried', async () => {
    const [away, into] = [...bench.sim.rows('candidate.list')].map((row) => String(row['id']));
    bench.sim.merge(String(away), String(into));
    expect(tombstones(await run(), 'candidates')).toContain(away);
  });

  test('without the column, or to a destination that keeps every row, no tombstone goes by itself', async () => {
    bench.sim.remove('candidate.list', 1);
    const before = state;
    for (const catalog of [catalogOf(['candidates'], { columns: [] }), catalogOf(['candidates'], { mode: 'append' })]) {
      state = before;
      expect(tombstones(await run({}, catalog), 'candidates')).toEqual([]);
    }
    state = before;
    expect(tombstones(await run({}, catalogOf(['candidates'], { columns: [] })), 'candidates')).toEqual([]);
  });
});

test('rows that go with their parent, and rows inside rows, are buried', async () => {
  const bench = await Bench.start({ scale: 200 });
  const streams = ['jobs', 'job_interview_plans', 'interview_schedules', 'interview_events'];
  const config = { find_deleted: 'every_sync' };
  let state: StateMessage[] = [];
  const run = async (): Promise<Read> => {
    const read = await bench.readHere({ streams, catalog: catalogOf(streams), config, state });
    expect(read.outcome).toBe('complete');
    state = read.out.states(state);
    return read;
  };
  const first = await run();
  const [job] = bench.sim.remove('job.list', 1);
  const [schedule] = bench.sim.remove('interviewSchedule.list', 1);
  const listed = new Set(
    [...bench.sim.rows('interviewSchedule.list')].flatMap((row) =>
      (row['interviewEvents'] as { id: string }[]).map(({ id }) => id),
    ),
  );
  const inside = first.out
    .rows('interview_events')
    .map((row) => String(row['id']))
    .filter((id) => !listed.has(id));
  expect(schedule).toBeDefined();
  const [second, third] = [await run(), await run()];
  const all = (name: string): string[] => [...tombstones(second, name), ...tombstones(third, name)];
  expect(all('jobs')).toEqual([job]);
  expect([second, third].flatMap(({ out }) => out.rows('job_interview_plans')).map((row) => row['jobId'])).toEqual([
    job,
  ]);
  // Ashby has no call for one schedule or one event: they are suspects first, and buried when they are missing again.
  expect(tombstones(second, 'interview_events')).toEqual([]);
  expect(inside.length).toBeGreaterThan(0);
  expect(all('interview_events').sort()).toEqual(inside.sort());
  await bench.stop();
});

describe('20,000 candidates, a week later', () => {
  const MANY = 20_000;
  const WEEK_MS = 8 * 24 * 3_600_000;
  let bench: Bench;
  let first: StateMessage[];
  beforeAll(async () => {
    bench = await Bench.start({ scale: 100, tables: { candidate: MANY } });
    first = (await run([])).out.states([]);
  }, 60_000);
  afterAll(() => bench.stop());

  const run = async (state: StateMessage[], laterMs = 0): Promise<Read> => {
    const { now, ...rest } = hurriedClock();
    const clock = { ...rest, now: () => now() + laterMs };
    const catalog = catalogOf(['candidates']);
    bench.sim.clearRequests();
    const read = await bench.readHere({ streams: ['candidates'], catalog, state }, { clock });
    expect(read.outcome).toBe('complete');
    expect(brokenRules(read.out)).toEqual([]);
    return read;
  };

  test('of 37 deleted and 11 created, exactly 37 tombstones and 11 rows come, for the list and 40 requests more', async () => {
    const gone = bench.sim.remove('candidate.list', 37);
    const created = bench.sim.insert('candidate.list', 11);
    await run(first); // no sweep is due: an ordinary run
    const ordinary = bench.sim.requests().length;
    const swept = await run(first, WEEK_MS);
    expect(tombstones(swept, 'candidates')).toEqual([...gone].sort());
    expect(living(swept, 'candidates')).toEqual([...created].sort());
    expect(bench.sim.requests().length - ordinary).toBeLessThanOrEqual(MANY / 100 + 40);
    first = swept.out.states(first);
  });

  test('of 5,000 deleted none is buried, and one warning says why', async () => {
    bench.sim.remove('candidate.list', 5_000);
    const guarded = await run(first, 2 * WEEK_MS);
    expect(tombstones(guarded, 'candidates')).toEqual([]);
    expect(guarded.out.logs('WARN').filter((line) => !line.includes('ASHBY_BASE_URL'))).toEqual([
      expect.stringContaining('of 19,974 rows, at least 5,000 are missing'),
    ]);
  });
});

describe('a run that is cut off between tombstones', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start({ scale: 100, tables: { candidate: 5_000 } });
  });
  afterAll(() => bench.stop());

  test('leaves a state from which the others come', async () => {
    const read = (state: StateMessage[]): Promise<Read> =>
      bench.readHere({
        streams: ['candidates'],
        catalog: catalogOf(['candidates']),
        config: { find_deleted: 'every_sync' },
        state,
      });
    const state = (await read([])).out.states([]);
    bench.sim.change('candidate.list', { count: 650 });
    const gone = bench.sim.remove('candidate.list', 400);
    const whole = await read(state);
    expect(tombstones(whole, 'candidates')).toEqual([...gone].sort());
    // Where a state stands in the midst of the tombstones, what comes behind it is lost.
    const cuts = cutsBehindStates(whole.out).filter((cut) => {
      const printed = tombstones({ ...whole, out: cut }, 'candidates').length;
      return printed > 0 && printed < gone.length;
    });
    expect(cuts.length).toBeGreaterThan(0);
    for (const cut of cuts) {
      const printed = tombstones({ ...whole, out: cut }, 'candidates');
      const rest = tombstones(await read(cut.states(state)), 'candidates');
      expect([...new Set([...printed, ...rest])].sort()).toEqual([...gone].sort());
    }
  }, 60_000);
});

describe('a key that loses sight of confidential jobs', () => {
  const streams = ['candidates', 'jobs', 'users'];
  const config = { find_deleted: 'every_sync' };
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start({ scale: 600, tables: { candidate: 600 } });
  });
  afterAll(() => bench.stop());

  test('buries nothing in any table, and each table with missing rows names the switch, until the rows are back', async () => {
    const read = async (state: StateMessage[]): Promise<Read> => {
      const one = await bench.readHere({ streams, catalog: catalogOf(streams), config, state });
      expect(one.outcome).toBe('complete');
      return one;
    };
    let state = (await read([])).out.states([]);
    const secret = [...bench.sim.rows('job.list', { status: ['Draft', 'Open', 'Closed', 'Archived'] })]
      .filter((row) => row['confidential'] === true)
      .map((row) => String(row['id']));
    bench.sim.hide('job.list', secret);
    // Rows of other tables go with them, and a call for one of them denies that it is there.
    const gone = bench.sim.remove('candidate.list', 3);
    const blind = await read(state);
    for (const stream of streams) expect(tombstones(blind, stream)).toEqual([]);
    const warnings = blind.out.logs('WARN').filter((line) => line.includes('confidential jobs and projects'));
    expect(warnings.map((line) => line.split(':')[0]).sort()).toEqual(['candidates', 'jobs']);
    state = blind.out.states(state);

    bench.sim.show('job.list', secret);
    const seeing = await read(state);
    expect(tombstones(seeing, 'jobs')).toEqual([]);
    expect(tombstones(seeing, 'candidates')).toEqual([...gone].sort());
  });
});
