import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { clockAt, idOf, missingFrom, readFrom, rowsOf, wrongWith, type Printed } from './support/reading.ts';
import { refusal, StandIn } from './support/stand-in.ts';

/* What no run may let go of, seen from outside by somebody who had not read src. Issue 10, holes 4, 6, 13 and 16. */

const HISTORY = 'application.listHistory';
const SUBMISSIONS = 'surveySubmission.list';
const DAY_MS = 86_400_000;

let ashby: StandIn;
beforeEach(async () => {
  ashby = await StandIn.start();
});
afterEach(() => ashby.stop());

/** Reads one stream; `before` are the runs that came earlier, in their order. */
async function readOne(stream: string, before: readonly Printed[] = [], atMs?: number): Promise<Printed> {
  const state = before.reduce<ReturnType<Printed['out']['states']>>((known, { out }) => out.states(known), []);
  ashby.calls.length = 0;
  return readFrom(ashby, { streams: [stream], state, ...(atMs === undefined ? {} : { clock: clockAt(atMs) }) });
}

test.each([600, 1_200])(
  'a permission that is gone for one run loses none of %i parents, since each was asked about only once',
  async (count) => {
    ashby.put('application.list', rowsOf('application', count));
    ashby.about(HISTORY, (parent) => rowsOf(parent, 2));
    ashby.fault({ endpoint: HISTORY, answer: () => refusal('application_not_found') });
    const first = await readOne('application_history');
    expect(new Set(ashby.asked(HISTORY).map(({ parent }) => parent)).size).toBe(ashby.asked(HISTORY).length);
    expect(first.out.logs('WARN').filter((line) => line.includes('second time'))).toEqual([]);
    ashby.heal();
    const later = [first];
    for (let run = 0; run < 3; run += 1) later.push(await readOne('application_history', later));
    expect(missingFrom(ashby, 'application_history', ...later)).toBe(0);
  },
);

test('a survey type whose first page came is known to Ashby: refused on the second one, the stream is not COMPLETE', async () => {
  const types = ['CandidateExperience', 'Questionnaire', 'HiringManagerExperience'];
  ashby.put(
    SUBMISSIONS,
    rowsOf('submission', 750, (n) => ({ surveyType: types[n % 3] })),
  );
  ashby.fault({
    endpoint: SUBMISSIONS,
    when: ({ body, page }) => body['surveyType'] === 'Questionnaire' && page === 1,
    answer: () => refusal('invalid_input'),
  });
  expect(wrongWith(ashby, await readOne('survey_submissions'), ['survey_submissions'])).toEqual([]);
});

test('a user who came and was deactivated since the last run is asked about on the day when all are', async () => {
  const startMs = Date.UTC(2026, 10, 20, 12);
  ashby.put(
    'user.list',
    rowsOf('user', 20, () => ({ isEnabled: true })),
  );
  ashby.about('user.interviewerSettings', () => ({ name: 'one' }));
  const first = await readOne('interviewer_settings', [], startMs);
  ashby.put('user.list', [{ id: idOf('late', 0), isEnabled: false }]);
  const second = await readOne('interviewer_settings', [first], startMs + 1.1 * DAY_MS);
  const third = await readOne('interviewer_settings', [first, second], startMs + 1.2 * DAY_MS);
  const read = [first, second, third].flatMap(({ out }) => out.messages.map(({ record }) => record?.data['userId']));
  expect(read).toContain(idOf('late', 0));
});

test('more poisoned parents than a state can name: every other one has been asked about after some runs', async () => {
  const rows = rowsOf('application', 1_500);
  ashby.put('application.list', rows);
  ashby.about(HISTORY, (parent) => rowsOf(parent, 2));
  const poisoned = new Set<unknown>(rows.filter((_row, n) => n % 3 === 0).map(({ id }) => id));
  ashby.fault({
    endpoint: HISTORY,
    when: ({ parent }) => poisoned.has(parent),
    answer: () => refusal('something_new'),
  });
  const runs: Printed[] = [];
  for (let run = 0; run < 4; run += 1) runs.push(await readOne('application_history', runs));
  expect(missingFrom(ashby, 'application_history', ...runs)).toBe(2 * poisoned.size);
});

test('new cursors on one and the same page do not go on for ever', async () => {
  let count = 0;
  const body = (): string =>
    JSON.stringify({ success: true, results: [{ id: 'same' }], moreDataAvailable: true, nextCursor: `c${++count}` });
  ashby.fault({ endpoint: 'candidate.list', answer: () => ({ body: body() }) });
  // Without an end of its own the run would make requests until the test's time is over.
  const guard = setInterval(() => count > 2_000 && (ashby.faults.length = 0), 5);
  const { out } = await readOne('candidates');
  clearInterval(guard);
  expect(ashby.asked('candidate.list').length).toBeLessThanOrEqual(150);
  expect(out.endings()).toEqual({ candidates: 'INCOMPLETE' });
});
