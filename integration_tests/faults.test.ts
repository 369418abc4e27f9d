import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault } from './simulator/index.ts';
import { Bench } from './support/bench.ts';
import { brokenRules, type Row } from './support/transcript.ts';
import { compare, SAME, truthOf } from './support/truth.ts';

/* Reads inside this process, on a clock whose waits pass at once; the faults and the HTTP are real. */

const LIST = 'candidateTag.list';
const PAGES = 3;
let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start({ scale: 20, tables: { [LIST]: 230, 'offer.list': 120 } });
});
afterEach(() => bench.sim.clearFaults());
afterAll(() => bench.stop());

type Aimless = Omit<Fault, 'endpoint' | 'nth' | 'times' | 'where'> & { kind: Fault['kind'] };
const asked = (endpoint: string): Row[] =>
  bench.sim
    .requests()
    .filter((one) => one.endpoint === endpoint)
    .map(({ body }) => body as Row);

const passing: [string, Aimless][] = [
  ['a page of HTML', { kind: 'html' }],
  ['an answer that is cut off', { kind: 'cut' }],
  ['an answer without results', { kind: 'noResults' }],
  ['a connection that is reset', { kind: 'reset' }],
  ...[408, 500, 502, 503, 504].map((status): [string, Aimless] => [
    `status ${status}`,
    { kind: 'status', status, body: '' } as Aimless,
  ]),
  ['status 500 with an envelope', { kind: 'error', code: 'generic_internal_error', status: 500 } as Aimless],
  ['an internal error in HTTP 200', { kind: 'error', code: 'generic_internal_error' } as Aimless],
  ['429 without a word', { kind: 'status', status: 429, body: '' } as Aimless],
  ['429 with seconds', { kind: 'status', status: 429, body: '{}', headers: { 'retry-after': '7' } } as Aimless],
  [
    '429 with a date',
    {
      kind: 'status',
      status: 429,
      body: '',
      headers: { 'retry-after': new Date(Date.now() + 90_000).toUTCString() },
    } as Aimless,
  ],
  ['429 in HTTP 200', { kind: 'error', code: 'rate_limit_exceeded' } as Aimless],
  ['JSON that is no envelope', { kind: 'status', status: 200, body: '[]' } as Aimless],
  ['results that are no list', { kind: 'status', status: 200, body: '{"success":true,"results":{}}' } as Aimless],
  [
    'a row that is no object',
    { kind: 'status', status: 200, body: '{"success":true,"results":["x"],"moreDataAvailable":false}' } as Aimless,
  ],
  ['an empty answer', { kind: 'status', status: 200, body: '' } as Aimless],
];

describe.each(passing)('%s', (_name, effect) => {
  test.each([1, 2, PAGES])('that passes, on page %i: nothing is lost and nothing comes twice', async (page) => {
    bench.sim.fault({ ...effect, endpoint: LIST, nth: page } as Fault);
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'] });
    expect({ outcome, requests: asked(LIST).length }).toEqual({ outcome: 'complete', requests: PAGES + 1 });
    expect(compare('candidate_tags', out.rows('candidate_tags'), truthOf(bench.sim, 'candidate_tags'))).toEqual(SAME);
    expect(brokenRules(out)).toEqual([]);
  });

  test('that stays fails its table after a bounded number of tries; the sibling is read', async () => {
    bench.sim.fault({ ...effect, endpoint: LIST, nth: 2, times: Infinity } as Fault);
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags', 'departments'] });
    expect(outcome).toBe('failed');
    expect(out.endings()).toEqual({ candidate_tags: 'INCOMPLETE', departments: 'COMPLETE' });
    expect(out.errors()).toEqual([
      expect.objectContaining({ failure_type: 'transient_error', stream_descriptor: { name: 'candidate_tags' } }),
    ]);
    expect(asked(LIST).length).toBeGreaterThan(2);
    expect(asked(LIST).length).toBeLessThanOrEqual(13);
    expect(brokenRules(out)).toEqual([]);
    bench.sim.clearFaults();
    const next = await bench.readHere({ streams: ['candidate_tags'], state: out.states() });
    expect(next.outcome).toBe('complete');
    const rows = [...out.rows('candidate_tags'), ...next.out.rows('candidate_tags')];
    expect(compare('candidate_tags', rows, truthOf(bench.sim, 'candidate_tags'))).toEqual(SAME);
  });
});

