import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault } from './simulator/index.ts';
import { Bench, type Read } from './support/bench.ts';
import { Store } from './support/store.ts';
import { brokenRules, type Row, type StateMessage } from './support/transcript.ts';
import { SAME, truthOf } from './support/truth.ts';

const TOKEN_CODES = ['sync_token_expired', 'sync_token_invalid', 'incremental_sync_too_large'] as const;
const CURSOR_CODES = ['next_cursor_expired', 'invalid_next_cursor', 'cursor_invalid'] as const;
const SHAPES = ['errorInfo', 'strings', 'objects', 'codeObjects'] as const;
/** Which of the requests with a token is refused; a pass of changes has three pages here. */
const PLACES = { 'on the first page': 1, 'in mid-pass': 2, 'on the last page': 3 } as const;

const placeOf = (state: readonly StateMessage[], stream: string): Row => {
  const found = state.find((one) => one.stream.stream_descriptor.name === stream);
  return ((found?.stream.stream_state['lists'] ?? {}) as Record<string, { place: Row }>)['all']?.place ?? {};
};

describe('a token that Ashby no longer takes', () => {
  const LIST = 'candidateTag.list';
  const ROWS = 230;
  let bench: Bench;
  let store: Store;
  let state: StateMessage[];

  const run = async (streams: string[]): Promise<Read> => {
    const read = await bench.readHere({ streams, state });
    expect(brokenRules(read.out)).toEqual([]);
    store.apply(read.out);
    return read;
  };

  beforeAll(async () => {
    bench = await Bench.start({ scale: 20, tables: { [LIST]: ROWS } });
    store = new Store();
    state = [];
    const { out } = await run(['candidate_tags', 'brands']);
    state = out.states();
  });
  afterAll(() => bench.stop());

  const cases = TOKEN_CODES.flatMap((code) =>
    Object.entries(PLACES).flatMap(([place, nth]) =>
      SHAPES.flatMap((shape) => [200, 400].map((status) => ({ code, place, nth, shape, status }))),
    ),
  );

  test.each(cases)(
    '$code $place, as $shape with $status: one full pass follows and gives a new token',
    async ({ code, nth, shape, status }) => {
      const before = placeOf(state, 'candidate_tags')['token'];
      bench.sim.change(LIST, { count: ROWS });
      bench.sim.fault({
        kind: 'error',
        endpoint: LIST,
        where: (body) => 'syncToken' in body,
        nth,
        code,
        shape,
        status,
      });
      bench.sim.clearRequests();
      const { outcome, out } = await run(['candidate_tags']);
      bench.sim.clearFaults();
      expect({ outcome, endings: out.endings() }).toEqual({
        outcome: 'complete',
        endings: { candidate_tags: 'COMPLETE' },
      });
      const asked = bench.sim.requests().map(({ body }) => 'syncToken' in (body as Row));
      expect(asked.filter((withToken) => !withToken)).toHaveLength(3);
      expect(asked.lastIndexOf(true)).toBeLessThan(asked.indexOf(false) + 2); // the page after the refused one was not asked for again and again
      expect(out.logs('WARN').filter((line) => line.startsWith('candidate_tags:') && line.includes(code))).toHaveLength(
        1,
      );
      const after = placeOf(out.states(state), 'candidate_tags');
      expect(typeof after['token']).toBe('string');
      expect(after['kind']).toBe('changes');
      expect(after['token']).not.toBe(before);
      expect(store.compare('candidate_tags', truthOf(bench.sim, 'candidate_tags'))).toEqual(SAME);
      state = out.states(state);
      const next = await run(['candidate_tags']);
      expect(next.out.recordCounts()).toEqual({});
      state = next.out.states(state);
    },
  );

  test.each(TOKEN_CODES)(
    '%s that comes back in the same run fails the table with one sentence, and nothing loops',
    async (code) => {
      bench.sim.change(LIST, { count: ROWS });
      bench.sim.fault({ kind: 'error', endpoint: LIST, code, times: Infinity });
      bench.sim.clearRequests();
      const { outcome, out } = await run(['candidate_tags', 'brands']);
      bench.sim.clearFaults();
      expect(outcome).toBe('failed');
      expect(out.endings()).toEqual({ candidate_tags: 'INCOMPLETE', brands: 'COMPLETE' });
      expect(out.errors()).toEqual([
        expect.objectContaining({
          stream_descriptor: { name: 'candidate_tags' },
          message: expect.stringContaining(code),
        }),
      ]);
      expect(bench.sim.requests().filter(({ endpoint }) => endpoint === LIST)).toHaveLength(2);
      // Whatever state it left, the next run makes the table whole again.
      state = out.states(state);
      const next = await run(['candidate_tags']);
      expect(next.outcome).toBe('complete');
      state = next.out.states(state);
      expect(store.compare('candidate_tags', truthOf(bench.sim, 'candidate_tags'))).toEqual(SAME);
    },
  );

  test('a token that is refused as malformed is dropped too, where the same state would fail every later run', async () => {
    bench.sim.fault({
      kind: 'error',
      code: 'invalid_input',
      endpoint: LIST,
      where: (body) => 'syncToken' in body,
      times: Infinity,
    });
    const { outcome, out } = await run(['candidate_tags']);
    bench.sim.clearFaults();
    expect(outcome).toBe('complete');
    expect(out.recordCounts()).toEqual({ candidate_tags: ROWS });
    state = out.states(state);
    bench.sim.fault({ kind: 'error', code: 'invalid_input', endpoint: LIST, times: Infinity });
    bench.sim.clearRequests();
    expect((await run(['candidate_tags'])).outcome).toBe('failed');
    bench.sim.clearFaults();
    // Each form is asked for twice, since one refusal of a request that was taken before proves nothing.
    const withToken = bench.sim.requests().map(({ body }) => 'syncToken' in (body as Row));
    expect(withToken).toEqual([true, true, false, false]);
  });

  test('a full pass that is refused after it has begun leaves a state from which the table becomes whole', async () => {
    bench.sim.change(LIST, { count: ROWS });
    bench.sim.expireTokens();
    const refused: Fault = {
      kind: 'status',
      status: 500,
      body: '',
      endpoint: LIST,
      where: (body) => 'cursor' in body && !('syncToken' in body),
      times: Infinity,
    };
    bench.sim.fault(refused);
    const failed = await run(['candidate_tags']);
    bench.sim.clearFaults();
    expect(failed.outcome).toBe('failed');
    state = failed.out.states(state);
    const next = await run(['candidate_tags']);
    expect(next.outcome).toBe('complete');
    state = next.out.states(state);
    expect(store.compare('candidate_tags', truthOf(bench.sim, 'candidate_tags'))).toEqual(SAME);
  });

  test('too many changes for one pass: the simulator itself refuses, and a full pass follows', async () => {
    bench.sim.change(LIST, { count: ROWS });
    bench.sim.set({ maxIncrementalPages: 2 });
    const { outcome, out } = await run(['candidate_tags']);
    bench.sim.set({ maxIncrementalPages: 200 });
    expect(outcome).toBe('complete');
    state = out.states(state);
    expect(store.compare('candidate_tags', truthOf(bench.sim, 'candidate_tags'))).toEqual(SAME);
  });

  test('a last page without a token keeps the old one, and says so', async () => {
    const before = placeOf(state, 'candidate_tags')['token'];
    const changed = bench.sim.change(LIST, { count: 5 });
    bench.sim.fault({ kind: 'noToken', endpoint: LIST, times: Infinity });
    const { outcome, out } = await run(['candidate_tags']);
    bench.sim.clearFaults();
    expect(outcome).toBe('complete');
    expect(out.rows('candidate_tags')).toHaveLength(5);
    state = out.states(state);
    expect(placeOf(state, 'candidate_tags')['token']).toBe(before);
    expect(out.logs('WARN').some((line) => line.startsWith('candidate_tags:') && line.includes('no sync token'))).toBe(
      true,
    );
    const next = await run(['candidate_tags']);
    expect(
      next.out
        .rows('candidate_tags')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...changed].sort());
    state = next.out.states(state);
  });

  test('a first run that gets no token is followed by one that reads everything', async () => {
    bench.sim.fault({ kind: 'noToken', endpoint: LIST, times: Infinity });
    const first = await bench.readHere({ streams: ['candidate_tags'] });
    bench.sim.clearFaults();
    expect(first.outcome).toBe('complete');
    const second = await bench.readHere({ streams: ['candidate_tags'], state: first.out.states() });
    expect(second.out.recordCounts()).toEqual({ candidate_tags: ROWS });
  });
});

