import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NewRows } from './created.ts';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.parse('2026-11-24T12:00:00Z');
const at = (ms: number): string => new Date(ms).toISOString();

describe('NewRows', () => {
  test.each([
    ['a year before', -365 * 24 * HOUR_MS, 'known'],
    ['more than an hour before', -HOUR_MS - 1, 'known'],
    ['within the hour before', -HOUR_MS, 'new'],
    ['after it', HOUR_MS, 'new'],
  ])('a row created %s the last pass began is %s', (_, afterMs, age) => {
    expect(new NewRows(NOON_MS).judge('a', at(NOON_MS + afterMs))).toBe(age);
  });

  test.each([undefined, null, 17, '', 'yesterday'])('a row created at %p is undated', (createdAt) => {
    expect(new NewRows(NOON_MS).judge('a', createdAt)).toBe('undated');
  });

  test('a row is new once, in this pass and in the one that goes on with it', () => {
    const pass = new NewRows(NOON_MS);
    expect(pass.judge('a', at(NOON_MS))).toBe('new');
    expect(pass.judge('a', at(NOON_MS))).toBe('known');
    expect(new NewRows(NOON_MS, pass.pack()).judge('a', at(NOON_MS))).toBe('known');
    expect(new NewRows(NOON_MS, pass.pack()).judge('b', at(NOON_MS))).toBe('new');
  });

  test('over any number of passes, each row that is printed, and printed again, is new exactly once', () => {
    // A pass takes some minutes and prints the rows created since the one before had begun, and any older ones that
    // changed; clocks are up to half an hour apart; any pass may be cut off and go on from its state, or begin anew.
    const pass = fc.record({
      gapMs: fc.integer({ min: 60_000, max: 30 * HOUR_MS }),
      lengthMs: fc.nat(HOUR_MS / 4),
      created: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      changed: fc.array(fc.nat(), { maxLength: 20 }),
      cutOff: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(pass, { maxLength: 8 }),
        fc.integer({ min: -HOUR_MS / 2, max: HOUR_MS / 2 }),
        (passes, skewMs) => {
          const rows: { key: string; createdAt: string }[] = [];
          const news = new Map<string, number>();
          let sinceMs = NOON_MS;
          let packed = new NewRows(sinceMs).pack(sinceMs);
          for (const { gapMs, lengthMs, created, changed, cutOff } of passes) {
            const beganMs = sinceMs + gapMs;
            const fresh = created.map((share, n) => ({
              key: `${rows.length + n}`,
              createdAt: at(sinceMs + share * (gapMs + lengthMs) + skewMs),
            }));
            const printed = [...changed.flatMap((n) => rows[n % (rows.length || 1)] ?? []), ...fresh];
            rows.push(...fresh);
            let newRows = new NewRows(sinceMs, packed);
            const tell = (): void => {
              for (const { key, createdAt } of printed) {
                if (newRows.judge(key, createdAt) === 'new') news.set(key, (news.get(key) ?? 0) + 1);
              }
            };
            tell();
            if (cutOff) {
              newRows = new NewRows(sinceMs, newRows.pack());
              tell();
            }
            packed = newRows.pack(beganMs);
            sinceMs = beganMs;
          }
          expect([...news.values()].filter((times) => times !== 1)).toEqual([]);
          expect(news.size).toBe(rows.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('rows of the walk that a memory comes from are known to the next pass', () => {
    const walk = new NewRows(NOON_MS);
    walk.judge('created during the walk', at(NOON_MS + 60_000));
    const next = new NewRows(NOON_MS, walk.pack(NOON_MS));
    expect(next.judge('created during the walk', at(NOON_MS + 60_000))).toBe('known');
    expect(next.judge('created behind the walk', at(NOON_MS + 60_000))).toBe('new');
  });

  test('what is remembered at the end of a pass is what was created in its last hour', () => {
    const pass = new NewRows(NOON_MS);
    for (let n = 0; n < 10_000; n += 1) pass.judge(`${n}`, at(NOON_MS + n * 1000));
    const packed = pass.pack(NOON_MS + HOUR_MS + 9_990_000);
    expect(packed).toHaveLength(10 * 12);
    expect(new NewRows(0, packed).isWhole).toBe(true);
  });

  test('in the midst of a large pass a state remembers the last 1,000, and a run that goes on knows that it lacks some', () => {
    const pass = new NewRows(NOON_MS);
    for (let n = 0; n < 3000; n += 1) pass.judge(`${n}`, at(NOON_MS));
    expect(pass.isWhole).toBe(true);
    const on = new NewRows(NOON_MS, pass.pack());
    expect(on.isWhole).toBe(false);
    expect(on.judge('2999', at(NOON_MS))).toBe('known');
    expect(on.judge('1999', at(NOON_MS))).toBe('new');
  });

  test('that it lacked some is not forgotten by later passes', () => {
    const pass = new NewRows(NOON_MS);
    for (let n = 0; n < 3000; n += 1) pass.judge(`${n}`, at(NOON_MS));
    const nextDayMs = NOON_MS + 24 * HOUR_MS;
    const goesOn = new NewRows(NOON_MS, pass.pack());
    const nextDay = new NewRows(nextDayMs, goesOn.pack(nextDayMs));
    expect(nextDay.isWhole).toBe(false);
    expect(new NewRows(nextDayMs, pass.pack(nextDayMs)).isWhole).toBe(true);
  });

  test('what is damaged is forgotten, and no exception', () => {
    fc.assert(
      fc.property(fc.string(), (packed) => {
        const rows = new NewRows(NOON_MS, packed);
        expect(rows.judge('a', at(NOON_MS))).toBe('new');
        if (packed.length % 12 !== 0) expect(rows.isWhole).toBe(false);
      }),
    );
  });
});
