import { readFile } from 'node:fs/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StateMessage } from '../support/transcript.ts';
import { clockAt, idOf, missingFrom, readFrom, rowsOf, type Printed } from './reading.ts';
import { change, fill, APPLICATIONS, CANDIDATES, ENTRIES, POSTINGS, PRINTED_AT, SURVEY_TYPES } from './states-world.ts';
import { StandIn, type Row } from './stand-in.ts';

/*
 * states-0.1.0.json holds states that release 0.1.0 printed, as a process, at a stand-in with the data of
 * states-world.ts. Later releases go on with them: tokens are kept, and no table is read whole that has one.
 */

/** So many candidates had been printed when the states of unfinished passes were. */
const DONE = 900;

type Moment = 'finished' | 'in a first pass' | 'in a pass over changes';
let printed: Record<Moment, Record<string, StateMessage>>;
let ashby: StandIn;
beforeAll(async () => {
  const file = new URL('states-0.1.0.json', import.meta.url);
  printed = JSON.parse(await readFile(file, 'utf8')) as typeof printed;
});
beforeEach(async () => {
  ashby = await StandIn.start();
  ashby.now = () => PRINTED_AT;
  fill(ashby);
});
afterEach(() => ashby.stop());

const stateAt = (moment: Moment, stream: string): StateMessage => printed[moment][stream]!;
const goOn = (moment: Moment, stream: string): Promise<Printed> =>
  readFrom(ashby, { streams: [stream], state: [stateAt(moment, stream)], clock: clockAt(PRINTED_AT) });
/** The requests that begin a walk over everything: they carry neither a token nor a cursor. */
const wholeWalks = (endpoint: string): Row[] =>
  ashby
    .asked(endpoint)
    .map(({ body }) => body)
    .filter((body) => !('syncToken' in body) && !('cursor' in body));
const calls = (endpoint: string): number => ashby.asked(endpoint).length;

function expectComplete({ out, exitCode }: Printed, stream: string): void {
  expect({
    exitCode,
    endings: out.endings(),
    warnings: out.logs('WARN').filter((line) => line.includes('state')),
  }).toEqual({
    exitCode: 0,
    endings: { [stream]: 'COMPLETE' },
    warnings: [],
  });
}

/** A run with what this run left behind asks for changes alone. */
async function expectGoesOn(before: Printed, stream: string, endpoint: string): Promise<void> {
  ashby.heal();
  const next = await readFrom(ashby, { streams: [stream], state: before.out.states() });
  expectComplete(next, stream);
  expect({ walks: wholeWalks(endpoint), rows: next.out.recordCounts() }).toEqual({ walks: [], rows: {} });
}

describe('a state of a finished table', () => {
  test('candidates: one request, with the token; what changed comes, with later stamps', async () => {
    ashby.put(
      'candidate.list',
      rowsOf('candidate', 3, () => ({ changed: true })),
    );
    const next = await goOn('finished', 'candidates');
    expectComplete(next, 'candidates');
    expect({ requests: calls('candidate.list'), walks: wholeWalks('candidate.list') }).toEqual({
      requests: 1,
      walks: [],
    });
    expect(next.out.recordCounts()).toEqual({ candidates: 3 });
    const { stamp } = stateAt('finished', 'candidates').stream.stream_state;
    for (const row of next.out.stamped('candidates'))
      expect(String(row['_ab_cdc_updated_at']) > String(stamp)).toBe(true);
    await expectGoesOn(next, 'candidates', 'candidate.list');
  });

  test('application_history: calls about the applications that changed, and no others', async () => {
    ashby.put(
      'application.list',
      rowsOf('application', 2, () => ({ changed: true })),
    );
    const next = await goOn('finished', 'application_history');
    expectComplete(next, 'application_history');
    expect(wholeWalks('application.list')).toEqual([]);
    expect(
      ashby
        .asked('application.listHistory')
        .map(({ parent }) => parent)
        .sort(),
    ).toEqual([idOf('application', 0), idOf('application', 1)].sort());
    await expectGoesOn(next, 'application_history', 'application.list');
  });

  test('job_posting_details: what was seen is not asked for again; what moved is', async () => {
    ashby.put(
      'jobPosting.list',
      rowsOf('posting', 2, () => ({ updatedAt: '2026-11-23T00:00:00.000Z' })),
    );
    const next = await goOn('finished', 'job_posting_details');
    expectComplete(next, 'job_posting_details');
    expect(next.out.recordCounts()).toEqual({ job_posting_details: 2 });
    expect(calls('jobPosting.info')).toBe(2);
    const later = await readFrom(ashby, { streams: ['job_posting_details'], state: next.out.states() });
    expect(later.out.recordCounts()).toEqual({});
    expect(calls('jobPosting.info')).toBe(2);
  });

  test('survey_submissions: each type goes on from its own token', async () => {
    const more = SURVEY_TYPES.map((surveyType, n) => ({ id: idOf('late', n), surveyType }));
    ashby.put('surveySubmission.list', more);
    const next = await goOn('finished', 'survey_submissions');
    expectComplete(next, 'survey_submissions');
    expect({ requests: calls('surveySubmission.list'), walks: wholeWalks('surveySubmission.list') }).toEqual({
      requests: 3,
      walks: [],
    });
    expect(next.out.recordCounts()).toEqual({ survey_submissions: 3 });
  });

  test('sources: a snapshot is read whole, as in every run', async () => {
    const next = await goOn('finished', 'sources');
    expectComplete(next, 'sources');
    expect({ requests: calls('source.list'), rows: next.out.recordCounts() }).toEqual({
      requests: 1,
      rows: { sources: 12 },
    });
  });

  test('audit_log: a mark that moved over gaps proves nothing, so all is read, and then it goes on', async () => {
    const old = { id: idOf('old', 1), timestamp: '2024-02-02T02:02:02.000Z' };
    ashby.put('auditLog.list', [old]);
    const next = await goOn('finished', 'audit_log');
    expect({ exitCode: next.exitCode, rows: next.out.recordCounts() }).toEqual({
      exitCode: 0,
      rows: { audit_log: ENTRIES + 1 },
    });
    const later = await readFrom(ashby, {
      streams: ['audit_log'],
      state: next.out.states(),
      clock: clockAt(PRINTED_AT),
    });
    expect({ exitCode: later.exitCode, rows: later.out.recordCounts() }).toEqual({ exitCode: 0, rows: {} });
  });
});

