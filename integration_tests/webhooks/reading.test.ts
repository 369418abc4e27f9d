import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buried, DELETED, InboxBench, warnings } from './inbox-bench.ts';
import { allEvents } from './receiver.ts';

/* A read that has an inbox: what events tell is in the tables, and nothing that they only claim. */

const EVENT_TABLES = [
  'webhook_events',
  'candidate_merges',
  'signature_requests',
  'interview_plan_transitions',
  'hris_pushes',
  'survey_consents',
];
const STAMP = '_ab_cdc_updated_at';

let bench: InboxBench;
beforeEach(async () => {
  bench = await InboxBench.start({ scale: 60 });
});
afterEach(() => bench.stop());

const idsOf = (endpoint: string, count: number): string[] =>
  [...bench.sim.rows(endpoint)].slice(0, count).map((row) => String(row['id']));

describe('tables of events', () => {
  const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const fireAll = (): void => {
    const { webhooks } = bench.sim;
    webhooks.fire('candidateMerge', { deletedCandidate: { id: uuid(1) }, mergedCandidate: { id: uuid(2) } });
    webhooks.fire('signatureRequestUpdate', {
      ...{ relatedEntityType: 'offer', offerId: uuid(3), offerVersionId: uuid(4), eventType: 'sent' },
    });
    webhooks.fire('interviewPlanTransition', {
      jobId: uuid(5),
      fromInterviewPlan: { id: uuid(6), title: 'A' },
      toInterviewPlan: { id: uuid(7), title: 'B\u2028' },
      interviewStageMappings: [{ fromInterviewStageId: uuid(8), toInterviewStageId: uuid(9) }],
    });
    webhooks.fire('pushToHRIS', { application: { id: uuid(10), candidate: { id: uuid(11), name: 'Made Up' } } });
    const survey = { candidateId: uuid(13), submittedAt: '2026-11-01T00:00:00.000Z', submittedValues: { a: 'yes' } };
    webhooks.fire('surveySubmit', {
      surveySubmission: { id: uuid(12), surveyType: 'CandidateDataConsent', ...survey },
    });
    webhooks.fire('surveySubmit', { surveySubmission: { id: uuid(14), surveyType: 'Questionnaire', ...survey } });
  };

  test('hold each event once, and what each kind of event says, under its keys', async () => {
    fireAll();
    const { outcome, out } = await bench.read(EVENT_TABLES);
    expect(outcome).toBe('complete');
    const kept = await allEvents(bench.receiver.pullPort);
    expect(out.rows('webhook_events').map(({ [STAMP]: _, ...row }) => row)).toEqual(
      kept.map(({ number, id, action, receivedAt, body }) => ({
        _key: `${id ?? ''}:${action}`,
        ...{ number, id, action, receivedAt, data: body.data },
      })),
    );
    expect(out.rows('candidate_merges')).toMatchObject([{ deletedCandidateId: uuid(1), mergedCandidateId: uuid(2) }]);
    expect(out.rows('signature_requests')).toMatchObject([
      { eventType: 'sent', relatedEntityType: 'offer', offerId: uuid(3), offerVersionId: uuid(4), applicationId: null },
    ]);
    expect(out.rows('interview_plan_transitions')).toMatchObject([
      {
        jobId: uuid(5),
        toInterviewPlan: { title: 'B\u2028' },
        interviewStageMappings: [{ toInterviewStageId: uuid(9) }],
      },
    ]);
    expect(out.rows('hris_pushes')).toMatchObject([{ applicationId: uuid(10), candidateId: uuid(11) }]);
    expect(JSON.stringify(out.rows('hris_pushes'))).not.toContain('Made Up');
    expect(out.rows('survey_consents')).toMatchObject([{ id: uuid(12), submittedValues: { a: 'yes' } }]);
    for (const name of EVENT_TABLES.slice(1)) expect(out.rows(name)).toHaveLength(1);
  });

  test('go on behind the last number, share one walk of the inbox, and replay from a state that was rolled back', async () => {
    await bench.read(EVENT_TABLES);
    const before = bench.state;
    fireAll();
    const second = await bench.read(EVENT_TABLES);
    expect(second.out.rows('webhook_events')).toHaveLength(7); // the transition fires jobUpdate as well
    expect((await bench.read(EVENT_TABLES)).out.recordCounts()).toEqual({});
    bench.state = before;
    const keys = (read: typeof second): unknown[] => read.out.rows('webhook_events').map((row) => row['_key']);
    expect(keys(await bench.read(EVENT_TABLES))).toEqual(keys(second));
  });

  test('deliveries that come doubled and in another order are one row each', async () => {
    await bench.read(['webhook_events']);
    bench.sim.webhooks.hold();
    fireAll();
    await bench.sim.webhooks.release({ reversed: true, times: 3 });
    const rows = (await bench.read(['webhook_events'])).out.rows('webhook_events');
    expect(rows).toHaveLength(7);
    expect(new Set(rows.map((row) => row['_key'])).size).toBe(7);
  });
});

