import { describe, expect, test } from '@jest/globals';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import { parseState } from '../protocol/state.ts';
import { findTable } from '../tables/lineage.ts';
import { fakeAshby, refused, type Answer } from '../testing/fake-ashby.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { fakeOutput } from '../testing/fake-output.ts';
import { readCatalog } from './read-catalog.ts';

const entry = (name: string): ConfiguredStream => ({
  name,
  syncMode: 'incremental',
  dedups: false,
  columns: new Set(),
  properties: {},
});

/** Reads these streams from an Ashby that answers so. */
async function read(names: readonly string[], answer: Answer, state?: unknown) {
  const clock = new FakeClock();
  const { client, asked } = fakeAshby(answer, clock);
  const { output, ...printed } = fakeOutput(clock);
  const outcome = await readCatalog({
    catalog: names.map(entry),
    state: parseState(state),
    client,
    startDate: undefined,
    reports: [],
    customFieldColumns: true,
    findDeleted: { often: 'never', chosen: false },
    output,
    clock,
    loadSchema: () => ({ properties: {} }),
  });
  return { outcome, asked: asked.map(({ endpoint }) => endpoint), ...printed };
}

/** One row in each list, with a token behind it; `other` says what else is answered where. */
const ashby =
  (other: Partial<Record<string, unknown>> = {}): Answer =>
  ({ endpoint }) =>
    other[endpoint] ?? {
      success: true,
      results: [{ id: `of ${endpoint}` }],
      moreDataAvailable: false,
      syncToken: `token of ${endpoint}`,
    };

describe('the verdict', () => {
  test('all tables that come to their end are COMPLETE, and so is the run', async () => {
    const { outcome, endings, errors } = await read(['departments', 'brands'], ashby());
    expect(outcome).toBe('complete');
    expect(await endings()).toEqual({ departments: 'COMPLETE', brands: 'COMPLETE' });
    expect(await errors()).toEqual([]);
  });

  test('a failed table harms no other one; its error is traced when all have ended', async () => {
    const answer = ashby({ 'brand.list': refused('missing_endpoint_permission') });
    const { outcome, endings, printed } = await read(['brands', 'departments'], answer);
    expect(outcome).toBe('failed');
    expect(await endings()).toEqual({ departments: 'COMPLETE', brands: 'INCOMPLETE' });
    const messages = await printed();
    const traced = messages.findIndex(({ trace }) => trace?.type === 'ERROR');
    const lastStatus = messages.findLastIndex(({ trace }) => trace?.type === 'STREAM_STATUS');
    expect(traced).toBeGreaterThan(lastStatus);
    expect(messages[traced]?.trace?.error).toMatchObject({
      failure_type: 'config_error',
      message: expect.stringMatching(/^brands: The API key lacks/),
    });
  });

  test('a stream that does not exist fails alone', async () => {
    const { outcome, endings, errors } = await read(['gadgets', 'departments'], ashby());
    expect(outcome).toBe('failed');
    expect(await endings()).toEqual({ gadgets: 'INCOMPLETE', departments: 'COMPLETE' });
    expect(await errors()).toEqual([expect.objectContaining({ message: expect.stringContaining('gadgets') })]);
  });

  test('a child whose parents cannot be read has never begun to read, and is not COMPLETE', async () => {
    const answer = ashby({ 'candidate.list': refused('something_new') });
    const { outcome, endings, asked } = await read(['candidate_notes', 'departments'], answer);
    expect(outcome).toBe('failed');
    expect(await endings()).toEqual({ candidate_notes: 'INCOMPLETE', departments: 'COMPLETE' });
    expect(asked).not.toContain('candidate.listNotes');
  });

  test('warnings about the given state are told', async () => {
    const { logs } = await read(['departments'], ashby(), [{ type: 'OTHER' }]);
    expect(await logs('WARN')).toEqual([expect.stringContaining('entries of the given state')]);
  });
});

describe('surveys, which live on one list for each type', () => {
  const [first = '', second = ''] = typesOf('survey_submissions');
  /** Types that Ashby refuses as malformed. */
  const refusing =
    (...types: string[]): Answer =>
    (asked) =>
      types.includes(String(asked.body['surveyType'])) ? refused('invalid_input') : ashby()(asked);

  test('a type that was never read and is not known is skipped with a warning', async () => {
    const { outcome, endings, logs } = await read(['survey_submissions'], refusing(second));
    expect(outcome).toBe('complete');
    expect(await endings()).toEqual({ survey_submissions: 'COMPLETE' });
    expect(await logs('WARN')).toEqual([
      `survey_submissions: the survey type ${second} is skipped: Ashby does not know it.`,
    ]);
  });

  test('where no type is known, the table fails', async () => {
    const { endings } = await read(['survey_submissions'], refusing(...typesOf('survey_submissions')));
    expect(await endings()).toEqual({ survey_submissions: 'INCOMPLETE' });
  });

  test('a type that the state has a token for is known: its refusal fails the table and loses no token', async () => {
    const before = await read(['survey_submissions'], ashby());
    const states = (await before.printed()).flatMap(({ state }) => (state ? [{ type: 'STREAM', ...state }] : []));
    const { endings, printed } = await read(['survey_submissions'], refusing(first), states.slice(-1));
    expect(await endings()).toEqual({ survey_submissions: 'INCOMPLETE' });
    const last =
      (await printed()).findLast(({ state }) => state)?.state?.stream.stream_state ??
      states.at(-1)?.stream.stream_state;
    expect(JSON.stringify(last?.['lists'])).toContain(`"${first}":{"fingerprint"`);
    expect(JSON.stringify(last)).toContain('token of surveySubmission.list');
  });

  function typesOf(name: string): readonly string[] {
    const source = findTable(name)?.source;
    return source?.kind === 'list' ? (source.surveyTypes ?? []) : [];
  }
});

describe('a refusal of a paid or beta table', () => {
  test('is told as a feature where anything was read with the key, also later', async () => {
    let answered = 0;
    const slow: Answer = async (asked) => {
      if (asked.endpoint === 'auditLog.list') return refused('a_code_that_nobody_lists');
      await new Promise((resolve) => setImmediate(resolve)); // the refusal comes first
      answered += 1;
      return ashby()(asked);
    };
    const { errors } = await read(['audit_log', 'departments'], slow);
    expect(answered).toBe(1);
    expect(await errors()).toEqual([
      expect.objectContaining({ message: expect.stringContaining('paid or beta feature') }),
    ]);
  });

  test('is told as what it is where nothing was', async () => {
    for (const answer of [() => refused('a_code_that_nobody_lists'), () => refused('thing_not_found')]) {
      const { errors } = await read(['audit_log', 'departments'], answer);
      expect(await errors()).toHaveLength(2);
      expect(JSON.stringify(await errors())).not.toMatch(/paid|feature/);
    }
  });

  test('is told as a feature where Ashby says so by name', async () => {
    const { errors } = await read(['audit_log'], () => refused('audit_logs_not_enabled'));
    expect(await errors()).toEqual([
      expect.objectContaining({ message: expect.stringContaining('paid or beta feature') }),
    ]);
  });
});
