import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clockAt, idOf, missingFrom, readFrom, wrongWith, type Printed } from './support/reading.ts';
import { refusal, StandIn, type Row } from './support/stand-in.ts';
import type { StateMessage } from '../support/transcript.ts';

/*
 * The audit log, against a stand-in that behaves as documented: without dates the last 24 hours, spans of 18 months
 * at most, a cursor only with its dates. Issue 10, holes 1, 5 and 15.
 */

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LIST = 'auditLog.list';

let ashby: StandIn;
let now: number;
beforeEach(async () => {
  ashby = await StandIn.start();
  now = NOW;
  ashby.now = () => now;
});
afterEach(() => ashby.stop());

let entries = 0;
function entry(at: number, more: Row = {}): Row {
  entries += 1;
  return { id: idOf('entry', entries), timestamp: new Date(at).toISOString(), action: 'viewed', ...more };
}
/** So many entries, evenly from one time to another. */
const between = (count: number, from: number, to: number): Row[] =>
  Array.from({ length: count }, (_, n) => entry(from + ((to - from) * n) / count));

const readLog = (state?: readonly StateMessage[]): Promise<Printed> =>
  readFrom(ashby, { streams: ['audit_log'], state, clock: clockAt(now) });

function expectWhole(...runs: Printed[]): void {
  const last = runs.at(-1);
  expect(missingFrom(ashby, 'audit_log', ...runs)).toBe(0);
  expect(last?.out.endings()).toEqual({ audit_log: 'COMPLETE' });
  expect(last?.exitCode).toBe(0);
}

