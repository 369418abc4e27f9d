import { describe, expect, test } from '@jest/globals';
import { fingerprint, readStreamState, stampMicros, type StreamState } from './state.ts';
import { StampClock } from './stamp.ts';

describe('readStreamState', () => {
  const full: StreamState = {
    version: 1,
    stamp: '2026-01-01T00:00:00.000001Z',
    passes: {
      all: {
        fingerprint: 'f',
        token: 't',
        running: { from: null, cursor: 'c', head: 'h' },
        seen: { a: 'b' },
        unfinished: 'full',
      },
    },
  };

  test('what is of our making comes back as it was', () => {
    expect(readStreamState(JSON.parse(JSON.stringify(full)))).toEqual({ state: full });
  });

  test.each([undefined, null, {}])('%j is no state and no problem', (value) => {
    expect(readStreamState(value)).toEqual({ empty: true });
  });

  test.each([
    ['text', 'state'],
    ['a list', []],
    ["another connector's", { updatedAt: '2024-01-01' }],
    ['a later format', { version: 2, passes: {} }],
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
  ])('%s is a problem, not an exception', (_case, value) => {
    expect(readStreamState(value)).toHaveProperty('problem');
  });
});

test('a fingerprint does not depend on the order of keys, and does on everything else', () => {
  const shape = { endpoint: 'a.list', body: { x: 1, y: [1, 2] }, apiVersion: 'v' };
  expect(fingerprint({ apiVersion: 'v', body: { y: [1, 2], x: 1 }, endpoint: 'a.list' })).toBe(fingerprint(shape));
  const others = [
    { ...shape, endpoint: 'b.list' },
    { ...shape, body: { x: 1, y: [2, 1] } },
    { ...shape, apiVersion: 'w' },
    { ...shape, startDate: '2024' },
    { ...shape, child: { endpoint: 'c.list', body: {} } },
  ];
  expect(new Set([shape, ...others].map(fingerprint)).size).toBe(6);
});

describe('StampClock', () => {
  test('gives the instant of arrival, counted on within a page', () => {
    const stamps = new StampClock(undefined);
    expect([stamps.next(0), stamps.next(0), stamps.next(5)]).toEqual([
      '1970-01-01T00:00:00.000000Z',
      '1970-01-01T00:00:00.000001Z',
      '1970-01-01T00:00:00.005000Z',
    ]);
  });

  test("grows strictly, also when the clock goes back, also from the last run's stamp", () => {
    const stamps = new StampClock('2030-01-01T00:00:00.000999Z');
    const given = [stamps.next(Date.UTC(2026)), stamps.next(Date.UTC(2031)), stamps.next(Date.UTC(2020))];
    expect(given).toEqual([
      '2030-01-01T00:00:00.001000Z',
      '2031-01-01T00:00:00.000000Z',
      '2031-01-01T00:00:00.000001Z',
    ]);
    expect(stamps.last).toBe(given[2]);
  });

  test('a stamp beyond what numbers count exactly is none', () => {
    expect(stampMicros('9999-12-31T00:00:00.000000Z')).toBeUndefined();
    expect(stampMicros('2026-01-01T00:00:00Z')).toBeUndefined();
  });
});
