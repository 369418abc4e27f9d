import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSimulator, type Row, type Simulator } from './index.ts';
import { bodyFor, call, everyPage } from './testing.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await startSimulator({ scale: 400 });
});
afterEach(() => sim.close());

const idsIn = async (name: string, body: Row = {}): Promise<Set<unknown>> =>
  new Set((await everyPage(sim, name, body)).rows.map((row) => row['id']));
const token = async (name: string, body: Row = {}): Promise<string> =>
  String((await everyPage(sim, name, body)).last['syncToken']);
const code = async (name: string, body: Row): Promise<string | undefined> => (await call(sim, name, body)).code;
const candidateOf = (row: Row): unknown => (row['candidate'] as Row)['id'];

/** Every row of the lists that names one of the candidates or applications. */
function traces(candidates: ReadonlySet<unknown>, applications: ReadonlySet<unknown>): string[] {
  const lists = [
    'application.list',
    'offer.list',
    'interviewSchedule.list',
    'applicationFeedback.list',
    'surveyRequest.list',
    'surveySubmission.list',
    'takeHomeAssignment.list',
    'referral.list',
    'sequence.list',
  ];
  return lists.filter((name) =>
    [...sim.rows(name, name.startsWith('survey') ? { surveyType: 'CandidateExperience' } : {})].some((row) => {
      const whose = row['candidate'] ? candidateOf(row) : row['candidateId'];
      return candidates.has(whose) || (name !== 'sequence.list' && applications.has(row['applicationId']));
    }),
  );
}

test('a candidate is deleted with applications, offers, schedules and all that hangs on them', async () => {
  const chosen = sim.remove('candidate.list', 40);
  const gone = new Set<unknown>(chosen);
  const twin = await startSimulator({ scale: 400 });
  const applications = [...twin.rows('application.list')].filter((row) => gone.has(candidateOf(row)));
  const offers = new Set([...twin.rows('offer.list')].map((row) => row['id']));
  expect(applications.length).toBeGreaterThan(40);
  expect(traces(gone, new Set(applications.map((row) => row['id'])))).toEqual([]);
  expect(sim.count('application.list')).toBe(400 - applications.length);
  const left = await idsIn('offer.list');
  expect(left.size).toBeLessThan(offers.size);
  for (const approval of sim.rows('approval.list', { entityType: 'offer' }))
    expect(left.has(approval['entityId'])).toBe(true);
  expect(await code('candidate.info', { id: chosen[0] })).toBe('candidate_not_found');
  expect(await code('candidate.listNotes', { candidateId: chosen[0] })).toBe('candidate_not_found');
  expect(await code('application.info', { applicationId: applications[0]?.['id'] })).toBe('application_not_found');
  await twin.close();
});

test('an application is deleted alone: its candidate stays, and no delta names either', async () => {
  const [candidates, applications] = [await token('candidate.list'), await token('application.list')];
  const [id] = sim.remove('application.list', 1);
  expect((await idsIn('application.list')).has(id)).toBe(false);
  expect(sim.count('candidate.list')).toBe(300);
  expect((await everyPage(sim, 'candidate.list', { syncToken: candidates })).rows).toEqual([]);
  expect((await everyPage(sim, 'application.list', { syncToken: applications })).rows).toEqual([]);
});

// A scan for each row would take minutes; the bound leaves room for a busy machine.
test('thousands of rows are deleted and hidden in a moment', async () => {
  const large = await startSimulator({ scale: 100_000 });
  const started = performance.now();
  expect(large.remove('candidate.list', 5_000)).toHaveLength(5_000);
  expect(large.remove('application.list', 5_000)).toHaveLength(5_000);
  const hidden = large.hide('candidate.list', 5_000);
  expect(large.show('candidate.list')).toEqual(hidden);
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(large.count('candidate.list')).toBe(70_000);
  await large.close();
}, 60_000);

test('hidden rows are gone from lists, deltas and .info, and no delta names them when they are back', async () => {
  const [before, candidates] = [await token('application.list'), await token('candidate.list')];
  const chosen = sim.hide('candidate.list', 3);
  const gone = new Set<unknown>(chosen);
  expect((await idsIn('candidate.list')).size).toBe(297);
  expect(traces(gone, new Set())).toEqual([]);
  expect(await code('candidate.info', { id: chosen[0] })).toBe('candidate_not_found');
  expect(await code('candidate.listNotes', { candidateId: chosen[0] })).toBe('candidate_not_found');
  sim.change('candidate.list', { ids: chosen.slice(0, 1) });
  expect((await everyPage(sim, 'candidate.list', { syncToken: candidates })).rows).toEqual([]);
  const during = await token('candidate.list');

  expect(sim.show('candidate.list', chosen.slice(0, 1))).toEqual(chosen.slice(0, 1));
  expect((await idsIn('candidate.list')).size).toBe(298);
  expect(sim.show('candidate.list')).toEqual(chosen.slice(1));
  expect((await idsIn('application.list')).size).toBe(400);
  expect((await everyPage(sim, 'candidate.list', { syncToken: during })).rows).toEqual([]);
  expect((await everyPage(sim, 'application.list', { syncToken: before })).rows).toEqual([]);
  expect(await code('candidate.info', { id: chosen[0] })).toBeUndefined();
});