describe('what events say is gone', () => {
  const streams = ['candidates', 'candidate_merges', 'offers', 'offer_details', 'job_postings', 'job_posting_details'];

  test('is buried in the next run, without a sweep, in its table and in those that hang on its id', async () => {
    await bench.read(streams);
    const [candidate, merged, into] = idsOf('candidate.list', 3) as [string, string, string];
    const [offer] = idsOf('offer.list', 1) as [string];
    const [posting] = idsOf('jobPosting.list', 1) as [string];
    bench.sim.remove('offer.list', [offer]);
    bench.sim.remove('jobPosting.list', [posting]);
    bench.sim.remove('candidate.list', [candidate]);
    bench.sim.merge(merged, into);
    const read = await bench.read(streams);
    expect(read.outcome).toBe('complete');
    expect(buried(read, 'candidates')).toEqual([candidate, merged].sort());
    expect(buried(read, 'offers')).toEqual([offer]);
    expect(buried(read, 'offer_details')).toEqual([offer]);
    expect(buried(read, 'job_posting_details')).toEqual([posting]);
    expect(read.out.rows('candidate_merges')).toMatchObject([{ deletedCandidateId: merged, mergedCandidateId: into }]);
    expect(bench.walks('candidate.list')).toBe(0);
    for (const row of read.out.rows('candidates').filter((one) => one[DELETED]))
      expect(Object.keys(row).sort()).toEqual([DELETED, 'id']);
    expect((await bench.read(streams)).out.recordCounts()['candidates']).toBeUndefined();
  });

  test('is asked for first: what Ashby still knows lives', async () => {
    await bench.read(['candidates', 'offers']);
    const [candidate] = idsOf('candidate.list', 1);
    bench.sim.webhooks.fire('candidateDelete', { candidate: { id: candidate } });
    const read = await bench.read(['candidates', 'offers']);
    expect([buried(read, 'candidates'), bench.asked('candidate.info')]).toEqual([[], 1]);
    await bench.read(['candidates', 'offers']);
    expect(bench.asked('candidate.info')).toBe(0);
  });

  test('lives where a list of the same run shows it, though the call for it does not find it', async () => {
    await bench.read(['candidates']);
    const [candidate] = bench.sim.change('candidate.list', { count: 1 }) as [string];
    bench.sim.webhooks.fire('candidateDelete', { candidate: { id: candidate } });
    bench.sim.fault({ kind: 'error', code: 'candidate_not_found', endpoint: 'candidate.info', times: 1 });
    const read = await bench.read(['candidates']);
    expect(read.out.rows('candidates').map((row) => [row['id'], row[DELETED]])).toEqual([[candidate, undefined]]);
    expect(buried(await bench.read(['candidates']), 'candidates')).toEqual([]);
    await bench.read(['candidates']);
    expect(bench.asked('candidate.info')).toBe(0);
  });

  test('and gets no clear answer is asked for once more, and then left to the sweep', async () => {
    await bench.read(['candidates']);
    const [candidate] = bench.sim.remove('candidate.list', 1);
    const fail = (): void =>
      bench.sim.fault({ kind: 'error', code: 'made_up_refusal', endpoint: 'candidate.info', times: Infinity });
    fail();
    expect(buried(await bench.read(['candidates']), 'candidates')).toEqual([]);
    bench.sim.clearFaults();
    expect(buried(await bench.read(['candidates']), 'candidates')).toEqual([candidate]);
    const [other] = bench.sim.remove('candidate.list', 1);
    fail();
    await bench.read(['candidates']);
    await bench.read(['candidates']);
    bench.sim.clearFaults();
    expect(buried(await bench.read(['candidates']), 'candidates')).toEqual([]);
    expect(buried(await bench.read(['candidates'], { config: { find_deleted: 'every_sync' } }), 'candidates')).toEqual([
      other,
    ]);
  });

  test('is buried once: the sweep that follows finds nothing missing, and heals what comes back', async () => {
    const sweep = { config: { find_deleted: 'every_sync' } };
    await bench.read(['candidates'], sweep);
    const [candidate] = bench.sim.hide('candidate.list', 1) as [string];
    bench.sim.webhooks.fire('candidateDelete', { candidate: { id: candidate } });
    expect(buried(await bench.read(['candidates'], { config: { find_deleted: 'weekly' } }), 'candidates')).toEqual([
      candidate,
    ]);
    bench.sim.show('candidate.list', [candidate]);
    const healed = await bench.read(['candidates'], sweep);
    expect(healed.out.rows('candidates').map((row) => [row['id'], row[DELETED]])).toEqual([[candidate, undefined]]);
    expect((await bench.read(['candidates'], sweep)).out.recordCounts()).toEqual({});
  });

  test('is no tombstone where the destination keeps every row, or nobody wants to know', async () => {
    await bench.read(['candidates'], { config: { find_deleted: 'never' } });
    bench.sim.remove('candidate.list', 1);
    const read = await bench.read(['candidates'], { config: { find_deleted: 'never' } });
    expect(buried(read, 'candidates')).toEqual([]);
  });
});