describe('a state of a first pass that was cut off', () => {
  test('candidates: it goes on with the next page', async () => {
    const next = await goOn('in a first pass', 'candidates');
    expectComplete(next, 'candidates');
    expect(ashby.asked('candidate.list')[0]?.body).toHaveProperty('cursor');
    expect(wholeWalks('candidate.list')).toEqual([]);
    expect(next.out.recordCounts()).toEqual({ candidates: CANDIDATES - DONE });
    await expectGoesOn(next, 'candidates', 'candidate.list');
  });

  test('candidates, cursor expired: all of it comes, and the token at the end counts', async () => {
    ashby.expireCursors();
    const next = await goOn('in a first pass', 'candidates');
    expect(next.exitCode).toBe(0);
    expect(missingFrom(ashby, 'candidates', next)).toBe(0);
    await expectGoesOn(next, 'candidates', 'candidate.list');
  });

  test.each([false, true])('application_history: what was not done is done (cursors expired: %s)', async (expired) => {
    if (expired) ashby.expireCursors();
    const next = await goOn('in a first pass', 'application_history');
    expect(next.exitCode).toBe(0);
    const asked = new Set(ashby.asked('application.listHistory').map(({ parent }) => parent));
    // The state stands behind the first pages of the list; every parent after them is owed.
    const owed = Array.from({ length: APPLICATIONS - doneParents() }, (_, n) => idOf('application', doneParents() + n));
    expect(owed.filter((id) => !asked.has(id))).toEqual([]);
    if (!expired) expect(asked.size).toBeLessThanOrEqual(owed.length);
    await expectGoesOn(next, 'application_history', 'application.list');
  });
});

/** How many applications lie before the cursor of the state of the first pass: whole pages of a hundred. */
function doneParents(): number {
  const { passes } = stateAt('in a first pass', 'application_history').stream.stream_state as {
    passes: { all: { running: { cursor: string } } };
  };
  const { at } = JSON.parse(Buffer.from(passes.all.running.cursor, 'base64url').toString('utf8')) as { at: number };
  return at;
}

describe('a state of a pass over changes that was cut off', () => {
  beforeEach(() => change(ashby));

  test('candidates: it goes on with the next page of the changes', async () => {
    const next = await goOn('in a pass over changes', 'candidates');
    expectComplete(next, 'candidates');
    expect(ashby.asked('candidate.list')[0]?.body).toHaveProperty('cursor');
    expect(wholeWalks('candidate.list')).toEqual([]);
    expect(next.out.recordCounts()).toEqual({ candidates: CANDIDATES - DONE });
    await expectGoesOn(next, 'candidates', 'candidate.list');
  });

  test('candidates, cursor expired: the changes are read again from the token, not everything', async () => {
    ashby.expireCursors();
    const next = await goOn('in a pass over changes', 'candidates');
    expect(next.exitCode).toBe(0);
    expect(missingFrom(ashby, 'candidates', next)).toBe(0);
    expect(wholeWalks('candidate.list')).toEqual([]);
  });

  test.each([false, true])('application_history: it goes on from its token (cursors expired: %s)', async (expired) => {
    if (expired) ashby.expireCursors();
    const next = await goOn('in a pass over changes', 'application_history');
    expect(next.exitCode).toBe(0);
    expect(wholeWalks('application.list')).toEqual([]);
    expect(calls('application.listHistory')).toBeLessThanOrEqual(expired ? APPLICATIONS : APPLICATIONS - 100);
    await expectGoesOn(next, 'application_history', 'application.list');
  });
});

test('the file holds a state of each kind', () => {
  expect(Object.keys(printed['finished']).sort()).toEqual(
    ['application_history', 'audit_log', 'candidates', 'job_posting_details', 'sources', 'survey_submissions'].sort(),
  );
  const seen = JSON.stringify(stateAt('finished', 'job_posting_details'));
  expect(seen.match(/0000-4000/g)).toHaveLength(POSTINGS);
  for (const moment of ['in a first pass', 'in a pass over changes'] as const)
    expect(JSON.stringify(printed[moment])).toContain('"running"');
});
