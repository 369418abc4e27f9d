import { describe, expect, test } from '@jest/globals';
import { StampClock, stampMicros } from './stamp.ts';

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
