import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { requestOf } from './arguments.ts';
import { chartOf, tableOf } from './picture.ts';
import { Sources } from './sources.ts';
import { Tally } from './tally.ts';

describe('the command line', () => {
  test('ignores the key without --real, and takes it with it', () => {
    expect(requestOf([], 'a-key')).toEqual({ kind: 'run', key: undefined });
    expect(requestOf(['--real'], 'a-key')).toEqual({ kind: 'run', key: 'a-key' });
    expect(requestOf(['--help'], undefined)).toEqual({ kind: 'help' });
  });

  test.each([
    [['--real'], undefined],
    [['--real'], ' '],
    [['--rael'], 'a-key'],
  ])('refuses %j with the key %j', (args, key) => {
    expect(requestOf(args, key)).toMatchObject({ kind: 'refuse' });
  });

  test('--real without a key ends with one sentence and 1, and touches nothing', () => {
    const main = new URL('main.ts', import.meta.url).pathname;
    const { ASHBY_API_KEY: _key, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, '--real'], { env });
    expect([status, String(stdout)]).toEqual([1, '']);
    expect(String(stderr)).toMatch(/^To read a real account, .*ASHBY_API_KEY.*\n$/);
  });
});

/** Lines as the connector prints them. */
const record = (stream: string, data: object): string =>
  JSON.stringify({ type: 'RECORD', record: { stream, data, emitted_at: 1 } });
const status = (name: string, value: string, emitted_at: number): string =>
  JSON.stringify({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', emitted_at, stream_status: { stream_descriptor: { name }, status: value } },
  });
const log = (level: string, message: string): string => JSON.stringify({ type: 'LOG', log: { level, message } });

test('the tally counts records, and takes requests from the report', () => {
  const rows: unknown[] = [];
  const tally = new Tally({ jobs: (row) => rows.push(row) });
  const lines = [
    status('jobs', 'STARTED', 1_000),
    record('jobs', { id: 'a', text: '"stream":"users"' }),
    record('users', { id: 'b' }),
    log('WARN', 'jobs: something is odd.'),
    log('INFO', 'jobs: 1 row, 1,002 requests, 1 page, 0 retries; waited 0.0 s for the request limit.'),
    log('INFO', 'events: 5 rows, 0 requests (its list was read together with another table), 1 page, 0 retries; …'),
    status('jobs', 'COMPLETE', 3_500),
  ];
  for (const line of lines) tally.take(line);
  expect(tally.records).toBe(2);
  expect(rows).toEqual([{ id: 'a', text: '"stream":"users"' }]);
  expect(tally.tables.get('jobs')).toMatchObject({ records: 1, requests: 1_002, shared: false, status: 'COMPLETE' });
  expect(tally.tables.get('events')).toMatchObject({ requests: 0, shared: true });
  expect(tally.warnings).toEqual(['jobs: something is odd.']);
  const [, , jobs, users] = tableOf([...tally.tables.values()], { requests: 1_002, seconds: 3 }).split('\n');
  expect(jobs).toMatch(/^jobs +1 +1,002 +2\.5$/);
  expect(users).toMatch(/^users \(not started\) +1 *$/);
});

describe('applications by source', () => {
  const sources = new Sources();
  const application = (id: string | undefined, atPosting: boolean): void =>
    sources.takeApplication({
      ...(id === undefined ? {} : { source: { id, title: `Source ${id}` } }),
      ...(atPosting ? { appliedViaJobPostingId: 'p' } : {}),
    });
  application('a', true);
  application('a', true);
  application('a', false);
  application('b', true);
  application(undefined, true);
  sources.takeLink({ id: 'l', sourceId: 'a' }); // links may come last

  test('count as of a link what was made at a posting under a source that a link sets', () => {
    expect(sources.counts()).toEqual([
      { title: 'Source a', hasLinks: true, throughLinks: 2, others: 1 },
      { title: '(no source)', hasLinks: false, throughLinks: 0, others: 1 },
      { title: 'Source b', hasLinks: false, throughLinks: 0, others: 1 },
    ]);
  });

  test('are drawn with the sources of links marked', () => {
    const chart = chartOf(sources.counts(), 40);
    expect(chart).toMatch(/◆ Source a +█+░+ 3\n/);
    expect(chart).toMatch(/ {2} Source b +░+ 1\n/);
    expect(chart).toContain('2 of 5 applications (40 %)');
    expect(chartOf([], 40)).toBe('There are no applications to draw.');
  });
});
