import { describe, expect, test } from '@jest/globals';
import type { Place } from '../../sources/place.ts';
import { readStreamState, stateOf, type StreamState } from './state.ts';

const UNTIL = '2026-01-01T00:00:00.000Z';
const places: Record<string, Place> = {
  everything: { kind: 'everything' },
  changes: { kind: 'changes', token: 't' },
  'a walk': { kind: 'walking', from: null, cursor: 'c' },
  'a walk of changes': { kind: 'walking', from: 't', cursor: 'c' },
  'a journal': { kind: 'journal', until: UNTIL, recent: 'abcdefgh' },
  'a window of a journal': {
    kind: 'journal',
    until: UNTIL,
    recent: '',
    whole: true,
    window: { from: UNTIL, to: UNTIL, cursor: 'c' },
  },
  calls: { kind: 'calls', from: 't', owed: ['a'], gone: ['b'], allAt: UNTIL },
  'unfinished calls': { kind: 'calls', from: null, walk: { gave: null, behind: 'a', allAt: UNTIL } },
  'calls by version': { kind: 'calls', from: null, seen: 'abcdefgh', whole: true },
};

describe('readStreamState', () => {
  test.each(Object.entries(places))('%s comes back as it was', (_what, place) => {
    const state: StreamState = {
      version: 2,
      stamp: '2026-01-01T00:00:00.000001Z',
      lists: { all: { fingerprint: 'f', place } },
    };
    expect(readStreamState(JSON.parse(JSON.stringify(state)))).toEqual({ state });
  });

  test("what release 0.1.0 printed is read as today's format", () => {
    const old = {
      version: 1,
      stamp: '2026-01-01T00:00:00.000001Z',
      passes: {
        A: { fingerprint: 'f', token: 't' },
        B: { fingerprint: 'f', token: 't', running: { from: null, cursor: 'c', head: 'h' } },
        C: { fingerprint: 'f', seen: { a: 'b' }, unfinished: 'full' },
      },
    };
    const read = readStreamState(JSON.parse(JSON.stringify(old)));
    expect(read).toEqual({
      state: {
        version: 2,
        stamp: old.stamp,
        lists: {
          A: { fingerprint: 'f', place: places['changes'] },
          B: { fingerprint: 'f', place: places['a walk'] },
          C: { fingerprint: 'f', place: { kind: 'calls', from: null, seen: expect.any(String), whole: true } },
        },
      },
    });
    expect('state' in read && readStreamState(read.state)).toEqual(read);
  });

  test('what was chosen for personal data is remembered by its digest', () => {
    const state: StreamState = { version: 2, personal: 'digest', lists: {} };
    expect(readStreamState(JSON.parse(JSON.stringify(state)))).toEqual({ state });
    expect(stateOf({ stamp: undefined, personal: 'digest', lists: {} })).toEqual(state);
    expect(stateOf({ stamp: undefined, personal: undefined, lists: {} })).toEqual({ version: 2, lists: {} });
  });

  test('a state that names no list is one', () => {
    for (const given of [
      { version: 2, lists: {} },
      { version: 2 },
      { version: 1, passes: {} },
      { version: 1 },
      { version: 2, completed_at: UNTIL },
    ])
      expect(readStreamState(given)).toEqual({ state: { version: 2, lists: {} } });
  });

  test.each([undefined, null, {}])('%j is no state and no problem', (value) => {
    expect(readStreamState(value)).toEqual({ empty: true });
  });

  const withPlace = (place: unknown): unknown => ({ version: 2, lists: { all: { fingerprint: 'f', place } } });
  test.each([
    ['text', 'state'],
    ['a list', []],
    ["another connector's", { updatedAt: '2024-01-01' }],
    ['a later format', { version: 3, lists: {} }],
    ['passes that are a list', { version: 1, passes: [] }],
    ['a pass without a fingerprint', { version: 1, passes: { all: { token: 't' } } }],
    ['a token that is a number', { version: 1, passes: { all: { fingerprint: 'f', token: 1 } } }],
    ['an empty token', { version: 1, passes: { all: { fingerprint: 'f', token: '' } } }],
    [
      'an unfinished pass without a cursor',
      { version: 1, passes: { all: { fingerprint: 'f', running: { from: null } } } },
    ],
    [
      'an unfinished pass from nowhere',
      { version: 1, passes: { all: { fingerprint: 'f', running: { cursor: 'c' } } } },
    ],
    ['seen moments that are numbers', { version: 1, passes: { all: { fingerprint: 'f', seen: { a: 1 } } } }],
    ['a stamp that is none', { version: 1, stamp: 'yesterday', passes: {} }],
    ["a stamp that is none in today's format", { version: 2, stamp: 'yesterday', lists: {} }],
    ['lists that are a list', { version: 2, lists: [] }],
    ['a list that is text', { version: 2, lists: { all: 'x' } }],
    ['a list without a fingerprint', { version: 2, lists: { all: { place: { kind: 'everything' } } } }],
    ['a list without a place', { version: 2, lists: { all: { fingerprint: 'f' } } }],
    ['a place of no kind', withPlace({})],
    ['a place of an unknown kind', withPlace({ kind: 'elsewhere' })],
    ['changes without a token', withPlace({ kind: 'changes' })],
    ['changes since an empty token', withPlace({ kind: 'changes', token: '' })],
    ['a walk from nowhere', withPlace({ kind: 'walking', cursor: 'c' })],
    ['a walk without a cursor', withPlace({ kind: 'walking', from: null })],
    ['a journal until some day', withPlace({ kind: 'journal', until: '2026', recent: '' })],
    ['a journal until no day', withPlace({ kind: 'journal', until: '2026-13-01T00:00:00.000Z', recent: '' })],
    ['a journal that remembers nonsense', withPlace({ kind: 'journal', until: UNTIL, recent: 'abc' })],
    ['a journal that is whole: false', withPlace({ kind: 'journal', until: UNTIL, recent: '', whole: false })],
    [
      'a window without a cursor',
      withPlace({ ...places['a window of a journal'], window: { from: UNTIL, to: UNTIL } }),
    ],
    ['a window that is null', withPlace({ ...places['a journal'], window: null })],
    ['calls from nowhere', withPlace({ kind: 'calls' })],
    ['calls that owe a number', withPlace({ kind: 'calls', from: null, owed: [1] })],
    ['calls that owe a text', withPlace({ kind: 'calls', from: null, owed: 'a' })],
    ['calls with an empty id', withPlace({ kind: 'calls', from: null, gone: [''] })],
    ['calls that were made some day', withPlace({ kind: 'calls', from: null, allAt: 'yesterday' })],
    ['calls that saw nonsense', withPlace({ kind: 'calls', from: null, seen: 'abc' })],
    ['calls whose walk gave nothing', withPlace({ kind: 'calls', from: null, walk: {} })],
    ['calls behind no id', withPlace({ kind: 'calls', from: null, walk: { gave: 't', behind: '' } })],
    ['calls whose walk was some day', withPlace({ kind: 'calls', from: null, walk: { gave: 't', allAt: 'now' } })],
  ])('%s is a problem, not an exception', (_case, value) => {
    expect(readStreamState(value)).toEqual({ problem: expect.any(String) });
  });

  test('a list with an odd name is not quoted as it came', () => {
    const read = readStreamState({ version: 2, lists: { 'jane@example.com\n': {} } });
    expect(read).toEqual({ problem: 'it is damaged ("lists.jane?example?com?")' });
  });
});
