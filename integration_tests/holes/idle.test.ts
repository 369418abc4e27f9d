import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StateMessage } from '../support/transcript.ts';
import { ENDPOINTS } from './endpoints.ts';
import { clockAt, idOf, missingFrom, readFrom, rowsOf, type Printed } from './reading.ts';
import { StandIn } from './stand-in.ts';

/* What a run costs when little or nothing has changed. Issue 10, part 3, items 2, 3 and 5. */

const FIRST_RUN = Date.UTC(2026, 10, 20, 12);
const HOUR_MS = 3_600_000;
const [USERS, DEACTIVATED, PLANS] = [500, 120, 50];
const EVERYTHING = [...Object.values(ENDPOINTS).map(({ stream }) => stream), 'interview_events'];

describe('all tables of an account of some size', () => {
  let ashby: StandIn;
  let state: StateMessage[] = [];
  let printed: Printed;
  let counted: Record<string, number>;
  beforeAll(async () => {
    ashby = await StandIn.start();
    const moved = { updatedAt: '2026-10-10T00:00:00.000Z' };
    ashby.put(
      'user.list',
      rowsOf('user', USERS, (n) => ({ isEnabled: n >= DEACTIVATED })),
    );
    ashby.put('application.list', rowsOf('application', 3_000));
    ashby.put('interviewPlan.list', rowsOf('plan', PLANS));
    ashby.put('job.list', rowsOf('job', 200));
    ashby.put(
      'jobPosting.list',
      rowsOf('posting', 300, () => moved),
    );
    ashby.put('jobBoard.list', rowsOf('board', 1));
    ashby.put('interviewerPool.list', rowsOf('pool', 12));
    for (const name of ['user.interviewerSettings', 'jobInterviewPlan.info'])
      ashby.about(name, () => ({ name: 'one' }));
  });
  afterAll(() => ashby.stop());

  /** Reads everything, so many hours after the first run. */
  async function run(hours: number): Promise<void> {
    ashby.heal();
    const at = FIRST_RUN + hours * HOUR_MS;
    ashby.now = () => at;
    printed = await readFrom(ashby, { streams: EVERYTHING, state, clock: clockAt(at) });
    state = printed.out.states(state);
    counted = {};
    for (const { endpoint } of ashby.calls) counted[endpoint] = (counted[endpoint] ?? 0) + 1;
  }

  test('the first run asks about every parent once, and walks each list once', async () => {
    await run(0);
    expect(counted).toMatchObject({
      'user.list': 5,
      'interviewPlan.list': 1,
      'jobBoard.list': 1,
      'user.interviewerSettings': USERS,
      'user.listInterviewerPauses': USERS,
      'interviewStage.list': PLANS,
    });
    expect(printed.out.endings()).toEqual(Object.fromEntries(EVERYTHING.map((stream) => [stream, 'COMPLETE'])));
  }, 120_000);

  test('an hour later, with nothing changed, a run makes at most 60 requests', async () => {
    await run(1);
    expect(ashby.calls.length).toBeLessThanOrEqual(60);
    expect(printed.exitCode).toBe(0);
  });

  test('two hours later, with a few changed, it asks about those alone', async () => {
    ashby.put(
      'user.list',
      [0, 200, 300].map((n) => ({ id: idOf('user', n), name: 'changed', isEnabled: n >= DEACTIVATED })),
    );
    ashby.put('interviewPlan.list', [{ id: idOf('plan', 4), name: 'changed' }]);
    await run(2);
    const asked = (endpoint: string): unknown[] =>
      ashby
        .asked(endpoint)
        .map(({ parent }) => parent)
        .sort();
    // A deactivated user that changed may be asked about once more, or not.
    const enabled = [idOf('user', 200), idOf('user', 300)];
    for (const endpoint of ['user.interviewerSettings', 'user.listInterviewerPauses']) {
      expect(asked(endpoint)).toEqual(expect.arrayContaining(enabled));
      expect(asked(endpoint).length).toBeLessThanOrEqual(3);
    }
    expect(asked('interviewStage.list')).toEqual([idOf('plan', 4)]);
    expect(ashby.calls.length).toBeLessThanOrEqual(70);
  });

  test('a day after the first run all are asked about once, but for deactivated users', async () => {
    await run(25);
    expect(counted).toMatchObject({ 'interviewStage.list': PLANS });
    // The table asks for changes, and whoever asks about all of them needs all ids: no third walk.
    expect(counted['interviewPlan.list']).toBeLessThanOrEqual(2);
    expect(counted['user.list']).toBeLessThanOrEqual(6);
    const deactivated = Array.from({ length: DEACTIVATED }, (_, n) => idOf('user', n));
    for (const endpoint of ['user.interviewerSettings', 'user.listInterviewerPauses']) {
      const asked = ashby.asked(endpoint).map(({ parent }) => parent);
      expect({ calls: asked.length, different: new Set(asked).size }).toEqual({
        calls: USERS - DEACTIVATED,
        different: USERS - DEACTIVATED,
      });
      expect(deactivated.filter((id) => asked.includes(id))).toEqual([]);
    }
    expect(printed.exitCode).toBe(0);
  });

  test('an hour after that a run is small again', async () => {
    await run(26);
    expect(ashby.calls.length).toBeLessThanOrEqual(60);
    expect(printed.exitCode).toBe(0);
  });
});

