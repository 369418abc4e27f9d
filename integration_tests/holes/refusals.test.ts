import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { endpointOf } from './endpoints.ts';
import { idOf, missingFrom, readFrom, rowsOf, wrongWith, type Printed } from './reading.ts';
import { refusal, StandIn, write, type Call, type Draft, type Row, type Wire } from './stand-in.ts';

/* What is refused, who is told what, and whom it may not harm. Issue 10, holes 4, 8 and 9. */

let ashby: StandIn;
beforeEach(async () => {
  ashby = await StandIn.start();
  ashby.put('user.list', rowsOf('user', 9));
});
afterEach(() => ashby.stop());

const TYPES = ['CandidateExperience', 'Questionnaire', 'HiringManagerExperience'];
const SUBMISSIONS = 'surveySubmission.list';
const ofType =
  (type: string | undefined) =>
  ({ body }: Call) =>
    body['surveyType'] === type;

describe('hole 4: a survey type is refused', () => {
  const submissions = (prefix: string): Row[] => rowsOf(prefix, 9, (n) => ({ surveyType: TYPES[n % 3] }));
  const readSurveys = (...before: Printed[]): Promise<Printed> => {
    const state = before.reduce<ReturnType<Printed['out']['states']>>((known, { out }) => out.states(known), []);
    ashby.calls.length = 0;
    return readFrom(ashby, { streams: ['survey_submissions'], state });
  };
  /** Whether each type's first request brought a token. */
  const broughtToken = (): Record<string, boolean> =>
    Object.fromEntries(
      TYPES.map((type) => [type, ashby.calls.filter(ofType(type)).every(({ body }) => 'syncToken' in body)]),
    );

  test.each(TYPES)('%s, once, with a token in the state: its changes are not lost, nor is its token', async (type) => {
    ashby.put(SUBMISSIONS, submissions('early'));
    const first = await readSurveys();
    ashby.put(SUBMISSIONS, submissions('late'));
    ashby.fault({ endpoint: SUBMISSIONS, when: ofType(type), times: 1, answer: () => refusal('invalid_input') });
    const second = await readSurveys(first);
    expect(wrongWith(ashby, second, ['survey_submissions'], [first])).toEqual([]);
    ashby.heal();
    const third = await readSurveys(first, second);
    expect(missingFrom(ashby, 'survey_submissions', first, second, third)).toBe(0);
    expect(third.exitCode).toBe(0);
    expect(broughtToken()).toEqual({ CandidateExperience: true, Questionnaire: true, HiringManagerExperience: true });
  });

  test.each(TYPES)('%s, always, with a token in the state: the stream fails, and the others are read', async (type) => {
    ashby.put(SUBMISSIONS, submissions('early'));
    const first = await readSurveys();
    ashby.put(SUBMISSIONS, submissions('late'));
    ashby.fault({ endpoint: SUBMISSIONS, when: ofType(type), answer: () => refusal('invalid_input') });
    const second = await readSurveys(first);
    expect(second.out.endings()).toEqual({ survey_submissions: 'INCOMPLETE' });
    expect(missingFrom(ashby, 'survey_submissions', first, second)).toBe(3);
    ashby.heal();
    const third = await readSurveys(first, second);
    expect(third.out.recordCounts()).toEqual({ survey_submissions: 3 });
    expect(broughtToken()).toEqual({ CandidateExperience: true, Questionnaire: true, HiringManagerExperience: true });
  });

  test('a type that was never read is left out with a warning, and asked for in the next run', async () => {
    ashby.put(SUBMISSIONS, submissions('early'));
    ashby.fault({ endpoint: SUBMISSIONS, when: ofType('Questionnaire'), answer: () => refusal('invalid_input') });
    const first = await readSurveys();
    expect({ exitCode: first.exitCode, rows: first.out.recordCounts() }).toEqual({
      exitCode: 0,
      rows: { survey_submissions: 6 },
    });
    expect(first.out.logs('WARN').filter((line) => line.includes('Questionnaire'))).toHaveLength(1);
    ashby.heal();
    const second = await readSurveys(first);
    expect(second.out.recordCounts()).toEqual({ survey_submissions: 3 });
    expect(second.exitCode).toBe(0);
  });
});

