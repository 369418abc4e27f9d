import { describe, expect, test } from '@jest/globals';
import { EVERYTHING, type CallsPlace, type Place } from '../sources/place.ts';
import { findTable } from '../tables/lineage.ts';
import { readOldState } from './state/old-state.ts';
import { planStart, sourceOf } from './plan.ts';

const NOW = Date.UTC(2026, 5, 2);
const hoursAgo = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
/** One table of each kind; `daily` asks all parents again now and then, `moved` goes by `updatedAt`. */
const tables = {
  list: 'candidates',
  snapshot: 'brands',
  boards: 'job_postings',
  journal: 'audit_log',
  calls: 'candidate_notes',
  daily: 'interview_stages',
  moved: 'job_posting_details',
  inside: 'interview_events',
};
type Kind = keyof typeof tables;

function plan(kind: Kind, mode: 'full_refresh' | 'incremental', place: Place | undefined, fingerprint = 'f') {
  const table = findTable(tables[kind]);
  if (!table) throw new Error(`no table ${tables[kind]}`);
  const known = place && { fingerprint: 'f', place };
  return planStart({ source: sourceOf(table), mode, known, fingerprint, nowMs: NOW });
}

const calls = (rest: Partial<CallsPlace> = {}): CallsPlace => ({ kind: 'calls', from: null, ...rest });
const CHANGES: Place = { kind: 'changes', token: 't' };
const WHOLE_WALK: Place = { kind: 'walking', from: null, cursor: 'c' };
const CHANGES_WALK: Place = { kind: 'walking', from: 't', cursor: 'c' };
const JOURNAL: Place = { kind: 'journal', until: hoursAgo(5), recent: '' };
const WHOLE_JOURNAL: Place = { ...JOURNAL, whole: true };
const DONE = calls({ from: 't' });
const OWING = calls({ from: 't', owed: ['a'], gone: ['b'] });
const UNFINISHED = calls({ walk: { gave: 'u', behind: 'k' } });
const UNFINISHED_CHANGES = calls({ from: 't', walk: { gave: 'u' } });
/** A day less the slack of an hour, and a moment less than that. */
const DUE = calls({ from: 't', allAt: hoursAgo(23), owed: ['a'] });
const RECENT = calls({ from: 't', allAt: new Date(NOW - 23 * 3_600_000 + 1).toISOString() });
const AHEAD = calls({ from: 't', allAt: hoursAgo(-1) });
const SEEN = calls({ seen: 'abcdefgh' });
const HALF_SEEN = calls({ seen: 'abcdefgh', whole: true });

const START: Record<Kind, Place> = {
  list: EVERYTHING,
  snapshot: EVERYTHING,
  boards: EVERYTHING,
  journal: EVERYTHING,
  calls: calls(),
  daily: calls(),
  moved: calls(),
  inside: EVERYTHING,
};

describe('incremental', () => {
  test.each<[Kind, Place, Place, string]>([
    ['list', CHANGES, CHANGES, 'read changes since the last run'],
    ['list', WHOLE_WALK, WHOLE_WALK, 'went on with an unfinished full pass'],
    ['list', CHANGES_WALK, CHANGES_WALK, 'went on with an unfinished pass of changes'],
    ['list', EVERYTHING, EVERYTHING, 'read whole (the last run left no sync token)'],
    ['list', DONE, EVERYTHING, 'read whole (the last run left no sync token)'],
    ['inside', CHANGES, CHANGES, 'read changes since the last run'],
    ['snapshot', CHANGES, EVERYTHING, 'read whole (this table has no incremental form)'],
    ['boards', CHANGES, EVERYTHING, 'read whole (this table has no incremental form)'],
    ['journal', JOURNAL, JOURNAL, 'read what was added since the last run'],
    ['journal', CHANGES, EVERYTHING, 'read whole (an older release did not say until when it had read)'],
    ['calls', DONE, DONE, 'read changes since the last run'],
    ['calls', OWING, OWING, 'read changes since the last run'],
    ['calls', UNFINISHED, UNFINISHED, 'went on with unfinished calls'],
    ['calls', UNFINISHED_CHANGES, UNFINISHED_CHANGES, 'went on with unfinished calls'],
    ['calls', calls(), calls(), 'read whole (the last run left no sync token)'],
    ['daily', RECENT, RECENT, 'read changes since the last run'],
    ['daily', DUE, { ...DUE, due: true }, 'asked about all parents, as once in a while'],
    ['daily', AHEAD, { ...AHEAD, due: true }, 'asked about all parents, as once in a while'],
    ['daily', DONE, { ...DONE, due: true }, 'asked about all parents, as once in a while'],
    ['daily', { ...DUE, walk: { gave: 'u' } }, { ...DUE, walk: { gave: 'u' } }, 'went on with unfinished calls'],
    ['moved', SEEN, SEEN, 'read what moved since the last run'],
    ['moved', HALF_SEEN, HALF_SEEN, 'went on with unfinished calls'],
    ['moved', calls(), calls(), 'read whole (the last run left nothing to go on with)'],
  ])('%s at %j starts at %j: %s', (kind, place, start, how) => {
    expect(plan(kind, 'incremental', place)).toMatchObject({ start, how });
    expect(plan(kind, 'incremental', place).start).toEqual(start);
  });
});

