import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isSwept } from '../src/tables/lineage.ts';
import { streams } from '../src/tables/table.ts';
import { Bench, type Read, type Surroundings } from './support/bench.ts';
import { brokenRules, type Row, type StateMessage } from './support/transcript.ts';
import { keyOf, truthOf } from './support/truth.ts';

/* The table `live_keys`: a row for each key that lives, of the tables whose walks prove it, and none of the others. */

const BODY = { includeArchived: true };

interface Choice {
  mode?: 'full_refresh' | 'incremental';
  destination?: string;
}

function catalogOf(names: readonly string[], { mode = 'incremental', destination = 'append' }: Choice = {}): object {
  return {
    streams: ['live_keys', ...names].map((name) => ({
      stream: { name, json_schema: { type: 'object', properties: { id: {}, _ab_cdc_deleted_at: {} } } },
      sync_mode: name === 'live_keys' ? 'full_refresh' : mode,
      destination_sync_mode: name === 'live_keys' ? 'overwrite' : destination,
    })),
  };
}

const listed = ({ out }: Read, table: string): Row[] => out.rows('live_keys').filter((row) => row['table'] === table);
const idsOf = (rows: Iterable<Row>): string[] => [...rows].map((row) => String(row['id'])).sort();

/** Runs one after the other, each with the state of the one before. */
class Runs {
  readonly bench: Bench;
  state: StateMessage[] = [];

  constructor(bench: Bench) {
    this.bench = bench;
  }

  async run(
    names: readonly string[],
    { choice, config, ...surroundings }: { choice?: Choice; config?: Row } & Surroundings = {},
  ): Promise<Read> {
    this.bench.sim.clearRequests();
    const catalog = catalogOf(names, choice);
    const request = { streams: names, catalog, state: this.state, ...(config ? { config } : {}) };
    const read = await this.bench.readHere(request, surroundings);
    this.state = read.out.states(this.state);
    if (read.outcome === 'complete') expect(brokenRules(read.out)).toEqual([]);
    return read;
  }

  requestsTo(endpoint: string): number {
    return this.bench.sim.requests().filter((one) => one.endpoint === endpoint).length;
  }
}

describe('all tables', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start({ scale: 60 });
  });
  afterAll(() => bench.stop());

  const names = streams.map(({ name }) => name);
  const swept = streams.filter(isSwept).map(({ name }) => name);

  test.each(['full_refresh', 'incremental'] as const)(
    'in %s the keys are those that Ashby has, of each table that can be swept',
    async (mode) => {
      const runs = new Runs(bench);
      const read = await runs.run(names, { choice: { mode } });
      expect(read.outcome).toBe('complete');
      expect([...new Set(read.out.rows('live_keys').map((row) => row['table']))].sort()).toEqual([...swept].sort());
      for (const name of swept) {
        const found = listed(read, name);
        const truth = [...truthOf(bench.sim, name)].map((row) => String(row[keyOf(name)])).sort();
        expect([name, idsOf(found)]).toEqual([name, truth]);
        for (const row of found) {
          expect(row).toEqual({
            _key: `${name}:${String(row['id'])}`,
            table: name,
            id: row['id'],
            listed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
            keys_listed: found.length,
          });
        }
      }
      expect(read.out.endings()['live_keys']).toBe('COMPLETE');
    },
  );

  test('nobody is asked for anything where no table can be swept, and the log says so', async () => {
    const runs = new Runs(bench);
    const read = await runs.run(['brands']);
    expect(read.out.rows('live_keys')).toEqual([]);
    expect(read.out.logs('INFO').some((line) => line.startsWith('live_keys: no table is selected'))).toBe(true);
    expect(read.outcome).toBe('complete');
  });
});