describe('parents that events name', () => {
  test('are asked about, though no token names them, once', async () => {
    const streams = ['application_history', 'candidate_notes', 'job_interview_plans'];
    await bench.read(streams);
    const [application] = [...bench.sim.rows('application.list')] as any[];
    bench.sim.webhooks.fire('applicationUpdate', { application });
    const read = await bench.read(streams);
    const asked = (endpoint: string): unknown[] =>
      bench.sim
        .requests()
        .filter((one) => one.endpoint === endpoint)
        .map(({ body }) => Object.values(body ?? {}));
    expect(asked('application.listHistory')).toEqual([expect.arrayContaining([application.id])]);
    expect(asked('candidate.listNotes')).toEqual([expect.arrayContaining([application.candidate.id])]);
    expect(asked('jobInterviewPlan.info')).toEqual([]);
    expect(read.out.rows('application_history').every((row) => row['applicationId'] === application.id)).toBe(true);
    await bench.read(streams);
    expect(bench.asked('application.listHistory')).toBe(0);
  });

  test('and that the key may not see are passed over without a word, and not asked for again', async () => {
    await bench.read(['application_history']);
    bench.sim.webhooks.fire('applicationUpdate', { application: { id: '00000000-0000-4000-8000-000000000001' } });
    const read = await bench.read(['application_history']);
    expect([read.outcome, bench.asked('application.listHistory'), warnings(read)]).toEqual(['complete', 1, []]);
    await bench.read(['application_history']);
    expect(bench.asked('application.listHistory')).toBe(0);
  });

  test('before the start date stay left out', async () => {
    const config = { start_date: '2100-01-01' };
    await bench.read(['application_history'], { config });
    const [application] = [...bench.sim.rows('application.list')] as any[];
    bench.sim.webhooks.fire('applicationUpdate', { application });
    await bench.read(['application_history'], { config });
    expect(bench.asked('application.listHistory')).toBe(0);
  });

  test('of a call that fails are owed, and asked for in the next run', async () => {
    await bench.read(['application_history']);
    const [application] = [...bench.sim.rows('application.list')] as any[];
    bench.sim.webhooks.fire('applicationUpdate', { application });
    bench.sim.fault({ kind: 'status', status: 500, endpoint: 'application.listHistory', times: Infinity });
    expect((await bench.read(['application_history'])).outcome).toBe('failed');
    bench.sim.clearFaults();
    const read = await bench.read(['application_history']);
    expect([read.outcome, bench.asked('application.listHistory')]).toEqual(['complete', 1]);
    expect(read.out.rows('application_history').length).toBeGreaterThan(0);
  });
});

