import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { reportCells, reportId } from './simulator/reports.ts';
import { Bench, hurriedClock, type Read } from './support/bench.ts';

/*
 * Reports that people have saved in Ashby, as tables: generated on demand, 15 starts a minute and 3 at once for the whole
 * organisation.
 */

const clock = hurriedClock();
let bench: Bench;

beforeEach(async () => {
  bench = await Bench.start({ scale: 20, reports: 40, now: () => clock.now() });
});

afterEach(() => bench.stop());

/** The form's entry for the n-th report. */
const wanted = (n: number): object => ({ id: reportId(n), name: `Number ${n}` });
const streamOf = (n: number): string => `report_number_${n}`;

function read(numbers: readonly number[], others: readonly string[] = []): Promise<Read> {
  const config = { reports: numbers.map(wanted) };
  return bench.readHere({ streams: [...numbers.map(streamOf), ...others], mode: 'full_refresh', config }, { clock });
}

/** The rows that the report must give: a second, independent way from cells to rows. Numbers are the texts that came. */
function expectedRows(n: number): Record<string, string | null>[] {
  return reportCells(n).cells.map(([timeframe, department, hired, hiredToo, share]) => {
    const text = (json = 'null'): string | null => (/^["n]/.test(json) ? (JSON.parse(json) as string | null) : json);
    return {
      timeframe: text(timeframe),
      department: text(department),
      hired: text(hired),
      hired_2: text(hiredToo),
      share_of_all: text(share),
    };
  });
}

/** What each failed stream was told to people with. */
function errorsOf({ out }: Read): Record<string, string> {
  return Object.fromEntries(out.errors().map((error) => [error.stream_descriptor?.name ?? '', error.message]));
}

function withoutOurs(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return rows.map(({ _key, _report_id, _generated_at, ...own }) => own);
}

describe('Reports', () => {
  test('forty of them come whole, at most 15 started in any minute and 3 at once', async () => {
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    const { outcome, out } = await read(numbers);
    expect(outcome).toBe('complete');
    for (const n of numbers) {
      const rows = out.rows(streamOf(n));
      expect(withoutOurs(rows)).toEqual(expectedRows(n));
      expect(new Set(rows.map((row) => row['_key'])).size).toBe(rows.length);
      expect(rows.every((row) => row['_report_id'] === reportId(n))).toBe(true);
    }
    expect(bench.sim.reportPeaks()).toEqual({ startsAMinute: expect.any(Number), atOnce: 3, refused: 0 });
    expect(bench.sim.reportPeaks().startsAMinute).toBeLessThanOrEqual(15);
  });

  test('a row has the same key in every generation', async () => {
    const first = await read([1]);
    const second = await read([1]);
    const keys = ({ out }: Read): unknown[] => out.rows(streamOf(1)).map((row) => row['_key']);
    expect(keys(second)).toEqual(keys(first));
    expect(second.out.rows(streamOf(1))[0]?.['_generated_at']).not.toBe(
      first.out.rows(streamOf(1))[0]?.['_generated_at'],
    );
  });

  test('a refused start waits for its turn, and nobody else waits with it', async () => {
    bench.sim.fault({
      endpoint: 'report.generate',
      times: 2,
      kind: 'status',
      status: 429,
      headers: { 'Retry-After': '600' },
    });
    const { outcome, out } = await read([1], ['users']);
    expect(outcome).toBe('complete');
    expect(withoutOurs(out.rows(streamOf(1)))).toEqual(expectedRows(1));
    expect(out.rows('users').length).toBe(bench.sim.count('user.list', { includeDeactivated: true }));
  });

  test('one that was deleted, and one that Ashby cannot generate, fail in a sentence; the others come', async () => {
    bench.sim.set({ failingReports: [reportId(2)] });
    const config = { reports: [wanted(1), wanted(2), { id: reportId(99), name: 'gone' }] };
    const streams = [streamOf(1), streamOf(2), 'report_gone', 'users'];
    const ended = await bench.readHere({ streams, mode: 'full_refresh', config }, { clock });
    const { outcome, out } = ended;
    expect(outcome).toBe('failed');
    expect(withoutOurs(out.rows(streamOf(1)))).toEqual(expectedRows(1));
    expect(out.statuses('users').at(-1)).toBe('COMPLETE');
    const errors = errorsOf(ended);
    expect(errors['report_gone']).toMatch(/^report_gone: Ashby has no report with the id .* Remove it from "Reports"/);
    expect(errors[streamOf(2)]).toMatch(/could not generate the report .* \(QueryTimeout\)/);
  });

  test.each([
    ['rows of another width', { columnNames: ['a', 'b'], data: [['1']], metadata: {} }],
    ['no columns', { data: [['1']], metadata: {} }],
    ['no data', { columnNames: ['a'], metadata: {} }],
    ['data that is no table', { columnNames: ['a'], data: ['1'], metadata: {} }],
    ['no metadata', { columnNames: ['a'], data: [['1']] }],
    ['nothing at all', null],
  ] as [string, unknown][])('a complete report with %s is damage, never an empty table', async (_what, reportData) => {
    const answer = { success: true, results: { requestId: 'rep_result:1', status: 'complete', reportData } };
    bench.sim.fault({
      endpoint: 'report.generate',
      times: Infinity,
      kind: 'status',
      status: 200,
      body: JSON.stringify(answer),
    });
    const { outcome, out } = await read([1]);
    expect(outcome).toBe('failed');
    expect(out.statuses(streamOf(1)).at(-1)).toBe('INCOMPLETE');
  });

  test('a report without rows is an empty table', async () => {
    const reportData = { columnNames: ['a'], data: [], metadata: { title: 't', updatedAt: '2026-01-01T00:00:00Z' } };
    const answer = { success: true, results: { requestId: 'rep_result:1', status: 'complete', reportData } };
    bench.sim.fault({
      endpoint: 'report.generate',
      times: Infinity,
      kind: 'status',
      status: 200,
      body: JSON.stringify(answer),
    });
    const { outcome, out } = await read([1]);
    expect(outcome).toBe('complete');
    expect(out.rows(streamOf(1))).toEqual([]);
  });

  test('a column that is no longer there is told', async () => {
    const catalog = {
      streams: [
        {
          stream: { name: streamOf(1), json_schema: { properties: { _key: {}, timeframe: {}, office: {} } } },
          sync_mode: 'full_refresh',
          destination_sync_mode: 'overwrite',
        },
      ],
    };
    const { out } = await bench.readHere({ streams: [], catalog, config: { reports: [wanted(1)] } }, { clock });
    expect(out.logs('WARN').join('\n')).toMatch(/1 of the columns .* no longer in the report \(office\)/);
  });

  test('a stream that the form names no report for says so', async () => {
    const ended = await bench.readHere({ streams: ['report_x'], mode: 'full_refresh' }, { clock });
    expect(ended.outcome).toBe('failed');
    expect(errorsOf(ended)['report_x']).toMatch(/"Reports" in the configuration names no report/);
  });

  test('discover offers them with their own columns, all texts, and leaves out what is not there', async () => {
    const config = { ...bench.config, reports: [wanted(1), { id: reportId(99), name: 'gone' }] };
    const { out } = await bench.commandHere(['discover', '--config', await bench.file(config)]);
    const [catalog] = out.catalogs();
    const reports = catalog?.streams.filter(({ name }) => name.startsWith('report_')) ?? [];
    expect(reports.map(({ name }) => name)).toEqual([streamOf(1)]);
    const properties = (reports[0]?.['json_schema'] as { properties: unknown }).properties as Record<string, unknown>;
    expect(Object.keys(properties)).toEqual([
      '_key',
      '_report_id',
      '_generated_at',
      'timeframe',
      'department',
      'hired',
      'hired_2',
      'share_of_all',
    ]);
    expect(properties['hired']).toEqual({ type: ['null', 'string'] });
    expect(out.logs('WARN').join('\n')).toMatch(/report_gone is left out: Ashby has no report/);
  });

  test('check tells a key that may have no reports', async () => {
    const key = bench.sim.addKey({ permissions: ['candidatesRead'] });
    const config = { ...bench.config, api_key: key, reports: [wanted(1)] };
    const { out } = await bench.commandHere(['check', '--config', await bench.file(config)]);
    expect(out.connectionStatuses()).toEqual([
      { status: 'FAILED', message: expect.stringMatching(/"Reports: Read" \(reportsRead\)/) },
    ]);
  });
});