test('a hidden job takes its applications, postings, and the candidates who applied nowhere else', async () => {
  const job = (sim.rows('application.list').next().value?.['job'] as Row)['id'];
  const all = [...sim.rows('application.list')];
  const elsewhere = new Set(all.filter((row) => (row['job'] as Row)['id'] !== job).map(candidateOf));
  const here = new Set(all.filter((row) => (row['job'] as Row)['id'] === job).map(candidateOf));
  sim.hide('job.list', [String(job)]);
  expect(await code('job.info', { id: job })).toBe('job_not_found');
  expect([...sim.rows('application.list')].some((row) => (row['job'] as Row)['id'] === job)).toBe(false);
  const postings = [...sim.rows('jobPosting.list', { includeUnpublishedJobPostings: true, jobBoardId: '*' })];
  expect(postings.some((row) => row['jobId'] === job)).toBe(false);
  const candidates = await idsIn('candidate.list');
  expect([...here].every((id) => candidates.has(id) === elsewhere.has(id))).toBe(true);
  expect(here.size).toBeGreaterThan(0);
  sim.show('job.list');
  expect(JSON.stringify([...sim.rows('application.list')]) === JSON.stringify(all)).toBe(true);
});

test('what is deleted while it is hidden does not come back', async () => {
  const [id] = sim.hide('project.list', 1);
  sim.remove('project.list', [String(id)]);
  sim.show('project.list');
  expect((await idsIn('project.list')).has(id)).toBe(false);
  expect(sim.count('project.list')).toBe((await idsIn('project.list')).size);
});

test('a merged candidate is another one from then on: the id is gone, its applications and notes belong to the other', async () => {
  const all = [...sim.rows('application.list')];
  const notes = (id: unknown): Row[] => [...sim.rows('candidate.listNotes', { candidateId: id })];
  const people = [...sim.rows('candidate.list')].map((row) => row['id']);
  const [from = '', into = ''] = people.filter((id) => notes(id).length > 0 && all.some((a) => candidateOf(a) === id));
  const theirs = all.filter((row) => candidateOf(row) === from).map((row) => row['id']);
  const [candidates, applications] = [await token('candidate.list'), await token('application.list')];
  const both = [...notes(into), ...notes(from)].map((row) => row['id']);

  sim.merge(String(from), String(into));
  expect((await idsIn('candidate.list')).has(from)).toBe(false);
  const delta = (await everyPage(sim, 'candidate.list', { syncToken: candidates })).rows;
  expect(delta.map((row) => row['id'])).toEqual([into]);
  expect(delta[0]?.['applicationIds']).toEqual(expect.arrayContaining(theirs));
  const moved = (await everyPage(sim, 'application.list', { syncToken: applications })).rows;
  expect(moved.map((row) => row['id'])).toEqual(theirs);
  expect(new Set(moved.map(candidateOf))).toEqual(new Set([into]));
  expect(notes(into).map((row) => row['id'])).toEqual(both);
  expect(traces(new Set([from]), new Set())).toEqual([]);

  expect(((await call(sim, 'candidate.info', { id: from })).json['results'] as Row)['id']).toBe(into);
  sim.set({ mergedCandidateInfo: 'not_found' });
  expect(await code('candidate.info', { id: from })).toBe('candidate_not_found');
  expect(await code('candidate.listNotes', { candidateId: from })).toBe('candidate_not_found');
  expect(() => sim.merge(String(into), String(into))).toThrow('with itself');
});

test('nothing new hangs on what was deleted', () => {
  sim.remove('candidate.list', 250);
  sim.insert('application.list', 40);
  const candidates = new Set([...sim.rows('candidate.list')].map((row) => row['id']));
  expect([...sim.rows('application.list')].every((row) => candidates.has(candidateOf(row)))).toBe(true);
});

test('hide, show and merge work over HTTP', async () => {
  const control = async (name: string, body: Row): Promise<unknown> =>
    (await fetch(`${sim.url}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) })).json();
  const hidden = await control('hide', { endpoint: 'offer.list', count: 2 });
  expect(hidden).toHaveLength(2);
  expect(await control('show', { endpoint: 'offer.list' })).toEqual(hidden);
  const [a, b] = [...sim.rows('candidate.list')].map((row) => row['id']);
  expect(await control('merge', { from: a, into: b })).toEqual({ ok: true });
  expect(await call(sim, 'candidate.info', { id: a }).then(({ json }) => (json['results'] as Row)['id'])).toBe(b);
  expect(bodyFor(sim, 'candidate.info')['id']).toBe(b);
});