test('a run that is cut off at any line loses no event: the next ones bring what it left', async () => {
  const streams = ['webhook_events', 'candidates', 'application_history', 'offer_details'];
  await bench.read(streams);
  const before = bench.state;
  const [application] = [...bench.sim.rows('application.list')] as any[];
  bench.sim.webhooks.fire('applicationUpdate', { application });
  const changed = bench.sim.change('application.list', { count: 8 });
  const gone = bench.sim.remove('candidate.list', 2).sort();
  const whole = await bench.read(streams);
  const events = whole.out.rows('webhook_events').map((row) => row['_key']);
  const lines = whole.out.lines.length;
  for (let at = 3; at < lines; at += Math.ceil(lines / 9)) {
    bench.state = before;
    const stop = new AbortController();
    const cut = await bench.read(streams, {
      stop: stop.signal,
      onLine: (_line, number) => void (number >= at && stop.abort()),
    });
    const reads = [cut, await bench.read(streams)];
    const all = (stream: string): any[] => reads.flatMap(({ out }) => out.rows(stream));
    expect([...new Set(all('webhook_events').map((row) => row['_key']))]).toEqual(events);
    expect([...new Set(reads.flatMap((read) => buried(read, 'candidates')))].sort()).toEqual(gone);
    const histories = new Set(all('application_history').map((row) => row['applicationId']));
    const living = [application.id, ...changed].filter((id) =>
      [...bench.sim.rows('application.list')].some((row) => row['id'] === id),
    );
    expect(living.filter((id) => !histories.has(id))).toEqual([]);
  }
});

describe('events that cannot be had any more', () => {
  test('are a warning, and deletions are looked for at once', async () => {
    await bench.read(['candidates', 'webhook_events']);
    const [lost] = bench.sim.remove('candidate.list', 1);
    await bench.sim.webhooks.idle();
    await bench.receiver.inbox.expire(Date.now() + 60_000, 1_000);
    const read = await bench.read(['candidates', 'webhook_events']);
    expect(warnings(read).join()).toMatch(/candidates: the events \d+ to \d+ were deleted from the webhook inbox/);
    expect([bench.walks('candidate.list'), buried(read, 'candidates')]).toEqual([1, [lost]]);
    const next = await bench.read(['candidates', 'webhook_events']);
    expect([bench.walks('candidate.list'), warnings(next)]).toEqual([0, []]);
  });

  test('of another inbox are a warning, its oldest event is the first, and deletions are looked for at once', async () => {
    const first = await bench.read(['candidates', 'webhook_events']);
    const [lost] = bench.sim.remove('candidate.list', 1);
    await bench.sim.webhooks.idle();
    await bench.receiver.inbox.renewIdentity();
    const read = await bench.read(['candidates', 'webhook_events']);
    expect(warnings(read).join()).toMatch(/candidates: the webhook inbox is another one/);
    expect([bench.walks('candidate.list'), buried(read, 'candidates')]).toEqual([1, [lost]]);
    expect(read.out.rows('webhook_events')).toHaveLength(first.out.rows('webhook_events').length + 1);
    expect(warnings(await bench.read(['candidates', 'webhook_events']))).toEqual([]);
  });
});