describe('too many requests', () => {
  test('the whole Retry-After is waited for, and the platform is told until when', async () => {
    bench.sim.fault({
      kind: 'status',
      status: 429,
      body: '',
      headers: { 'retry-after': '1800' },
      endpoint: LIST,
      nth: 2,
    });
    const before = Date.now();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'] });
    expect(outcome).toBe('complete');
    const reasons = out.messages.flatMap(({ trace }) => trace?.stream_status?.reasons ?? []);
    expect(reasons).toEqual([{ type: 'RATE_LIMITED', rate_limited: { quota_reset: expect.any(Number) } }]);
    const reset = (reasons[0]?.['rate_limited'] as { quota_reset: number }).quota_reset;
    expect(reset - before).toBeGreaterThanOrEqual(1_800_000);
    expect(out.messages.find(({ record }) => record && record.emitted_at - before >= 1_800_000)).toBeDefined();
  });

  test('a Retry-After of more than an hour ends the table instead of waiting', async () => {
    bench.sim.fault({ kind: 'status', status: 429, body: '', headers: { 'retry-after': '7200' }, endpoint: LIST });
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'] });
    expect(outcome).toBe('failed');
    expect(asked(LIST)).toHaveLength(1);
    expect(out.errors()[0]).toMatchObject({
      failure_type: 'transient_error',
      message: expect.stringContaining('too many requests'),
    });
  });
});

describe('the way through a list', () => {
  test.each(['missingCursor', 'repeatedCursor'] as const)(
    '%s: the table fails and says so, it never ends early',
    async (kind) => {
      bench.sim.fault({ kind, endpoint: LIST, nth: 2, times: Infinity });
      bench.sim.clearRequests();
      const { outcome, out } = await bench.readHere({ streams: ['candidate_tags', 'brands'] });
      expect(outcome).toBe('failed');
      expect(out.endings()).toEqual({ candidate_tags: 'INCOMPLETE', brands: 'COMPLETE' });
      expect(out.errors()[0]?.message).toContain('nextCursor');
      expect(asked(LIST).length).toBe(1 + 6); // a damaged answer is asked for again, within the bounds of every retry
    },
  );

  test('an empty page in the middle is not the end', async () => {
    bench.sim.fault({ kind: 'emptyPage', endpoint: LIST, nth: 2 });
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'] });
    expect(outcome).toBe('complete');
    expect(compare('candidate_tags', out.rows('candidate_tags'), truthOf(bench.sim, 'candidate_tags'))).toEqual(SAME);
  });

  test('a cursor on the last page is not followed', async () => {
    bench.sim.clearRequests();
    await bench.readHere({ streams: ['candidate_tags'] });
    expect(asked(LIST)).toHaveLength(PAGES);
  });

  test.each([false, true])('postings of all boards come whole and merged (in pages: %s)', async (pagedJobPostings) => {
    const own = await Bench.start({ scale: 20, pagedJobPostings, tables: { 'jobPosting.list': 330 } });
    try {
      const { outcome, out } = await own.readHere({ streams: ['job_postings', 'job_boards'] });
      expect(outcome).toBe('complete');
      expect(compare('job_postings', out.rows('job_postings'), truthOf(own.sim, 'job_postings'))).toEqual(SAME);
    } finally {
      await own.stop();
    }
  });

  test('one job board that is refused costs no other one its postings; the table is INCOMPLETE and says how many', async () => {
    bench.sim.fault({ kind: 'error', code: 'something_new', endpoint: 'jobPosting.list', nth: 2, times: 1 });
    const { outcome, out } = await bench.readHere({ streams: ['job_postings', 'departments'] });
    bench.sim.clearFaults();
    expect(outcome).toBe('failed');
    expect(out.endings()).toEqual({ job_postings: 'INCOMPLETE', departments: 'COMPLETE' });
    expect(out.rows('job_postings').length).toBeGreaterThan(0);
    const lists = 1 + bench.sim.count('jobBoard.list');
    expect(out.errors()).toEqual([
      expect.objectContaining({ message: expect.stringContaining(`postings of 1 of ${lists} lists`) }),
    ]);
    const next = await bench.readHere({ streams: ['job_postings'], state: out.states() });
    expect(next.outcome).toBe('complete');
    expect(compare('job_postings', next.out.rows('job_postings'), truthOf(bench.sim, 'job_postings'))).toEqual(SAME);
  });

  test('parameters that an older Ashby refuses are left out, with a warning', async () => {
    bench.sim.set({
      refuseParameters: [
        'customField.list:includeArchived',
        'jobPosting.list:includeUnpublishedJobPostings',
        'jobPosting.info:includeUnpublishedJobPostings',
      ],
    });
    const { outcome, out } = await bench.readHere({
      streams: ['custom_fields', 'job_postings', 'job_posting_details'],
    });
    bench.sim.set({ refuseParameters: [] });
    expect(outcome).toBe('complete');
    expect(out.rows('custom_fields')).toHaveLength(bench.sim.count('customField.list'));
    expect(out.logs('WARN').filter((line) => line.includes('includeArchived'))).toHaveLength(1);
    expect(out.logs('WARN').filter((line) => /^job_postings: .*includeUnpublishedJobPostings/.test(line))).toHaveLength(
      1,
    );
  });

  test('a parameter that Ashby refuses and that is needed fails the table, after a second try and no third', async () => {
    bench.sim.set({ refuseParameters: ['user.list:includeDeactivated'] });
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['users', 'brands'] });
    bench.sim.set({ refuseParameters: [] });
    expect(outcome).toBe('failed');
    expect(out.endings()).toEqual({ users: 'INCOMPLETE', brands: 'COMPLETE' });
    expect(asked('user.list')).toHaveLength(2);
  });

  test('a code that nobody knows fails the table at once', async () => {
    bench.sim.fault({ kind: 'error', code: 'something_new', endpoint: LIST, times: Infinity });
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'] });
    expect(outcome).toBe('failed');
    expect(asked(LIST)).toHaveLength(1);
    expect(out.errors()[0]).toMatchObject({
      failure_type: 'system_error',
      message: expect.stringContaining('something_new'),
    });
  });
});