describe('hole 8: who is told what', () => {
  const optional = ['referrals', 'sequences', 'sequence_templates', 'take_home_assignments', 'audit_log'];
  const children = ['candidate_fraud_checks', 'application_criteria_evaluations'];
  beforeEach(() => {
    ashby.put('candidate.list', rowsOf('candidate', 3));
    ashby.put('application.list', rowsOf('application', 3));
  });

  test.each([...optional, ...children])(
    '%s: invalid_input is the connector’s own fault, not a feature to deselect',
    async (stream) => {
      ashby.fault({ endpoint: endpointOf(stream), answer: () => refusal('invalid_input', 'limit is strange') });
      const { out, exitCode } = await readFrom(ashby, { streams: [stream, 'users'] });
      expect(exitCode).toBe(1);
      expect(out.endings()).toEqual({ [stream]: 'INCOMPLETE', users: 'COMPLETE' });
      expect(out.errors()[0]).toMatchObject({ failure_type: 'system_error' });
      expect(out.errors()[0]?.message).not.toMatch(/deselect|paid|beta/i);
    },
  );

  test.each([...optional, ...children])('%s: a feature that is not switched on is said to be one', async (stream) => {
    ashby.fault({ endpoint: endpointOf(stream), answer: () => refusal('feature_not_enabled') });
    const { out } = await readFrom(ashby, { streams: [stream, 'users'] });
    expect(out.endings()).toEqual({ [stream]: 'INCOMPLETE', users: 'COMPLETE' });
    expect(out.errors()[0]).toMatchObject({
      failure_type: 'config_error',
      message: expect.stringMatching(/deselect/i),
    });
  });

  test('an answer over the size cap is said to be one, and asked for once', async () => {
    // Members of a gzip file follow each other: 300 MB of white space, of which little is sent.
    const mebibyte = gzipSync(Buffer.alloc(1 << 20, ' '));
    const huge: Wire = {
      headers: { 'content-encoding': 'gzip' },
      body: Buffer.concat(Array<Buffer>(300).fill(mebibyte)),
    };
    ashby.fault({ endpoint: 'source.list', answer: () => huge });
    const { out } = await readFrom(ashby, { streams: ['sources', 'users'] });
    expect(out.endings()).toEqual({ sources: 'INCOMPLETE', users: 'COMPLETE' });
    expect(out.errors()[0]?.message).not.toMatch(/could not reach|port 443/i);
    expect(out.errors()[0]?.message).toMatch(/large|big|MB|MiB/);
    expect(ashby.asked('source.list')).toHaveLength(1);
  });
});

