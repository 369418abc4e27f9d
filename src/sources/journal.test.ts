import { describe, expect, test } from '@jest/globals';
import type { JournalSource } from '../tables/definition.ts';
import { fakeAshby, type Answer } from '../testing/fake-ashby.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { idsOf } from '../testing/rows.ts';
import { journalBatches } from './journal.ts';
import { EVERYTHING, type JournalPlace, type Place } from './place.ts';

const SOURCE: JournalSource = {
  kind: 'journal',
  endpoint: 'x.list',
  permission: 'auditLogsRead',
  sendsLimit: true,
  more: 'said',
};
const NOW = Date.UTC(2026, 0, 1);
const iso = (ms: number): string => new Date(ms).toISOString();
const minutesAgo = (minutes: number): string => iso(NOW - minutes * 60_000);

/** A journal of entries, named by the minutes ago at which they were made; windows are exact, the newest comes first. */
const journalOf =
  (minutes: readonly number[], pageSize = 100): Answer =>
  ({ body }) => {
    const [from, to, cursor] = [String(body['startDate']), String(body['endDate']), Number(body['cursor'] ?? 0)];
    const inside = [...minutes].sort((a, b) => a - b).filter((at) => minutesAgo(at) >= from && minutesAgo(at) <= to);
    const results = inside.slice(cursor, cursor + pageSize).map((at) => ({ id: `e${at}`, timestamp: minutesAgo(at) }));
    const more = cursor + pageSize < inside.length;
    return {
      success: true,
      results,
      moreDataAvailable: more,
      ...(more ? { nextCursor: String(cursor + pageSize) } : {}),
    };
  };

async function read(start: Place, answer: Answer, stopAfter = Infinity, nowMs = NOW, ashbyMs?: number) {
  const headers: Record<string, string> = ashbyMs === undefined ? {} : { date: new Date(ashbyMs).toUTCString() };
  const { world, asked } = fakeAshby(answer, new FakeClock(nowMs), headers);
  const ids: unknown[] = [];
  const places: (Place | undefined)[] = [];
  let end: unknown;
  for await (const batch of journalBatches({ source: SOURCE, idField: 'id' }, start, { ...world, now: () => nowMs })) {
    ids.push(...idsOf(batch.rows));
    places.push(batch.place);
    end = batch.end;
    if (places.length >= stopAfter) break;
  }
  return { ids, places, end, windows: asked.map(({ body }) => [body['startDate'], body['endDate']].map(String)) };
}
const lastOf = (places: readonly (Place | undefined)[]): JournalPlace => {
  const place = places.at(-1);
  if (place?.kind !== 'journal') throw new Error('no place in a journal');
  return place;
};

test('the first pass goes back to before Ashby was, in windows that leave no gap, and ends now', async () => {
  const { windows, places, ids, end } = await read(EVERYTHING, journalOf([5, 500_000, 4_000_000]));
  expect(ids).toEqual(['e4000000', 'e500000', 'e5']);
  expect(windows[0]?.[0]).toBe('2015-01-01T00:00:00.000Z');
  expect(windows.at(-1)?.[1]).toBe(iso(NOW));
  for (const [index, [from, to]] of windows.entries()) {
    expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBeLessThanOrEqual(365 * 86_400_000 + 15 * 60_000);
    const before = windows[index - 1]?.[1];
    if (before !== undefined) expect(Date.parse(from ?? '')).toBe(Date.parse(before) - 15 * 60_000);
  }
  for (const place of places.slice(0, -1)) expect(place).toMatchObject({ whole: true });
  expect(lastOf(places)).toEqual({ kind: 'journal', until: iso(NOW), recent: expect.stringMatching(/^.{8}$/) });
  expect(end).toEqual({ token: null });
});

test('a later run reads a quarter of an hour again, and drops what it knows; what came late is not lost', async () => {
  const until = lastOf((await read(EVERYTHING, journalOf([40, 30]), Infinity, NOW - 25 * 60_000)).places);
  expect(until.until).toBe(minutesAgo(25));
  const { ids, windows } = await read(until, journalOf([40, 30, 28, 5]));
  expect(ids).toEqual(['e5', 'e28']);
  expect(windows).toEqual([[minutesAgo(40), iso(NOW)]]);
});

test('a window that was left in its midst is gone on with at its page, then the time since', async () => {
  const start: JournalPlace = { kind: 'journal', until: minutesAgo(100), recent: '' };
  const entries = [90, 80, 70, 60];
  const cut = await read(start, journalOf(entries, 2), 1, NOW - 30 * 60_000);
  expect(lastOf(cut.places)).toMatchObject({ until: minutesAgo(100), window: { to: minutesAgo(30), cursor: '2' } });
  const rest = await read(lastOf(cut.places), journalOf([...entries, 10], 2));
  expect([...cut.ids, ...rest.ids]).toEqual(['e60', 'e70', 'e80', 'e90', 'e10']);
  expect(rest.windows[0]?.[1]).toBe(minutesAgo(30));
  expect(lastOf(rest.places)).toMatchObject({ until: iso(NOW) });
});