describe('interviewer_pool_details', () => {
  test('a row a pool, and later runs ask about the pools that changed', async () => {
    const ashby = await StandIn.start();
    try {
      ashby.put('interviewerPool.list', rowsOf('pool', 130));
      ashby.about('interviewerPool.info', (id) => ({ id, qualifiedMembers: [{ id: 'm' }], trainees: [{ id: 't' }] }));
      const first = await readFrom(ashby, { streams: ['interviewer_pool_details'] });
      expect(first.out.recordCounts()).toEqual({ interviewer_pool_details: 130 });
      expect(missingFrom(ashby, 'interviewer_pool_details', first)).toBe(0);
      ashby.heal();
      ashby.put('interviewerPool.list', [{ id: idOf('pool', 7), name: 'changed' }]);
      const second = await readFrom(ashby, { streams: ['interviewer_pool_details'], state: first.out.states() });
      expect(ashby.asked('interviewerPool.info').map(({ parent }) => parent)).toEqual([idOf('pool', 7)]);
      expect(second.exitCode).toBe(0);
    } finally {
      await ashby.stop();
    }
  });
});

describe('the state of job_posting_details', () => {
  const POSTINGS = 2_000;

  test('takes at most 24 bytes a posting, and is not printed over and over', async () => {
    const ashby = await StandIn.start();
    try {
      const moved = { updatedAt: '2026-10-10T00:00:00.000Z' };
      ashby.put(
        'jobPosting.list',
        rowsOf('posting', POSTINGS, () => moved),
      );
      const first = await readFrom(ashby, { streams: ['job_posting_details'] });
      expect(first.out.recordCounts()).toEqual({ job_posting_details: POSTINGS });
      const sizes = first.out.statesOf('job_posting_details').map((one) => JSON.stringify(one).length);
      expect(sizes.at(-1)).toBeLessThanOrEqual(24 * POSTINGS + 500);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3 * 24 * POSTINGS);
      ashby.heal();
      const changed = rowsOf('posting', 2, () => ({ updatedAt: '2026-11-11T00:00:00.000Z' }));
      ashby.put('jobPosting.list', changed);
      const second = await readFrom(ashby, { streams: ['job_posting_details'], state: first.out.states() });
      expect(new Set(ashby.asked('jobPosting.info').map(({ parent }) => parent))).toEqual(
        new Set(changed.map(({ id }) => id)),
      );
      expect(second.exitCode).toBe(0);
    } finally {
      await ashby.stop();
    }
  });
});
