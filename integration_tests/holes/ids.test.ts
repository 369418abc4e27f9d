import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { idOf, missingFrom, readFrom, rowsOf, wrongWith, type Printed } from './reading.ts';
import { ENDPOINTS } from './endpoints.ts';
import { StandIn, write, type Call, type Draft, type Row, type Wire } from './stand-in.ts';

/* A row without its key is damage: retried, then the stream's error. Issue 10, hole 14. */

let ashby: StandIn;
beforeEach(async () => {
  ashby = await StandIn.start(7);
  ashby.put('user.list', rowsOf('user', 9));
});
afterEach(() => ashby.stop());

const strange: [string, unknown][] = [
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 17],
  ['an object', {}],
];

/** Changes one row of an answer: the one at `place`. */
const damaged =
  (place: number, change: (row: Row) => Row) =>
  (usual: Draft): Wire => ({
    body: write({
      ...usual,
      rows: usual.rows.map((text, n) => (n === place ? JSON.stringify(change(JSON.parse(text) as Row)) : text)),
    }),
  });
const withId = (id: unknown) => damaged(1, (row) => ({ ...row, id }));

const read = (streams: string[]): Promise<Printed> => readFrom(ashby, { streams: [...streams, 'users'] });

describe.each(strange)('an id that is %s', (_what, id) => {
  test.each([
    ['candidates', 'candidate.list'],
    ['brands', 'brand.list'],
    ['sources', 'source.list'],
    ['job_boards', 'jobBoard.list'],
    ['interviews', 'interview.list'],
  ])('in %s: once, all rows come; always, the stream fails alone', async (stream, endpoint) => {
    ashby.put(endpoint, rowsOf(stream, 5));
    ashby.fault({ endpoint, times: 1, answer: withId(id) });
    const once = await read([stream]);
    expect(wrongWith(ashby, once, [stream, 'users'])).toEqual([]);
    expect(once.exitCode).toBe(0);
    ashby.heal();
    ashby.fault({ endpoint, answer: withId(id) });
    const always = await read([stream]);
    expect(wrongWith(ashby, always, [stream, 'users'])).toEqual([]);
    expect(always.out.endings()).toEqual({ [stream]: 'INCOMPLETE', users: 'COMPLETE' });
  });

  test('in two postings: they do not become one', async () => {
    ashby.put('jobPosting.list', rowsOf('posting', 6));
    const two = (usual: Draft): Wire =>
      withId(id)({ ...usual, rows: usual.rows.map((text, n) => (n === 4 ? noId(text) : text)) });
    const noId = (text: string): string => JSON.stringify({ ...(JSON.parse(text) as Row), id });
    ashby.fault({ endpoint: 'jobPosting.list', times: 1, answer: two });
    const once = await read(['job_postings']);
    expect(wrongWith(ashby, once, ['job_postings', 'users'])).toEqual([]);
    expect(once.exitCode).toBe(0);
    ashby.fault({ endpoint: 'jobPosting.list', answer: two });
    const always = await read(['job_postings']);
    expect(always.out.endings()).toEqual({ job_postings: 'INCOMPLETE', users: 'COMPLETE' });
  });

  test('in a board: postings are not left out with it', async () => {
    const boards = rowsOf('board', 3);
    ashby.put('jobBoard.list', boards);
    ashby.put('jobPosting.list', rowsOf('posting', 6));
    // The second board alone has the second half of the postings.
    const half = ({ body }: Call): boolean => body['jobBoardId'] !== boards[1]?.['id'];
    ashby.fault({
      endpoint: 'jobPosting.list',
      when: half,
      answer: (usual) => ({ body: write({ ...usual, rows: usual.rows.slice(0, 3) }) }),
    });
    ashby.fault({ endpoint: 'jobBoard.list', times: 1, answer: withId(id) });
    const once = await read(['job_postings']);
    expect(wrongWith(ashby, once, ['job_postings', 'users'])).toEqual([]);
    expect(once.exitCode).toBe(0);
    ashby.fault({ endpoint: 'jobBoard.list', answer: withId(id) });
    const always = await read(['job_postings']);
    expect(always.out.endings()).toEqual({ job_postings: 'INCOMPLETE', users: 'COMPLETE' });
  });

  test.each([['application_history'], ['application_details'], ['application_criteria_evaluations']])(
    'in a parent of %s: its children are not left out in silence',
    async (stream) => {
      ashby.put('application.list', rowsOf('application', 5));
      for (const [endpoint, { parent, answers }] of Object.entries(ENDPOINTS)) {
        if (parent?.of === 'application.list' && answers === 'pages')
          ashby.about(endpoint, (one) => rowsOf(`${endpoint}${one}`, 2));
      }
      ashby.fault({ endpoint: 'application.list', times: 1, answer: withId(id) });
      const once = await read([stream]);
      expect(wrongWith(ashby, once, [stream, 'users'])).toEqual([]);
      expect(once.exitCode).toBe(0);
      ashby.fault({ endpoint: 'application.list', answer: withId(id) });
      const always = await read([stream]);
      expect(always.out.endings()).toEqual({ [stream]: 'INCOMPLETE', users: 'COMPLETE' });
      expect(always.out.errors()).toHaveLength(1);
    },
  );

  test.each([
    ['application_history', 'application.list', 'application.listHistory'],
    ['candidate_notes', 'candidate.list', 'candidate.listNotes'],
    ['candidate_projects', 'candidate.list', 'candidate.listProjects'],
    ['interview_stages', 'interviewPlan.list', 'interviewStage.list'],
    ['interviewer_pauses', 'user.list', 'user.listInterviewerPauses'],
  ])('in a child row of %s: no key is made of nothing, and the row is not lost', async (stream, list, endpoint) => {
    ashby.put(list, rowsOf(list, 4));
    ashby.about(endpoint, (parent) => rowsOf(`${endpoint}${parent}`, 3));
    const when = ({ parent }: Call): boolean => parent === idOf(list, 2);
    ashby.fault({ endpoint, when, times: 1, answer: withId(id) });
    const once = await readFrom(ashby, { streams: [stream] });
    expect(wrongWith(ashby, once, [stream])).toEqual([]);
    expect(once.exitCode).toBe(0);
    ashby.fault({ endpoint, when, answer: withId(id) });
    const always = await readFrom(ashby, { streams: [stream] });
    expect(always.out.endings()).toEqual({ [stream]: 'INCOMPLETE' });
    const keys = [once, always].flatMap(({ out }) => out.rows(stream).map((row) => String(row['_key'] ?? row['id'])));
    expect(keys.filter((key) => /undefined|null|\[object|:$|^$/.test(key))).toEqual([]);
  });
});

describe('an object that is not the one that was asked for', () => {
  const objects: [string, string, string][] = [
    ['application_details', 'application.list', 'application.info'],
    ['offer_details', 'offer.list', 'offer.info'],
    ['job_posting_details', 'jobPosting.list', 'jobPosting.info'],
    ['interviewer_pool_details', 'interviewerPool.list', 'interviewerPool.info'],
  ];
  const others: [string, (usual: Draft) => Wire][] = [
    ['nothing', (usual) => ({ body: write({ ...usual, rows: ['{}'] }) })],
    ['no id', damaged(0, ({ id: _id, ...row }) => row)],
    ['another id', damaged(0, (row) => ({ ...row, id: idOf('another', 1) }))],
    ['a number for an id', damaged(0, (row) => ({ ...row, id: 7 }))],
  ];

  describe.each(objects)('%s', (stream, list, endpoint) => {
    beforeEach(() => {
      ashby.put(list, rowsOf(list, 6));
      ashby.about(endpoint, (parent) => ({ id: parent, description: `of ${parent}` }));
    });
    const when = ({ parent }: Call): boolean => parent === idOf(list, 2);

    test.each(others)('%s once: it is asked again, and all rows come', async (_what, answer) => {
      ashby.fault({ endpoint, when, times: 1, answer });
      const printed = await readFrom(ashby, { streams: [stream] });
      expect(wrongWith(ashby, printed, [stream])).toEqual([]);
      expect(printed.out.recordCounts()).toEqual({ [stream]: 6 });
      expect(printed.exitCode).toBe(0);
    });

    test.each(others)('%s always: it is never printed, and all others come', async (_what, answer) => {
      ashby.fault({ endpoint, when, answer });
      const printed = await readFrom(ashby, { streams: [stream] });
      expect(wrongWith(ashby, printed, [stream])).toEqual([]);
      expect(printed.out.endings()).toEqual({ [stream]: 'INCOMPLETE' });
      expect(missingFrom(ashby, stream, printed)).toBe(1);
      expect(printed.out.recordCounts()).toEqual({ [stream]: 5 });
    });
  });
});