test.each([
  ['a mark', { until: minutesAgo(-16) }],
  ['a window', { until: minutesAgo(5), window: { from: minutesAgo(5), to: minutesAgo(-16), cursor: 'c' } }],
])('%s that lies in the future is none: all is read again', async (_what, rest) => {
  const { windows, ids } = await read({ kind: 'journal', recent: '', ...rest }, journalOf([5]));
  expect(windows[0]).toEqual([minutesAgo(15), iso(NOW)]); // asks what Ashby's clock shows
  expect(windows[1]?.[0]).toBe('2015-01-01T00:00:00.000Z');
  expect(ids).toEqual(['e5']);
});

describe("entries bear the times of Ashby's clock, which an answer shows", () => {
  const behind = (minutes: number): JournalPlace => ({ kind: 'journal', until: minutesAgo(minutes), recent: '' });
  const HOUR_MS = 3_600_000;

  test('a clock of ours that runs ahead marks nothing as read that is still written in', async () => {
    const { ids, places, windows, end } = await read(behind(60), journalOf([30]), Infinity, NOW + HOUR_MS, NOW);
    expect(windows).toEqual([[minutesAgo(75), minutesAgo(-60)]]);
    expect(lastOf(places).until).toBe(iso(NOW));
    expect({ ids, end }).toEqual({ ids: ['e30'], end: { token: null } });
    const next = await read(lastOf(places), journalOf([30, 10, -20]), Infinity, NOW + 1.5 * HOUR_MS, NOW + HOUR_MS / 2);
    expect(next.ids).toEqual(['e-20', 'e10']);
  });

  test('so also where the window was left in its midst', async () => {
    const log = [50, 40, 30];
    const cut = await read(behind(60), journalOf(log, 2), 1, NOW + HOUR_MS, NOW);
    expect(lastOf(cut.places).window).toMatchObject({ to: minutesAgo(-60), sure: iso(NOW) });
    const later = NOW + 2 * HOUR_MS;
    const rest = await read(lastOf(cut.places), journalOf(log, 2), 1, later + HOUR_MS, later);
    expect(lastOf(rest.places).until).toBe(iso(NOW));
    const next = await read(lastOf(rest.places), journalOf([...log, -20]), Infinity, later + HOUR_MS, later);
    expect([...cut.ids, ...rest.ids, ...next.ids]).toEqual(['e30', 'e40', 'e50', 'e-20']);
  });

  test('a clock of ours that lags leaves out nothing that is new, and brings it once', async () => {
    const log = [200, 100, 5];
    const { ids, places, windows } = await read(behind(300), journalOf(log), Infinity, NOW - 2 * HOUR_MS, NOW);
    expect(ids).toEqual(['e200', 'e5', 'e100']); // the newest of a window comes first
    expect(windows).toEqual([
      [minutesAgo(315), minutesAgo(120)],
      [minutesAgo(135), iso(NOW)],
    ]);
    expect(lastOf(places).until).toBe(minutesAgo(120));
    const later = NOW + HOUR_MS / 2;
    const next = await read(lastOf(places), journalOf([...log, -20]), Infinity, later - 2 * HOUR_MS, later);
    expect(next.ids).toEqual(['e-20']);
  });

  test('years off, either way, the first pass brings everything, and ends', async () => {
    for (const nowMs of [Date.UTC(1970, 0, 2), Date.UTC(2040, 5, 1)]) {
      const { ids, places, windows, end } = await read(EVERYTHING, journalOf([4_000_000, 5]), Infinity, nowMs, NOW);
      expect(ids).toEqual(['e4000000', 'e5']);
      expect(end).toEqual({ token: null });
      expect(Date.parse(lastOf(places).until)).toBeLessThanOrEqual(NOW);
      expect(windows.length).toBeLessThanOrEqual(30);
    }
  });

  test('a header Date that is years behind stops nothing', async () => {
    const { ids, places, end } = await read(behind(60), journalOf([30]), Infinity, NOW, Date.UTC(1970, 0, 2));
    expect({ ids, end }).toEqual({ ids: ['e30'], end: { token: null } });
    expect(lastOf(places).until).toBe(minutesAgo(60));
  });

  test('a mark that lies in the future of our clock alone is good', async () => {
    const { ids, windows } = await read(behind(30), journalOf([100, 20]), Infinity, NOW - 2 * HOUR_MS, NOW);
    expect(ids).toEqual(['e20']);
    expect(windows.slice(1)).toEqual([[minutesAgo(45), iso(NOW)]]);
  });

  test('a few seconds cost no request', async () => {
    for (const seconds of [-50, 50]) {
      const { windows, places } = await read(behind(60), journalOf([30]), Infinity, NOW + seconds * 1_000, NOW);
      expect(windows).toHaveLength(1);
      expect(lastOf(places).until).toBe(iso(NOW + seconds * 1_000));
    }
  });
});
