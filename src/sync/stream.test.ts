import { describe, expect, test } from '@jest/globals';
import { parseState } from '../protocol/state.ts';
import { DELETED_FIELD } from '../tables/definition.ts';
import { findTable } from '../tables/lineage.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { fakeOutput } from '../testing/fake-output.ts';
import { fingerprintOf } from './state/fingerprint.ts';
import { STATE_VERSION } from './state/state.ts';
import { streamOf, type Stream, type StreamWorld } from './stream.ts';
import { RoomBook } from './sweeps/room-book.ts';

/** A stream of the configured catalog, and what was logged when it was made. */
function made(
  name: string,
  {
    syncMode = 'incremental',
    dedups = true,
    columns = [DELETED_FIELD],
    state,
    ...more
  }: {
    syncMode?: 'incremental' | 'full_refresh' | undefined;
    dedups?: boolean;
    columns?: string[];
    state?: unknown;
  } & Partial<Omit<StreamWorld, 'state'>> = {},
) {
  const clock = new FakeClock();
  const { output, logs } = fakeOutput(clock);
  const world: StreamWorld = {
    state: parseState(state === undefined ? undefined : [stateMessage(name, state)]),
    startDate: undefined,
    findDeleted: { often: 'weekly', chosen: false },
    reports: [],
    customFieldColumns: true,
    listsKeys: false,
    book: new RoomBook(),
    output,
    clock,
    loadSchema: () => ({ properties: {} }),
    ...more,
  };
  const make = (): Stream => streamOf({ name, syncMode, dedups, columns: new Set(columns), properties: {} }, world);
  return { make, logs, world };
}
const stateMessage = (name: string, stream_state: unknown): unknown => ({
  type: 'STREAM',
  stream: { stream_descriptor: { name }, stream_state },
});
/** A state in which a list stands behind a walk. */
function known(name: string, key = 'all', fingerprint?: string): unknown {
  const table = findTable(name);
  if (!table) throw new Error(name);
  const own = fingerprint ?? fingerprintOf(table, key === 'all' ? undefined : key, undefined);
  const place = { kind: 'changes', token: `token of ${key}` };
  return {
    version: STATE_VERSION,
    stamp: '2025-12-01T00:00:00.000000Z',
    lists: { [key]: { fingerprint: own, place } },
  };
}

describe('lanes', () => {
  test('most streams have one, those of surveys one for each type, each with its own start', () => {
    expect(
      made('departments')
        .make()
        .lanes.map(({ key, start }) => [key, start.kind]),
    ).toEqual([['all', 'everything']]);
    const [first, ...others] = made('survey_submissions').make().lanes;
    expect(others.length).toBeGreaterThan(0);
    expect(first?.key).toBe(first?.surveyType);
    const state = known('survey_submissions', first?.key);
    const starts = made('survey_submissions', { state })
      .make()
      .lanes.map(({ start }) => start);
    expect(starts).toEqual([
      { kind: 'changes', token: `token of ${first?.key ?? ''}` },
      ...others.map(() => ({ kind: 'everything' })),
    ]);
  });

  test('a token of another request is not used, and that is told', async () => {
    const { make, logs } = made('departments', { state: known('departments', 'all', '0123456789abcdef') });
    expect(make().lanes[0]?.start).toEqual({ kind: 'everything' });
    expect(await logs('INFO')).toEqual([expect.stringContaining('everything is read again')]);
  });

  test('a damaged state is no state, with a warning, and stops nothing', async () => {
    for (const state of [{ version: 99 }, 'text', { version: STATE_VERSION, lists: 5 }]) {
      const { make, logs } = made('departments', { state });
      expect(make().lanes[0]?.start).toEqual({ kind: 'everything' });
      expect(await logs('WARN')).toEqual([expect.stringMatching(/^departments: its state is ignored, because/)]);
    }
  });
});

describe('what cannot be read as it is configured', () => {
  test('a stream that does not exist is a config_error', () => {
    expect(made('gadgets').make).toThrow(expect.objectContaining({ failureType: 'config_error' }));
    expect(made('gadgets').make).toThrow(/no stream "gadgets"/);
  });

  test('so is a sync mode that does not exist', () => {
    const { world } = made('departments');
    const entry = {
      name: 'departments',
      syncMode: undefined,
      dedups: true,
      columns: new Set<string>(),
      properties: {},
    };
    expect(() => streamOf(entry, world)).toThrow(/sync mode that does not exist/);
  });

  test('incremental where there is no incremental form is read whole, and that is told', async () => {
    const { make, logs } = made('job_postings');
    expect(make().tellsDeleted).toBe(false);
    expect(await logs('INFO')).toEqual([expect.stringContaining('it is read whole')]);
  });
});

describe('tombstones', () => {
  const yes = { often: 'weekly', chosen: true } as const;
  test.each<[string, Parameters<typeof made>[1], boolean]>([
    ['go where rows are deduplicated', {}, true],
    ['go nowhere else unless they are asked for', { dedups: false }, false],
    ['go there where they are asked for', { dedups: false, findDeleted: yes }, true],
    ['need their column', { columns: [] }, false],
    ['need it also where they are asked for', { columns: [], findDeleted: yes }, false],
    ['are for incremental streams', { syncMode: 'full_refresh' }, false],
    ['can be switched off', { findDeleted: { often: 'never', chosen: true } }, false],
  ])('%s', (_what, how, expected) => {
    const stream = made('departments', how).make();
    expect(stream.tellsDeleted).toBe(expected);
    expect(stream.lanes[0]?.sweep !== undefined).toBe(expected);
  });

  test('a missing column is told to who asked for tombstones, and to nobody else', async () => {
    const asked = made('departments', { columns: [], findDeleted: yes });
    asked.make();
    expect(await asked.logs('INFO')).toEqual([expect.stringContaining('Refresh the schema of the connection')]);
    const silent = made('departments', { columns: [] });
    silent.make();
    expect(await silent.logs('INFO')).toEqual([]);
  });

  test('a list that starts from a token is swept by a walk of its own, one that starts whole by its own walk', () => {
    const whole = made('departments').make().lanes[0];
    expect([whole?.sweep?.sweeper.due, whole?.sweep?.taker]).toEqual([true, undefined]);
    const changes = made('departments', { state: known('departments') }).make().lanes[0];
    expect(changes?.start.kind).toBe('changes');
    expect(changes?.sweep?.taker).toBeDefined();
  });
});