describe('a token that is lost with tables that share its pass', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start({ scale: 20, tables: { 'interviewSchedule.list': 130, 'offer.list': 130 } });
  });
  afterAll(() => bench.stop());

  test.each([
    ['interviewSchedule.list', ['interview_schedules', 'interview_events', 'notetaker_transcripts']],
    ['offer.list', ['offers', 'offer_details']],
  ])('%s: each of them is read whole once', async (list, streams) => {
    const store = new Store();
    const first = await bench.readHere({ streams });
    store.apply(first.out);
    bench.sim.change(list, { count: 130 });
    bench.sim.fault({ kind: 'tooLarge', endpoint: list, where: (body) => 'syncToken' in body, nth: 2 });
    bench.sim.clearRequests();
    const second = await bench.readHere({ streams, state: first.out.states() });
    bench.sim.clearFaults();
    store.apply(second.out);
    expect(second.outcome).toBe('complete');
    expect(brokenRules(second.out)).toEqual([]);
    expect(
      bench.sim.requests().filter(({ endpoint, body }) => endpoint === list && !('syncToken' in (body as Row))),
    ).toHaveLength(2);
    for (const name of streams) expect([name, store.compare(name, truthOf(bench.sim, name))]).toEqual([name, SAME]);
    const third = await bench.readHere({ streams, state: second.out.states(first.out.states()) });
    expect(third.out.recordCounts()).toEqual({});
  });

  test('of a survey list only the type that lost its token is read whole', async () => {
    const first = await bench.readHere({ streams: ['survey_submissions'] });
    bench.sim.fault({
      kind: 'tokenExpired',
      endpoint: 'surveySubmission.list',
      where: (body) => body['surveyType'] === 'Questionnaire',
    });
    const second = await bench.readHere({ streams: ['survey_submissions'], state: first.out.states() });
    bench.sim.clearFaults();
    expect(second.outcome).toBe('complete');
    expect(second.out.recordCounts()).toEqual({
      survey_submissions: bench.sim.count('surveySubmission.list', { surveyType: 'Questionnaire' }),
    });
  });
});