describe('in the middle of a fan-out', () => {
  test('a fault that passes costs nothing', async () => {
    bench.sim.fault({ kind: 'reset', endpoint: 'offer.info', nth: 60, times: 3 });
    const { outcome, out } = await bench.readHere({ streams: ['offers', 'offer_details'] });
    expect(outcome).toBe('complete');
    expect(compare('offer_details', out.rows('offer_details'), truthOf(bench.sim, 'offer_details'))).toEqual(SAME);
  });

  test('a fault that stays fails the child alone; the parent completes and the next run makes the child whole', async () => {
    bench.sim.fault({ kind: 'status', status: 500, body: '', endpoint: 'offer.info', nth: 110, times: Infinity });
    const { outcome, out } = await bench.readHere({ streams: ['offers', 'offer_details'] });
    expect(outcome).toBe('failed');
    expect(out.endings()).toEqual({ offers: 'COMPLETE', offer_details: 'INCOMPLETE' });
    expect(brokenRules(out)).toEqual([]);
    bench.sim.clearFaults();
    const next = await bench.readHere({ streams: ['offers', 'offer_details'], state: out.states() });
    expect(next.out.rows('offers')).toEqual([]);
    expect(next.out.rows('offer_details').length).toBeLessThan(110);
    const rows = new Map(
      [...out.rows('offer_details'), ...next.out.rows('offer_details')].map((row) => [row['id'], row]),
    );
    expect(compare('offer_details', rows.values(), truthOf(bench.sim, 'offer_details'))).toEqual(SAME);
  });

  test('a list that fails takes along the tables that live on it, and no other', async () => {
    bench.sim.fault({ kind: 'status', status: 500, body: '', endpoint: 'offer.list', nth: 2, times: Infinity });
    const { outcome, out } = await bench.readHere({ streams: ['offers', 'offer_details', 'departments'] });
    expect(outcome).toBe('failed');
    expect(out.endings()).toEqual({ offers: 'INCOMPLETE', offer_details: 'INCOMPLETE', departments: 'COMPLETE' });
    expect(out.errors()).toHaveLength(2);
    expect(brokenRules(out)).toEqual([]);
  });
});