describe('hole 1: everything since the beginning', () => {
  test('1,000 entries over four years come whole, each once, in few requests', async () => {
    ashby.put(LIST, between(1_000, NOW - 4 * 365 * DAY_MS, NOW - HOUR_MS));
    const printed = await readLog();
    expectWhole(printed);
    expect(printed.out.recordCounts()).toEqual({ audit_log: 1_000 });
    expect(ashby.calls.length).toBeLessThanOrEqual(40);
  });

  test('every request has both dates, of 18 months at most', async () => {
    ashby.put(LIST, between(250, NOW - 3 * 365 * DAY_MS, NOW - HOUR_MS));
    await readLog();
    expect(ashby.calls.length).toBeGreaterThan(0);
    for (const { body } of ashby.calls) {
      expect(body).toMatchObject({ startDate: expect.any(String), endDate: expect.any(String) });
      const [from, to] = [body['startDate'], body['endDate']].map((date) => Date.parse(String(date)));
      expect(Number(to) - Number(from)).toBeLessThanOrEqual(550 * DAY_MS);
    }
  });

  test('an empty window is not the beginning', async () => {
    ashby.put(LIST, [
      ...between(30, Date.UTC(2019, 2), Date.UTC(2019, 4)),
      ...between(30, NOW - 5 * DAY_MS, NOW - DAY_MS),
    ]);
    expectWhole(await readLog());
  });

  test('nothing is lost where two windows meet', async () => {
    ashby.put(LIST, between(300, NOW - 4 * 365 * DAY_MS, NOW - HOUR_MS));
    await readLog();
    const bounds = ashby.calls.flatMap(({ body }) => [body['startDate'], body['endDate']]);
    const meeting = [...new Set(bounds.map((date) => Date.parse(String(date))))].filter(
      (at) => at > Date.UTC(2016, 0) && at < NOW - HOUR_MS,
    );
    expect(meeting.length).toBeGreaterThan(0);
    ashby.heal();
    ashby.put(
      LIST,
      meeting.flatMap((at) => [entry(at - 1), entry(at), entry(at + 1)]),
    );
    const printed = await readLog();
    expectWhole(printed);
    const ids = printed.out.rows('audit_log').map((row) => row['id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('an empty log is read to its beginning and is complete', async () => {
    expectWhole(await readLog());
  });
});

describe('hole 1: later runs', () => {
  test.each([
    ['two days', 2],
    ['a hundred days', 100],
    ['two years', 730],
  ])('150 entries in a gap of %s come in the next run, and nothing twice', async (_gap, days) => {
    ashby.put(LIST, between(200, NOW - 400 * DAY_MS, NOW - HOUR_MS));
    const first = await readLog();
    now = NOW + days * DAY_MS;
    ashby.put(LIST, between(150, NOW + HOUR_MS, now - HOUR_MS));
    ashby.heal();
    const second = await readLog(first.out.states());
    expectWhole(first, second);
    expect(second.out.recordCounts()).toEqual({ audit_log: 150 });
    expect(ashby.calls.length).toBeLessThanOrEqual(8);
  });

  test('where nothing happened, nothing is printed, and few requests are made', async () => {
    ashby.put(LIST, between(200, NOW - 400 * DAY_MS, NOW - 1_000));
    const first = await readLog();
    now = NOW + HOUR_MS;
    ashby.heal();
    const second = await readLog(first.out.states());
    expectWhole(first, second);
    expect(second.out.recordCounts()).toEqual({});
    expect(ashby.calls.length).toBeLessThanOrEqual(2);
  });

  test('an entry that appears late, a second before the earlier run, comes', async () => {
    ashby.put(LIST, between(20, NOW - 400 * DAY_MS, NOW - HOUR_MS));
    const first = await readLog();
    ashby.put(LIST, [entry(NOW - 1_000)]);
    now = NOW + HOUR_MS;
    expectWhole(first, await readLog(first.out.states()));
  });

  test('cut off at any state, and gone on with, the log is whole', async () => {
    ashby.put(LIST, between(2_500, NOW - 4 * 365 * DAY_MS, NOW - HOUR_MS));
    const whole = await readLog();
    expectWhole(whole);
    const cuts = whole.out.messages.flatMap(({ state }, index) => (state ? [index, index + 1] : []));
    expect(cuts.length).toBeGreaterThan(2);
    for (const cut of cuts) {
      const before = { ...whole, out: whole.out.first(cut) };
      ashby.expireCursors();
      expectWhole(before, await readLog(before.out.states()));
    }
  });

  test('a state of release 0.1.0 proves nothing, since its mark moved over gaps: all is read', async () => {
    ashby.put(LIST, between(300, NOW - 3 * 365 * DAY_MS, NOW - HOUR_MS));
    const [mark] = between(1, NOW - 2 * HOUR_MS, NOW - HOUR_MS);
    const token = JSON.stringify({ id: mark?.['id'], at: mark?.['timestamp'] });
    const passes = { all: { fingerprint: '0123456789abcdef', token } };
    const stream_state = { version: 1, stamp: '2026-11-20T11:00:00.000000Z', passes };
    expectWhole(
      await readLog([{ type: 'STREAM', stream: { stream_descriptor: { name: 'audit_log' }, stream_state } }]),
    );
  });
});

describe('hole 5: a refusal does not erase what is known', () => {
  test('invalid_input that stays fails the run; the next one asks for the new entries alone', async () => {
    ashby.put(LIST, between(300, NOW - 3 * 365 * DAY_MS, NOW - HOUR_MS));
    const first = await readLog();
    now = NOW + 2 * DAY_MS;
    ashby.put(LIST, between(20, NOW + HOUR_MS, now - HOUR_MS));
    ashby.heal();
    ashby.fault({ endpoint: LIST, answer: () => refusal('invalid_input') });
    const second = await readLog(first.out.states());
    expect(second.out.endings()).toEqual({ audit_log: 'INCOMPLETE' });
    expect(ashby.calls.length).toBeLessThanOrEqual(3);
    ashby.heal();
    const third = await readLog(second.out.states(first.out.states()));
    expectWhole(first, second, third);
    expect(third.out.recordCounts()).toEqual({ audit_log: 20 });
    expect(ashby.calls.length).toBeLessThanOrEqual(3);
  });

  test('invalid_input in the middle of the walk is no end of the log', async () => {
    ashby.put(LIST, between(1_000, NOW - 4 * 365 * DAY_MS, NOW - HOUR_MS));
    ashby.fault({ endpoint: LIST, when: ({ nth }) => nth === 4, times: 1, answer: () => refusal('invalid_input') });
    const first = await readLog();
    expect(wrongWith(ashby, first, ['audit_log'])).toEqual([]);
    ashby.heal();
    expectWhole(first, await readLog(first.out.states()));
  });
});

describe('two clocks', () => {
  /** Reads with a clock that is so far ahead of Ashby's (or behind, where it is negative). */
  const readAhead = (aheadMs: number, state?: readonly StateMessage[]): Promise<Printed> =>
    readFrom(ashby, { streams: ['audit_log'], state, clock: clockAt(now + aheadMs) });

  test.each([
    ['an hour ahead', HOUR_MS],
    ['two days ahead', 2 * DAY_MS],
    ['ten years ahead', 3_652 * DAY_MS],
    ['an hour behind', -HOUR_MS],
    ['two days behind', -2 * DAY_MS],
    ['ten years behind', -3_652 * DAY_MS],
  ])("%s of Ashby's, in every run: no entry is lost", async (_how, aheadMs) => {
    ashby.put(LIST, between(150, NOW - 800 * DAY_MS, NOW - 1_000));
    const runs = [await readAhead(aheadMs)];
    expectWhole(...runs);
    for (let run = 0; run < 3; run += 1) {
      const since = now;
      now += 40 * 60_000;
      ashby.put(LIST, between(20, since + 1_000, now - 1_000));
      runs.push(await readAhead(aheadMs, runs.at(-1)?.out.states()));
      expectWhole(...runs);
    }
  });

  test.each([
    ['ahead', 5 * HOUR_MS],
    ['behind', -5 * HOUR_MS],
  ])('a clock that was %s and is set right loses nothing', async (_how, aheadMs) => {
    ashby.put(LIST, between(150, NOW - 800 * DAY_MS, NOW - 1_000));
    const runs = [await readAhead(aheadMs)];
    for (const { at, ahead } of [
      { at: NOW + HOUR_MS, ahead: 0 },
      { at: NOW + 2 * HOUR_MS, ahead: aheadMs },
      { at: NOW + 9 * HOUR_MS, ahead: 0 },
    ]) {
      ashby.put(LIST, between(20, now + 1_000, at - 1_000));
      now = at;
      runs.push(await readAhead(ahead, runs.at(-1)?.out.states()));
      expectWhole(...runs);
    }
  });

  test('a clock that is set back in the midst of a run: rows and states are those of any other', async () => {
    ashby.put(LIST, between(1_000, NOW - 4 * 365 * DAY_MS, NOW - HOUR_MS));
    ashby.put('department.list', [{ id: idOf('department', 1) }]);
    const steady = clockAt(now);
    const jumping = { ...steady, now: () => steady.now() - (ashby.calls.length > 8 ? 3 * HOUR_MS : 0) };
    const streams = ['audit_log', 'departments'];
    const first = await readFrom(ashby, { streams, clock: jumping });
    for (const stream of streams) expect(wrongWith(ashby, first, [stream])).toEqual([]);
    const stamps = first.out.rows('audit_log').map((row) => String(row['_ab_cdc_updated_at']));
    expect(stamps).toEqual([...stamps].sort());
    now = NOW + 4 * HOUR_MS;
    ashby.put(LIST, between(20, NOW + 1_000, now - 1_000));
    const second = await readLog(first.out.states());
    expect(missingFrom(ashby, 'audit_log', first, second)).toBe(0);
  });
});

describe('hole 15: entries are believed in nothing but their id', () => {
  test.each<[string, Row]>([
    ['no date', { timestamp: undefined }],
    ['words for a date', { timestamp: 'soon' }],
    ['a number for a date', { timestamp: 1_700_000_000_000 }],
    ['a date in the far future', { timestamp: '9999-12-31T00:00:00.000Z' }],
    ['a date in the far past', { timestamp: '0001-01-01T00:00:00.000Z' }],
  ])('%s in the newest, in a middle and in the oldest entry stops nothing', async (_damage, damage) => {
    const log = between(350, NOW - 3 * 365 * DAY_MS, NOW - HOUR_MS);
    for (const n of [0, 170, 349]) log[n] = { ...log[n], at: log[n]?.['timestamp'], ...damage };
    ashby.put(LIST, log);
    const first = await readLog();
    expectWhole(first);
    now = NOW + 2 * DAY_MS;
    ashby.put(LIST, between(40, NOW + HOUR_MS, now - HOUR_MS));
    const second = await readLog(first.out.states());
    expectWhole(first, second);
    expect(second.out.recordCounts()).toEqual({ audit_log: 40 });
  });

  test("entries of the newest known entry's own instant come when they appear later", async () => {
    const newest = entry(NOW - 500);
    ashby.put(LIST, [...between(20, NOW - 100 * DAY_MS, NOW - HOUR_MS), newest]);
    const first = await readLog();
    expect(missingFrom(ashby, 'audit_log', first)).toBe(0);
    ashby.put(LIST, [entry(NOW - 500), entry(NOW - 500)]);
    now = NOW + HOUR_MS;
    const second = await readLog(first.out.states());
    expectWhole(first, second);
    expect(second.out.recordCounts()).toEqual({ audit_log: 2 });
  });

  test('a hundred and fifty entries of one instant come, over a page and over runs', async () => {
    const crowd = Array.from({ length: 150 }, () => entry(NOW - 5_000));
    ashby.put(LIST, crowd);
    const first = await readLog();
    expectWhole(first);
    now = NOW + HOUR_MS;
    ashby.put(LIST, [entry(now - 60_000)]);
    const second = await readLog(first.out.states());
    expectWhole(first, second);
    expect(second.out.recordCounts()).toEqual({ audit_log: 1 });
  });
});