describe('a page position that Ashby no longer takes', () => {
  const LIST = 'candidateTag.list';
  const ROWS = 1_250;
  let bench: Bench;
  let finished: StateMessage[];
  /** States of runs that were cut off: in a full pass, and in a pass of changes. */
  const cut: { full: StateMessage[]; changes: StateMessage[] } = { full: [], changes: [] };

  const cutOff = async (state: StateMessage[]): Promise<StateMessage[]> => {
    const { out } = await bench.readHere({ streams: ['candidate_tags'], state });
    const end = out.messages.findIndex((message) => message.state);
    const states = out.first(end + 1).states();
    expect(placeOf(states, 'candidate_tags')['kind']).toBe('walking');
    return states;
  };

  beforeAll(async () => {
    bench = await Bench.start({ scale: 20, tables: { [LIST]: ROWS } });
    finished = (await bench.readHere({ streams: ['candidate_tags'] })).out.states();
    cut.full = await cutOff([]);
    bench.sim.change(LIST, { count: ROWS });
    cut.changes = await cutOff(finished);
  });
  afterAll(() => bench.stop());

  test.each(['full', 'changes'] as const)('a cut-off pass (%s) goes on from its page', async (kind) => {
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'], state: cut[kind] });
    expect(outcome).toBe('complete');
    const bodies = bench.sim.requests().map(({ body }) => body as Row);
    expect(bodies[0]).toHaveProperty('cursor');
    // What is left of the pass, and then what changed since it began: after the full pass every row was changed.
    const followUp = bodies.findIndex((body) => !('cursor' in body));
    expect(followUp).toBe(4);
    expect(bodies[followUp]).toHaveProperty('syncToken');
    expect(out.rows('candidate_tags').length).toBe(kind === 'full' ? 350 + ROWS : 350);
  });

  const cases = (['full', 'changes'] as const).flatMap((kind) => CURSOR_CODES.map((code) => ({ kind, code })));
  test.each(cases)('$code on going on ($kind): the pass starts again, once, with a line', async ({ kind, code }) => {
    bench.sim.fault({ kind: 'error', endpoint: LIST, code });
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'], state: cut[kind] });
    bench.sim.clearFaults();
    expect(outcome).toBe('complete');
    expect(out.recordCounts()).toEqual({ candidate_tags: ROWS });
    const bodies = bench.sim.requests().map(({ body }) => body as Row);
    expect(bodies.filter((body) => !('cursor' in body))).toHaveLength(1);
    expect(bodies.filter((body) => 'syncToken' in body)).toHaveLength(kind === 'full' ? 0 : bodies.length);
    expect(out.logs('WARN').filter((line) => line.includes(code))).toHaveLength(1);
  });

  test.each(cases)('$code again and again ($kind): one error and no loop', async ({ kind, code }) => {
    bench.sim.fault({ kind: 'error', endpoint: LIST, code, times: Infinity });
    bench.sim.clearRequests();
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags', 'brands'], state: cut[kind] });
    bench.sim.clearFaults();
    expect(outcome).toBe('failed');
    expect(out.endings()).toEqual({ candidate_tags: 'INCOMPLETE', brands: 'COMPLETE' });
    expect(out.errors()).toHaveLength(1);
    expect(bench.sim.requests().filter(({ endpoint }) => endpoint === LIST)).toHaveLength(2);
  });

  test('a position that expires in mid-pass, and a token that is then lost too, end in one full pass', async () => {
    bench.sim.expireCursors();
    bench.sim.fault({
      kind: 'tokenExpired',
      endpoint: LIST,
      where: (body) => 'syncToken' in body && !('cursor' in body),
    });
    const { outcome, out } = await bench.readHere({ streams: ['candidate_tags'], state: cut.changes });
    bench.sim.clearFaults();
    expect(outcome).toBe('complete');
    expect(out.recordCounts()).toEqual({ candidate_tags: ROWS });
  });
});
