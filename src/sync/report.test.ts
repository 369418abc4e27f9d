import { expect, test } from '@jest/globals';
import { Drift } from '../tables/drift.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { fakeOutput } from '../testing/fake-output.ts';
import { Emitter } from './emit.ts';
import { reportRun, reportStream } from './report.ts';

function world() {
  const clock = new FakeClock();
  const { output, logs } = fakeOutput(clock);
  const emitter = (name: string): Emitter =>
    new Emitter({ name, incremental: true, lastStamp: undefined, lists: {}, output, clock, drift: new Drift({}) });
  return { output, emitter, logs };
}

test('a stream is told in one line: what it brought, what it cost, and how it was read', async () => {
  const { output, emitter, logs } = world();
  const jobs = emitter('jobs');
  Object.assign(jobs, { rows: 12_345, batches: 2 });
  Object.assign(jobs.meter, { requests: 1, retries: 1, waitedForLimitMs: 1_234, waitedForAshbyMs: 60_000 });
  jobs.how.add('read whole (first run)').add('the pass starts again');
  reportStream(jobs, output);
  expect(await logs('INFO')).toEqual([
    'jobs: 12,345 rows, 1 request, 2 pages, 1 retry; all its requests together waited 1.2 s for the request limit and 60.0 s for Ashby; read whole (first run); the pass starts again.',
  ]);
});

test('one that shares the list of another says why it made no request, and one that never began says so', async () => {
  const { output, emitter, logs } = world();
  const shared = emitter('offers');
  shared.batches = 1;
  reportStream(shared, output);
  reportStream(emitter('users'), output);
  const [first, second] = await logs('INFO');
  expect(first).toContain('0 requests (its list was read together with another table), 1 page,');
  expect(second).toContain('0 requests, 0 pages, 0 retries;');
  expect(second).toMatch(/not started\.$/);
});

test.each([
  [0, 'no table failed'],
  [1, '1 table failed'],
  [2, '2 tables failed'],
])('the run adds its streams up; %d failed', async (failed, ending) => {
  const { output, emitter, logs } = world();
  const emitters = [emitter('jobs'), emitter('users')];
  for (const [n, one] of emitters.entries()) {
    one.rows = n + 1;
    Object.assign(one.meter, { requests: 10 * (n + 1), retries: n });
  }
  reportRun({ emitters, failed, elapsedMs: 2_500 }, output);
  expect(await logs('INFO')).toEqual([`Read 3 rows of 2 tables with 30 requests in 2.5 s; 1 retry; ${ending}.`]);
});