describe('one run after the other', () => {
  const COUNT = 1_000;
  const endpoint = 'candidate.list';
  let bench: Bench;
  let runs: Runs;
  beforeAll(async () => {
    bench = await Bench.start({ scale: 100, tables: { candidate: COUNT, candidateTag: 200 } });
    runs = new Runs(bench);
  });
  afterAll(() => bench.stop());

  const names = ['candidates', 'candidate_tags'];
  const truth = (): string[] => idsOf(bench.sim.rows(endpoint));

  test('the first run walks each list once', async () => {
    const read = await runs.run(names);
    expect(idsOf(listed(read, 'candidates'))).toEqual(truth());
    expect(runs.requestsTo(endpoint)).toBe(COUNT / 100);
  });

  test('the next one reads changes and walks the list once beside, and prints no tombstone to a table that appends', async () => {
    const gone = bench.sim.remove(endpoint, 7);
    const created = bench.sim.insert(endpoint, 5);
    const read = await runs.run(names);
    expect(idsOf(read.out.rows('candidates'))).toEqual([...created].sort());
    expect(idsOf(listed(read, 'candidates'))).toEqual(truth());
    expect(idsOf(listed(read, 'candidates')).filter((id) => gone.includes(id))).toEqual([]);
    expect(runs.requestsTo(endpoint)).toBeLessThanOrEqual(COUNT / 100 + 2);
  });

  test('the rows that a run prints are as new as its walk or newer', async () => {
    bench.sim.change(endpoint, { count: 20 });
    const read = await runs.run(names);
    const [first] = listed(read, 'candidates');
    const stamps = read.out.stamped('candidates').map((row) => String(row['_ab_cdc_updated_at']));
    expect(stamps).toHaveLength(20);
    for (const stamp of stamps) expect(stamp >= String(first?.['listed_at'])).toBe(true);
  });

  test('a key that the list leaves out is living as long as Ashby does not deny it when asked', async () => {
    const gone = bench.sim.remove(endpoint, 3);
    bench.sim.fault({ kind: 'status', status: 500, endpoint: 'candidate.info', times: Infinity });
    const read = await runs.run(names);
    bench.sim.clearFaults();
    expect(idsOf(listed(read, 'candidates'))).toEqual([...truth(), ...gone].sort());
    expect(idsOf(listed(await runs.run(names), 'candidates'))).toEqual(truth());
  });

  test('a key that Ashby has no call for is living until a second walk misses it too', async () => {
    const gone = bench.sim.remove('candidateTag.list', 2);
    const left = idsOf(bench.sim.rows('candidateTag.list', BODY));
    expect(idsOf(listed(await runs.run(names), 'candidate_tags'))).toEqual([...left, ...gone].sort());
    expect(idsOf(listed(await runs.run(names), 'candidate_tags'))).toEqual(left);
  });

  test('together with tombstones the list is walked once for both', async () => {
    const own = new Runs(bench);
    const choice = { destination: 'append_dedup' };
    await own.run(names, { choice });
    const gone = bench.sim.remove(endpoint, 4);
    const read = await own.run(names, { choice });
    expect(idsOf(read.out.rows('candidates').filter((row) => row['_ab_cdc_deleted_at']))).toEqual([...gone].sort());
    expect(idsOf(listed(read, 'candidates'))).toEqual(truth());
    expect(own.requestsTo(endpoint)).toBeLessThanOrEqual(COUNT / 100 + 2);
    await runs.run(names); // what the others have to know of it
  });

  test('a table of which much is missing is left out with a warning, and its rows stay known', async () => {
    const hidden = bench.sim.hide(endpoint, COUNT / 4);
    const read = await runs.run(names);
    expect(listed(read, 'candidates')).toEqual([]);
    expect(listed(read, 'candidate_tags')).not.toEqual([]);
    expect(
      read.out.logs('WARN').filter((line) => line.startsWith('live_keys: the keys of candidates are')),
    ).toHaveLength(1);
    bench.sim.show(endpoint, hidden);
    expect(idsOf(listed(await runs.run(names), 'candidates'))).toEqual(truth());
  });

  test('a table whose walk fails is left out, and no other', async () => {
    bench.sim.fault({
      kind: 'status',
      status: 500,
      endpoint,
      where: (body) => !('syncToken' in body) && 'cursor' in body,
      times: Infinity,
    });
    const read = await runs.run(names);
    bench.sim.clearFaults();
    expect(read.outcome).toBe('failed');
    expect(listed(read, 'candidates')).toEqual([]);
    expect(idsOf(listed(read, 'candidate_tags'))).toEqual(idsOf(bench.sim.rows('candidateTag.list', BODY)));
    expect(read.out.endings()).toMatchObject({ candidates: 'INCOMPLETE', live_keys: 'COMPLETE' });
  });

  test('a run that is stopped does not claim to be complete, and the next one lists the keys though it goes on', async () => {
    const own = new Runs(bench);
    const stop = new AbortController();
    const stopped = await own.run(names, { stop: stop.signal, onLine: (_, number) => number > 300 && stop.abort() });
    expect(stopped.outcome).toBe('interrupted');
    expect(stopped.out.endings()['live_keys']).not.toBe('COMPLETE');
    expect(listed(stopped, 'candidates')).toEqual([]);
    const next = await own.run(names);
    expect(next.outcome).toBe('complete');
    expect(next.out.rows('candidates').length).toBeLessThan(COUNT);
    expect(idsOf(listed(next, 'candidates'))).toEqual(truth());
  });

  test('an expired token costs no more than the walk that follows from it', async () => {
    await runs.run(names);
    bench.sim.expireTokens();
    const read = await runs.run(names);
    expect(idsOf(listed(read, 'candidates'))).toEqual(truth());
  });
});
