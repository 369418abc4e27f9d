import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bench } from './support/bench.ts';
import { brokenRules, type Row, type StateMessage, type Transcript } from './support/transcript.ts';
import { compare, SAME, truthOf } from './support/truth.ts';

/* Whatever is handed in as a state: no run crashes over it, and none skips a row because of it. */

const STREAMS = [
  'candidate_tags',
  'survey_submissions',
  'offers',
  'offer_details',
  'job_posting_details',
  'audit_log',
  'brands',
];
let bench: Bench;
let finished: StateMessage[];
/** States of runs that were cut off, one for each state that was printed on the way. */
const onTheWay: StateMessage[] = [];

beforeAll(async () => {
  bench = await Bench.start({ scale: 20, tables: { 'candidateTag.list': 1_150, 'auditLog.list': 120 } });
  const { out } = await bench.readHere({ streams: STREAMS });
  finished = out.states();
  for (const { state } of out.messages) if (state) onTheWay.push(state);
});
afterAll(() => bench.stop());

const stateOf = (stream: string, stream_state: unknown): unknown => ({
  type: 'STREAM',
  stream: { stream_descriptor: { name: stream }, stream_state },
});

/** Reads with a state, and expects all rows of these streams. */
async function readsAll(state: unknown, streams: readonly string[]): Promise<Transcript> {
  const { outcome, out } = await bench.readHere({ streams, state });
  expect(outcome).toBe('complete');
  expect(brokenRules(out)).toEqual([]);
  for (const name of streams)
    expect([name, compare(name, out.rows(name), truthOf(bench.sim, name))]).toEqual([name, SAME]);
  return out;
}

describe('states that are not of this connector', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['an empty list', []],
    ['an empty object', {}],
  ])('%s is no state, and nothing is said about it', async (_name, state) => {
    const out = await readsAll(state, ['offers']);
    expect(out.logs('WARN').filter((line) => line.includes('state'))).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['a number', 17],
    ['a string', 'state'],
    ['a legacy object', { offers: { updated_at: '2026-01-01' } }],
    ['a legacy message', [{ type: 'LEGACY', data: { offers: { cursor: 1 } } }]],
    ['a state of another connector', [stateOf('offers', { updatedAt: '2026-01-01T00:00:00Z' })]],
    ['a state of the low-code CDK', [stateOf('offers', { use_global_cursor: false, states: [], lookback_window: 1 })]],
    ['a sentinel of the CDK', [stateOf('offers', { __ab_full_refresh_sync_complete: true })]],
    ['a bare token of another connector', [stateOf('offers', { syncToken: 'abc' })]],
    ['a later format', [stateOf('offers', { version: 99, lists: {} })]],
    ['lists that are a list', [stateOf('offers', { version: 2, lists: [] })]],
    ['a place of no kind', [stateOf('offers', { version: 2, lists: { all: { fingerprint: 'x', place: {} } } })]],
    ['passes that are a list', [stateOf('offers', { version: 1, passes: [] })]],
    ['a pass without a fingerprint', [stateOf('offers', { version: 1, passes: { all: { token: 'x' } } })]],
    ['a stamp that is none', [stateOf('offers', { version: 1, stamp: 'now', passes: {} })]],
    ['a stream state that is a list', [stateOf('offers', [1, 2])]],
    ['entries that are nothing', [null, 1, 'x', [], { stream: null }, { type: 'STREAM' }]],
  ])('%s is ignored with a warning, and all rows come', async (_name, state) => {
    const out = await readsAll(state, ['offers']);
    expect(out.logs('WARN').filter((line) => line.includes('state'))).not.toEqual([]);
  });

  test('states for streams that are not selected, or do not exist, do no harm', async () => {
    await readsAll(
      [...finished.filter(({ stream }) => stream.stream_descriptor.name !== 'offers'), stateOf('nothing_such', {})],
      ['offers'],
    );
  });
});

