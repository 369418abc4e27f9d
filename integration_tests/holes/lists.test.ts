import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ENDPOINTS } from './endpoints.ts';
import { holdsText, readFrom, rowsOf, wrongWith } from './reading.ts';
import { refusal, StandIn, write, type Call, type Draft, type Row, type Wire } from './stand-in.ts';

/* Answers that are no answer, and lists that end too early or never. Issue 10, holes 2, 12 and 13. */

const PAGES = [0, 1, 2];
const SIBLINGS = ['users'];

/** A list of each kind, of three pages. */
interface List {
  stream: string;
  endpoint: string;
  about(call: Call): boolean;
}
const lists: [string, List][] = [
  ['a token list', { stream: 'candidates', endpoint: 'candidate.list', about: () => true }],
  ['a snapshot list', { stream: 'brands', endpoint: 'brand.list', about: () => true }],
  [
    'a child list',
    { stream: 'application_history', endpoint: 'application.listHistory', about: ({ parent }) => parent === asked },
  ],
];

let ashby: StandIn;
let asked: string;
beforeAll(async () => {
  ashby = await StandIn.start(7);
  for (const name of ['candidate', 'brand', 'opening']) ashby.put(`${name}.list`, rowsOf(name, 18));
  ashby.put('user.list', rowsOf('user', 9));
  ashby.put('jobPosting.list', rowsOf('posting', 5));
  const applications = rowsOf('application', 5);
  asked = String(applications[2]?.['id']);
  ashby.put('application.list', applications);
  ashby.about('application.listHistory', (parent) => rowsOf(parent, 18));
});
beforeEach(() => ashby.heal());
afterAll(() => ashby.stop());

interface Strike {
  list: List;
  answer(usual: Draft): Wire;
}

/** What is wrong when the answer stands in place of each page, once (all comes) and always (INCOMPLETE). */
async function strike({ list, answer }: Strike): Promise<string[]> {
  const streams = [list.stream, ...SIBLINGS];
  const wrong: string[] = [];
  for (const page of PAGES) {
    for (const times of [1, Infinity]) {
      ashby.heal();
      ashby.fault({ endpoint: list.endpoint, when: (call) => list.about(call) && call.page === page, times, answer });
      const printed = await readFrom(ashby, { streams });
      const endings = printed.out.endings();
      const found = wrongWith(ashby, printed, streams);
      const expected = { [list.stream]: times === 1 ? 'COMPLETE' : 'INCOMPLETE', users: 'COMPLETE' };
      if (JSON.stringify(endings) !== JSON.stringify({ ...endings, ...expected })) found.push(JSON.stringify(endings));
      if (ashby.calls.length > 60) found.push(`${ashby.calls.length} requests`);
      wrong.push(...found.map((what) => `page ${page + 1}, ${times === 1 ? 'once' : 'always'}: ${what}`));
    }
  }
  return wrong;
}

const withFields =
  (fields: Row) =>
  (usual: Draft): Wire => ({ body: write({ ...usual, fields: { ...usual.fields, ...fields } }) });
const fixed = (answer: unknown) => (): Wire => ({ body: JSON.stringify(answer) });
const BARE = { success: true, results: [] };

describe.each(lists)('hole 2: %s', (_name, list) => {
  test('a bare success without rows is damage on every page', async () => {
    expect(await strike({ list, answer: fixed(BARE) })).toEqual([]);
  });

  test('rows without moreDataAvailable are damage on every page', async () => {
    const answer = withFields({ moreDataAvailable: undefined, nextCursor: undefined });
    expect(await strike({ list, answer })).toEqual([]);
  });

  test('rows and a cursor without moreDataAvailable are damage on every page', async () => {
    expect(await strike({ list, answer: withFields({ moreDataAvailable: undefined }) })).toEqual([]);
  });
});

describe('hole 2: the documented exceptions', () => {
  test('opening.list goes on with its cursor and ends with its token', async () => {
    const printed = await readFrom(ashby, { streams: ['openings'] });
    expect(wrongWith(ashby, printed, ['openings'])).toEqual([]);
    expect({ exitCode: printed.exitCode, rows: printed.out.recordCounts() }).toEqual({
      exitCode: 0,
      rows: { openings: 18 },
    });
    const next = await readFrom(ashby, { streams: ['openings'], state: printed.out.states() });
    expect(next.out.recordCounts()).toEqual({});
    expect(next.exitCode).toBe(0);
  });

  test.each([0, 1])(
    'a page of opening.list with neither a cursor nor a token is damage (page index %i)',
    async (page) => {
      ashby.fault({ endpoint: 'opening.list', when: (call) => call.page === page, times: 1, answer: fixed(BARE) });
      const printed = await readFrom(ashby, { streams: ['openings'] });
      expect(wrongWith(ashby, printed, ['openings'])).toEqual([]);
      expect(printed.out.endings()).toEqual({ openings: 'COMPLETE' });
    },
  );

  test('jobPosting.list says nothing about how it goes on, and is whole', async () => {
    const printed = await readFrom(ashby, { streams: ['job_postings'] });
    expect(wrongWith(ashby, printed, ['job_postings'])).toEqual([]);
    expect({ exitCode: printed.exitCode, rows: printed.out.recordCounts() }).toEqual({
      exitCode: 0,
      rows: { job_postings: 5 },
    });
  });
});