describe('hole 9: what fails in one stream stays there', () => {
  const damaged: [string, unknown][] = [
    ['a text', 'none'],
    ['a list with a hole', [null]],
    ['a list of texts', ['x']],
    ['an event without an id', [{ name: 'late' }]],
    ['an event with a number for an id', [{ id: 4 }]],
    ['an object', { id: 'x' }],
  ];

  test.each(damaged)(
    'events that are %s fail interview_events; the schedules are whole and keep their token',
    async (_what, events) => {
      const schedules = rowsOf('schedule', 120, (n) => ({ interviewEvents: [{ id: idOf('event', n) }] }));
      ashby.put('interviewSchedule.list', schedules.with(40, { ...schedules[40], interviewEvents: events }));
      const streams = ['interview_schedules', 'interview_events', 'users'];
      const first = await readFrom(ashby, { streams });
      expect(first.out.endings()).toEqual({
        interview_schedules: 'COMPLETE',
        interview_events: 'INCOMPLETE',
        users: 'COMPLETE',
      });
      expect(missingFrom(ashby, 'interview_schedules', first)).toBe(0);
      ashby.put('interviewSchedule.list', [schedules[40] ?? {}]);
      ashby.heal();
      const second = await readFrom(ashby, { streams: ['interview_schedules'], state: first.out.states() });
      expect(ashby.calls.map(({ body }) => typeof body['syncToken'])).toEqual(['string']);
      expect(second.out.recordCounts()).toEqual({ interview_schedules: 1 });
    },
  );

  test.each<[string, unknown]>([
    ['a number', 17],
    ['null', null],
    ['words', 'soon'],
    ['an object', {}],
  ])('createdAt that is %s, with a start date, loses no row and harms no child', async (_what, createdAt) => {
    const early = { createdAt: '2020-01-01T00:00:00.000Z' };
    const late = { createdAt: '2026-06-01T00:00:00.000Z' };
    const rows = rowsOf('application', 30, () => late).with(11, { id: idOf('application', 11), createdAt });
    ashby.put('application.list', rows);
    ashby.about('application.listHistory', (parent) => rowsOf(parent, 2));
    const streams = ['applications', 'application_history', 'users'];
    const config = { start_date: '2026-01-01' };
    const whole = await readFrom(ashby, { streams, config });
    expect(wrongWith(ashby, whole, streams)).toEqual([]);
    expect(whole.out.endings()).toMatchObject({ users: 'COMPLETE' });
    ashby.put(
      'application.list',
      rowsOf('old', 5, () => early),
    );
    const next = await readFrom(ashby, { streams, config });
    expect(next.out.rows('applications').filter((row) => row['createdAt'] === early.createdAt)).toEqual([]);
  });

  test('a child that fails costs its parent and its siblings neither rows nor tokens', async () => {
    ashby.put('application.list', rowsOf('application', 40));
    for (const name of ['application.listHistory', 'application.listCriteriaEvaluations'])
      ashby.about(name, (parent) => rowsOf(`${name}${parent}`, 2));
    const withoutId = (usual: Draft): Wire => ({ body: write({ ...usual, rows: ['{"title":"no id"}'] }) });
    ashby.fault({ endpoint: 'application.listHistory', answer: withoutId });
    const streams = ['applications', 'application_history', 'application_criteria_evaluations', 'application_details'];
    const first = await readFrom(ashby, { streams });
    expect(first.out.endings()).toEqual({
      applications: 'COMPLETE',
      application_history: 'INCOMPLETE',
      application_criteria_evaluations: 'COMPLETE',
      application_details: 'COMPLETE',
    });
    expect(first.out.rows('application_history')).toEqual([]);
    ashby.heal();
    const second = await readFrom(ashby, { streams, state: first.out.states() });
    expect(wrongWith(ashby, second, streams, [first])).toEqual([]);
    expect(second.exitCode).toBe(0);
    expect({
      applications: second.out.rows('applications').length,
      details: ashby.asked('application.info').length,
      evaluations: ashby.asked('application.listCriteriaEvaluations').length,
    }).toEqual({ applications: 0, details: 0, evaluations: 0 });
  });

  test.each(TYPES)(
    'a pass over %s that fails leaves the stream INCOMPLETE, whichever passes were begun',
    async (type) => {
      ashby.put(
        SUBMISSIONS,
        rowsOf('submission', 30, (n) => ({ surveyType: TYPES[n % 3] })),
      );
      ashby.fault({ endpoint: SUBMISSIONS, when: ofType(type), answer: () => ({ status: 500, body: '' }) });
      const first = await readFrom(ashby, { streams: ['survey_submissions'] });
      expect(first.out.endings()).toEqual({ survey_submissions: 'INCOMPLETE' });
      expect(missingFrom(ashby, 'survey_submissions', first)).toBe(10);
      ashby.heal();
      const second = await readFrom(ashby, { streams: ['survey_submissions'], state: first.out.states() });
      expect(second.exitCode).toBe(0);
      expect(second.out.recordCounts()).toEqual({ survey_submissions: 10 });
    },
  );
});