describe('states of this connector', () => {
  test.each<[string, (states: StateMessage[]) => unknown]>([
    ['as they were printed', (states) => states],
    ['as whole messages', (states) => states.map((state) => ({ type: 'STATE', state }))],
    [
      'with namespaces of null',
      (states) =>
        states.map((state) => ({
          ...state,
          stream: { ...state.stream, stream_descriptor: { ...state.stream.stream_descriptor, namespace: null } },
          global: null,
          data: null,
        })),
    ],
    [
      'inside a GLOBAL state',
      (states) => [
        { type: 'GLOBAL', global: { shared_state: null, stream_states: states.map(({ stream }) => stream) } },
      ],
    ],
  ])('%s are taken up', async (_name, wrap) => {
    const { outcome, out } = await bench.readHere({ streams: STREAMS, state: wrap(finished) });
    expect(outcome).toBe('complete');
    expect(out.recordCounts()).toEqual({ brands: bench.sim.count('brand.list') });
  });

  test('each one that a run printed is taken up by the next, also by one in full refresh', async () => {
    const kept = onTheWay.filter((_state, index) => index % Math.ceil(onTheWay.length / 12) === 0);
    for (const state of kept) {
      for (const mode of ['incremental', 'full_refresh'] as const) {
        const { outcome, out } = await bench.readHere({
          streams: [state.stream.stream_descriptor.name],
          mode,
          state: [state],
        });
        expect(outcome).toBe('complete');
        expect(out.logs('WARN').filter((line) => line.includes('ignored'))).toEqual([]);
      }
    }
  });

  test('a token or a position that was made up is refused by Ashby, and all rows come', async () => {
    const forged = finished.map((state) =>
      mapPlaces(state, (place) => ({ ...place, ...('token' in place ? { token: 'made-up' } : {}) })),
    );
    await readsAll(forged, ['candidate_tags', 'offers', 'survey_submissions']);
    const lost = finished.map((state) =>
      mapPlaces(state, (place) =>
        place['kind'] === 'calls'
          ? { ...place, from: 'made-up', walk: { gave: 'made-up' } }
          : { kind: 'walking', from: 'made-up', cursor: 'made-up-too' },
      ),
    );
    await readsAll(lost, ['candidate_tags', 'offers', 'offer_details', 'survey_submissions']);
  });

  test('a mark of the journal that was made up means that everything is read', async () => {
    for (const until of ['made-up', '2999-01-01T00:00:00.000Z', '2026', 17, null, '']) {
      await readsAll(
        finished.map((state) => mapPlaces(state, (place) => ({ ...place, until }))),
        ['audit_log'],
      );
    }
  });
});

function mapPlaces(state: StateMessage, change: (place: Row) => Row): StateMessage {
  const { stream_state, stream_descriptor } = state.stream;
  const lists = Object.entries((stream_state['lists'] ?? {}) as Record<string, { place: Row }>).map(
    ([key, list]) => [key, { ...list, place: change(list.place) }] as const,
  );
  return {
    ...state,
    stream: {
      stream_descriptor,
      stream_state: { ...stream_state, lists: Object.fromEntries(lists) },
    },
  };
}

describe('fuzzed states', () => {
  const settings = { numRuns: 60, verbose: 1 } as const;

  test('anything at all: the run completes with all rows', async () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.jsonValue().map((value) => stateOf('brands', value)),
          fc.jsonValue().map((value) => stateOf('offers', value)),
        ),
        { maxLength: 4 },
      ),
    );
    await fc.assert(
      fc.asyncProperty(junk, async (state) => {
        await readsAll(state, ['offers']);
      }),
      settings,
    );
  });

  test('our own states with a piece knocked out or swapped: no row that the state does not cover is missing', async () => {
    const names = ['candidate_tags', 'survey_submissions', 'job_posting_details', 'audit_log'];
    const values = [undefined, null, {}, 'full', '2026-01-01T00:00:00.000000Z'];
    const wrong: string[] = [];
    for (const name of names) {
      const printed = onTheWay.filter(({ stream }) => stream.stream_descriptor.name === name);
      for (const original of new Set([printed[0], printed.at(-1)])) {
        if (!original) continue;
        const asItWas = await bench.readHere({ streams: [name], state: [original] });
        for (const path of pathsOf(original.stream.stream_state)) {
          for (const value of values) {
            const mangled = structuredClone(original);
            setAt(mangled.stream.stream_state, path, value);
            const about = `${name}: ${path.join('.')} = ${JSON.stringify(value)}`;
            const { outcome, out } = await bench.readHere({ streams: [name], state: [mangled] });
            if (outcome !== 'complete') wrong.push(`${about}: ${out.errors()[0]?.message}`);
            const came = new Set(out.rows(name).map((row) => row['id']));
            const lost = asItWas.out.rows(name).filter((row) => !came.has(row['id'])).length;
            if (lost > 0) wrong.push(`${about}: ${lost} rows are missing`);
            const next = await bench.readHere({ streams: [name], state: out.states([mangled]) });
            if (next.outcome !== 'complete' || next.out.lines.some((line) => line.startsWith('{"type":"RECORD"')))
              wrong.push(`${about}: the run after it is not empty`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 180_000);
});

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return path.length > 0 ? [path] : [];
  const inside = Object.entries(value)
    .slice(0, 4)
    .flatMap(([key, part]) => pathsOf(part, [...path, key]));
  return path.length > 0 ? [path, ...inside] : inside;
}

function setAt(root: Row, path: readonly string[], value: unknown): void {
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Row, root);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}