describe('hole 2: every list that documents paging', () => {
  const paged = Object.entries(ENDPOINTS).filter(
    ([, { answers, paging }]) => answers !== 'object' && paging === 'whole' && answers !== 'list',
  );

  test.each(paged)('%s: a bare success is not its end', async (endpoint, { stream, parent }) => {
    const own = await StandIn.start(7);
    try {
      if (parent) own.put(parent.of, rowsOf('parent', 2));
      own.put('user.list', rowsOf('user', 3));
      own.fault({ endpoint, answer: fixed(BARE) });
      const streams = [...new Set([stream, 'departments', 'sources'])];
      const printed = await readFrom(own, { streams });
      expect(printed.out.endings()).toEqual({
        departments: 'COMPLETE',
        sources: 'COMPLETE',
        [stream]: 'INCOMPLETE',
      });
      expect({ exitCode: printed.exitCode, rows: printed.out.rows(stream) }).toEqual({ exitCode: 1, rows: [] });
    } finally {
      await own.stop();
    }
  });

  const alone = Object.entries(ENDPOINTS).filter(([, { paging }]) => paging === 'none');

  test.each(alone)(
    '%s documents no paging: success and results alone are all of it',
    async (endpoint, { stream, parent }) => {
      const own = await StandIn.start(7);
      try {
        own.put(parent?.of ?? endpoint, rowsOf('row', 9));
        if (parent) own.about(endpoint, (id) => rowsOf(id, 3));
        const printed = await readFrom(own, { streams: [stream] });
        expect(wrongWith(own, printed, [stream])).toEqual([]);
        expect({ exitCode: printed.exitCode, rows: printed.out.rows(stream).length }).toEqual({
          exitCode: 0,
          rows: parent ? 27 : 9,
        });
      } finally {
        await own.stop();
      }
    },
  );
});

const noAnswers: [string, unknown][] = [
  ['errors beside success', { success: true, errors: ['no'], results: [] }],
  ['errors that are objects', { success: true, errors: [{ message: 'no' }], results: [], moreDataAvailable: false }],
  ['success "false"', { success: 'false', results: [], moreDataAvailable: false }],
  ['success "true"', { success: 'true', results: [], moreDataAvailable: false }],
  ['success 0', { success: 0, results: [], moreDataAvailable: false }],
  ['success 1', { success: 1, results: [], moreDataAvailable: false }],
  ['success null', { success: null, results: [], moreDataAvailable: false }],
  ['no success', { results: [], moreDataAvailable: false }],
  ['an error in place of success', { error: 'internal', results: [] }],
  ['an error that is an object', { error: { message: 'internal' }, results: [], moreDataAvailable: false }],
];

describe.each(lists)('hole 12: in %s', (_name, list) => {
  test.each(noAnswers)('%s is no empty list', async (_shape, answer) => {
    expect(await strike({ list, answer: fixed(answer) })).toEqual([]);
  });

  test.each([
    ['errors and errorInfo null', { errors: null, errorInfo: null }],
    ['errors empty', { errors: [] }],
  ])('%s beside rows are an answer', async (_shape, fields) => {
    ashby.fault({ endpoint: list.endpoint, answer: withFields(fields) });
    const printed = await readFrom(ashby, { streams: [list.stream] });
    expect(wrongWith(ashby, printed, [list.stream])).toEqual([]);
    expect(printed.exitCode).toBe(0);
  });
});

