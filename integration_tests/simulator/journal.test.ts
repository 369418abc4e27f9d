import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSimulator, type Row, type Simulator } from './index.ts';
import { call, everyPage } from './testing.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24, 9);
const iso = (ms: number): string => new Date(ms).toISOString();

let sim: Simulator;
let now = NOW;
beforeEach(async () => {
  now = NOW;
  sim = await startSimulator({ scale: 20, tables: { 'auditLog.list': 1_000 }, now: () => now });
});
afterEach(() => sim.close());

const list = 'auditLog.list';
const read = async (body: Row): Promise<Row[]> => (await everyPage(sim, list, body)).rows;
const ids = (rows: readonly Row[]): unknown[] => rows.map((row) => row['id']);
const code = async (body: Row): Promise<[number, string | undefined]> => {
  const { status, code: found } = await call(sim, list, body);
  return [status, found];
};

test('without dates the 24 hours that end now come, however much the journal holds', async () => {
  expect(sim.count(list)).toBe(1_000);
  expect(await read({})).toEqual([]);
  const inside = sim.insert(list, 2, { at: now - DAY + 1 });
  sim.insert(list, 1, { at: now - DAY });
  expect(ids(await read({})).sort()).toEqual([...inside].sort());
  now += 1;
  expect(await read({})).toEqual([]);
});

test('startDate alone is 24 hours from it, and endDate alone is refused', async () => {
  const start = NOW - 10 * DAY;
  const first = sim.insert(list, 3, { at: start + 1 });
  sim.insert(list, 1, { at: start + DAY + 1 });
  expect(ids(await read({ startDate: iso(start) })).sort()).toEqual([...first].sort());
  expect(await code({ endDate: iso(NOW) })).toEqual([200, 'invalid_input']);
});

test('a span of 18 months is read whole and newest first, a longer or a reversed one is refused', async () => {
  const rows = await read({ startDate: '2023-01-31T00:00:00.000Z', endDate: '2024-07-31T00:00:00.000Z' });
  const truth = [...sim.rows(list)].filter(({ timestamp }) => {
    const at = Date.parse(String(timestamp));
    return at > Date.UTC(2023, 0, 31) && at < Date.UTC(2024, 6, 31);
  });
  expect(rows.length).toBeGreaterThan(300);
  expect(rows).toEqual(truth);
  const stamps = rows.map((row) => String(row['timestamp']));
  expect(stamps).toEqual([...stamps].sort().reverse());
  const span = (startDate: string, endDate: string): Promise<[number, string | undefined]> =>
    code({ startDate, endDate });
  expect(await span('2023-01-31T00:00:00.000Z', '2024-07-31T00:00:00.001Z')).toEqual([200, 'invalid_input']);
  expect(await span('2024-08-31T00:00:00.000Z', '2026-02-28T00:00:00.000Z')).toEqual([200, undefined]);
  expect(await span('2024-08-31T00:00:00.000Z', '2026-03-01T00:00:00.000Z')).toEqual([200, 'invalid_input']);
  expect(await span('2026-01-02', '2026-01-01')).toEqual([200, 'invalid_input']);
  expect(await span('1 January 2026', '2026-01-02')).toEqual([200, 'invalid_input']);
});

test('the journal spans four years, and some of its entries share an instant', () => {
  const stamps = [...sim.rows(list)].map((row) => String(row['timestamp']));
  expect(Date.parse(stamps[0] ?? '') - Date.parse(stamps.at(-1) ?? '')).toBeGreaterThan(3.9 * 365 * DAY);
  expect(new Set(stamps).size).toBe(600);
});

test('spans that meet leave out the entry on their seam', async () => {
  const seam = iso(NOW - 5 * DAY);
  const [id] = sim.insert(list, 1, { at: Date.parse(seam) });
  const sides = [
    ...(await read({ startDate: iso(NOW - 6 * DAY), endDate: seam })),
    ...(await read({ startDate: seam, endDate: iso(NOW) })),
  ];
  expect(ids(sides)).not.toContain(id);
  expect(ids(await read({ startDate: iso(NOW - 6 * DAY), endDate: iso(NOW) }))).toContain(id);
});

test('entries made later are now, or where they are told to be, in the order of their instants', async () => {
  const [latest] = sim.insert(list, 1);
  const gap = sim.insert(list, 150, { at: NOW - 2 * DAY, overMs: 2 * DAY });
  const bulk = sim.insert(list, 120, { at: Date.UTC(2024, 5, 1) });
  now += 1;
  const recent = ids(await read({ startDate: iso(NOW - 3 * DAY), endDate: iso(now) }));
  expect(recent).toEqual([latest, ...gap.slice().reverse()]);
  const old = await read({ startDate: '2024-05-31', endDate: '2024-06-02' });
  expect(ids(old)).toEqual(expect.arrayContaining(bulk));
  expect(ids(old)).toEqual(ids([...sim.rows(list, { startDate: '2024-05-31', endDate: '2024-06-02' })]));
});

test('a cursor works with its own dates and filters only, and keeps its place when older entries are made', async () => {
  const body = { startDate: '2025-06-01', endDate: '2026-11-24' };
  const { json } = await call(sim, list, body);
  const cursor = json['nextCursor'];
  sim.insert(list, 5, { at: Date.UTC(2025, 5, 2) });
  for (const other of [{}, { ...body, endDate: '2026-11-23' }, { ...body, categories: ['Job'] }])
    expect(await code({ ...other, cursor })).toEqual([200, 'cursor_invalid']);
  expect((await call(sim, list, { ...body, cursor, limit: 7 })).json['results']).toHaveLength(7);
  const whole = [...(json['results'] as Row[]), ...(await read({ ...body, cursor }))];
  expect(ids(whole)).toEqual(ids([...sim.rows(list, body)]));
  sim.expireCursors();
  expect(await code({ ...body, cursor })).toEqual([200, 'cursor_invalid']);
});

test('filters choose, and words outside the vocabulary are refused with status 400', async () => {
  const span = { startDate: '2025-06-01', endDate: '2026-11-24' };
  const jobs = await read({ ...span, categories: ['Job'], targetTypes: ['Job'] });
  expect(new Set(jobs.map((row) => row['category']))).toEqual(new Set(['Job']));
  expect(jobs.length).toBeLessThan(sim.count(list, span));
  const target = (jobs[0]?.['target'] as Row)['id'];
  expect((await read({ ...span, targetIds: [target] })).length).toBeGreaterThan(0);
  expect(await code({ ...span, categories: ['Job', 'Nonsense'] })).toEqual([400, 'invalid_input']);
  expect(await code({ ...span, targetTypes: ['Nonsense'] })).toEqual([400, 'invalid_input']);
});