describe('full refresh', () => {
  test.each<[Kind, Place, Place]>([
    ['list', WHOLE_WALK, WHOLE_WALK],
    ['list', CHANGES_WALK, EVERYTHING],
    ['list', CHANGES, EVERYTHING],
    ['journal', WHOLE_JOURNAL, WHOLE_JOURNAL],
    ['journal', JOURNAL, EVERYTHING],
    ['calls', UNFINISHED, UNFINISHED],
    ['calls', UNFINISHED_CHANGES, calls()],
    ['calls', OWING, calls()],
    ['daily', DUE, calls()],
    ['moved', HALF_SEEN, HALF_SEEN],
    ['moved', SEEN, calls()],
    ['list', UNFINISHED, EVERYTHING],
    ['calls', WHOLE_WALK, calls()],
  ])('%s at %j starts at %j', (kind, place, start) => {
    expect(plan(kind, 'full_refresh', place).start).toEqual(start);
  });
});

const kinds = Object.keys(tables) as Kind[]; // its keys, by its type

test.each(kinds)('%s without anything known is read whole, in both modes', (kind) => {
  for (const mode of ['full_refresh', 'incremental'] as const)
    expect(plan(kind, mode, undefined).start).toEqual(START[kind]);
});

test.each(kinds)(
  '%s is read whole where the request has changed, and only a table that had a choice says so',
  (kind) => {
    for (const mode of ['full_refresh', 'incremental'] as const) {
      for (const place of [CHANGES, WHOLE_WALK, JOURNAL, UNFINISHED, OWING, HALF_SEEN]) {
        const { start, note } = plan(kind, mode, place, 'another');
        expect(start).toEqual(START[kind]);
        expect(note !== undefined).toBe(kind !== 'snapshot' && kind !== 'boards');
      }
    }
  },
);

describe('a state of release 0.1.0', () => {
  test.each<[string, Kind, Record<string, unknown>, Place]>([
    ['a token', 'list', { token: 't' }, CHANGES],
    ['an unfinished walk', 'list', { running: { from: null, cursor: 'c', head: 'h' } }, WHOLE_WALK],
    ['an unfinished walk of changes', 'list', { token: 't', running: { from: 't', cursor: 'c' } }, CHANGES_WALK],
    ['a token of the parents', 'calls', { token: 't' }, DONE],
    ['the midst of the parents', 'calls', { running: { from: 't', cursor: 'c' } }, { ...DONE, cursor: 'c' }],
    ['the midst of all parents', 'calls', { running: { from: null, cursor: 'c' } }, calls({ cursor: 'c' })],
    ['a token of parents that are all due', 'daily', { token: 't' }, { ...DONE, due: true }],
    [
      'the midst of parents that would be due',
      'daily',
      { running: { from: 't', cursor: 'c' } },
      { ...DONE, cursor: 'c' },
    ],
    ['a mark of the journal', 'journal', { token: '2026-01-01T00:00:00.000Z' }, EVERYTHING],
    ['nothing but the shape', 'list', {}, EVERYTHING],
  ])('%s (%s %j) goes on at %j', (_what, kind, pass, start) => {
    const place = readOldState({ all: { fingerprint: 'f', ...pass } })?.['all']?.place;
    expect(place).toBeDefined();
    expect(plan(kind, 'incremental', place).start).toEqual(start);
  });

  test('the versions that were seen are known, and an unfinished pass is gone on with', () => {
    for (const [unfinished, how] of [
      ['full', 'went on with unfinished calls'],
      [undefined, 'read what moved since the last run'],
    ]) {
      const read = readOldState({ all: { fingerprint: 'f', seen: { a: 'v1', b: 'v2' }, unfinished } });
      const { start, how: told } = plan('moved', 'incremental', read?.['all']?.place);
      expect(start).toMatchObject({ kind: 'calls', from: null, seen: expect.stringMatching(/^.{16}$/) as unknown });
      expect(told).toBe(how);
    }
  });
});