describe.each(lists)('hole 13: in %s', (_name, list) => {
  test.each<[string, unknown]>([
    ['"true"', 'true'],
    ['"false"', 'false'],
    ['1', 1],
    ['0', 0],
    ['null', null],
  ])('moreDataAvailable of %s is damage', async (_shape, moreDataAvailable) => {
    expect(await strike({ list, answer: withFields({ moreDataAvailable }) })).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['a number', 5],
    ['an object', { at: 5 }],
    ['a list', ['x']],
  ])('%s for a cursor never ends the list', async (_shape, nextCursor) => {
    for (const page of [0, 1]) {
      ashby.heal();
      const when = (call: Call): boolean => list.about(call) && call.page === page;
      ashby.fault({ endpoint: list.endpoint, when, answer: withFields({ nextCursor }) });
      const printed = await readFrom(ashby, { streams: [list.stream, ...SIBLINGS] });
      expect(wrongWith(ashby, printed, [list.stream, ...SIBLINGS])).toEqual([]);
      expect(printed.out.endings()).toEqual({ [list.stream]: 'INCOMPLETE', users: 'COMPLETE' });
    }
  });

  test('new cursors on empty pages do not go on for ever', async () => {
    let count = 0;
    const answer = (): Wire => ({
      body: JSON.stringify({ ...BARE, moreDataAvailable: true, nextCursor: `c${++count}` }),
    });
    // Without an end of its own the run would make requests until the test's time is over.
    ashby.fault({ endpoint: list.endpoint, answer });
    const guard = setInterval(() => count > 2_000 && (ashby.faults.length = 0), 5);
    const printed = await readFrom(ashby, { streams: [list.stream, ...SIBLINGS] });
    clearInterval(guard);
    expect(ashby.asked(list.endpoint).length).toBeLessThanOrEqual(150);
    expect(printed.out.endings()).toEqual({ [list.stream]: 'INCOMPLETE', users: 'COMPLETE' });
  });

  test('a few empty pages in the middle are no damage', async () => {
    let onward: unknown;
    const about = (call: Call): boolean => list.about(call) && call.page === 1;
    const empty = (nextCursor: unknown): Wire => ({
      body: JSON.stringify({ ...BARE, moreDataAvailable: true, nextCursor }),
    });
    ashby.fault({
      endpoint: list.endpoint,
      when: about,
      times: 1,
      answer: (_usual, { body }) => {
        onward = body['cursor'];
        return empty('empty-1');
      },
    });
    for (const [cursor, next] of [
      ['empty-1', 'empty-2'],
      ['empty-2', undefined],
    ]) {
      ashby.fault({
        endpoint: list.endpoint,
        when: ({ body }) => body['cursor'] === cursor,
        answer: () => empty(next ?? onward),
      });
    }
    const printed = await readFrom(ashby, { streams: [list.stream] });
    expect(wrongWith(ashby, printed, [list.stream])).toEqual([]);
    expect(printed.exitCode).toBe(0);
  });
});

describe('hole 13: the last page comes without the token that the endpoint documents', () => {
  const bareEnd = {
    endpoint: 'candidate.list',
    when: ({ last }: Call) => last,
    answer: withFields({ syncToken: undefined }),
  };

  test('in a first run: all rows, a warning, and the next run reads whole', async () => {
    ashby.fault(bareEnd);
    const printed = await readFrom(ashby, { streams: ['candidates'] });
    expect(wrongWith(ashby, printed, ['candidates'])).toEqual([]);
    expect(printed.exitCode).toBe(0);
    expect(printed.out.logs('WARN').filter((line) => /token/i.test(line))).not.toEqual([]);
    ashby.heal();
    const next = await readFrom(ashby, { streams: ['candidates'], state: printed.out.states() });
    expect(next.out.recordCounts()).toEqual({ candidates: 18 });
  });

  test('in a later run: the changes come, a warning, and the old token is kept', async () => {
    const first = await readFrom(ashby, { streams: ['candidates'] });
    const token = /token\|candidate\.list\|[^"\\]+/.exec(JSON.stringify(first.out.states()))?.[0] ?? 'no token';
    ashby.heal();
    ashby.put(
      'candidate.list',
      rowsOf('candidate', 2, () => ({ changed: true })),
    );
    ashby.fault(bareEnd);
    const second = await readFrom(ashby, { streams: ['candidates'], state: first.out.states() });
    expect(second.out.recordCounts()).toEqual({ candidates: 2 });
    expect(second.out.logs('WARN').filter((line) => /token/i.test(line))).not.toEqual([]);
    expect(holdsText(second.out.states(first.out.states()), 'candidates', token)).toBe(true);
  });
});

describe('one refusal does not cost what the state holds', () => {
  test.each(['candidates', 'survey_submissions'])(
    '%s: invalid_input that stays fails the run and keeps the token',
    async (stream) => {
      const endpoint = stream === 'candidates' ? 'candidate.list' : 'surveySubmission.list';
      const first = await readFrom(ashby, { streams: [stream] });
      expect(first.exitCode).toBe(0);
      ashby.heal();
      ashby.fault({ endpoint, answer: () => refusal('invalid_input') });
      const second = await readFrom(ashby, { streams: [stream], state: first.out.states() });
      expect(second.out.endings()).toEqual({ [stream]: 'INCOMPLETE' });
      ashby.heal();
      const state = second.out.states(first.out.states());
      const third = await readFrom(ashby, { streams: [stream], state });
      expect(third.exitCode).toBe(0);
      expect(ashby.asked(endpoint).map(({ body }) => typeof body['syncToken'])).toEqual(
        stream === 'candidates' ? ['string'] : ['string', 'string', 'string'],
      );
    },
  );
});
