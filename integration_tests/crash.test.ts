import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bench } from './support/bench.ts';
import type { Mode } from './support/catalog.ts';
import { Direct } from './support/direct.ts';
import { Store } from './support/store.ts';
import { brokenRules, type Message, type Row, type StateMessage, type Transcript } from './support/transcript.ts';
import { compare, keyOf, SAME, sourceOf, truthOf } from './support/truth.ts';

/*
 * A run that is cut off leaves what its reader has seen: some lines, and in them some states. The matrix cuts one
 * recorded run at many lines and goes on from each; the kills are real.
 */

const MOST_READ_TWICE = 1_000;
const PAGE = 100;

/** The field of a row that names its parent, where its table hangs on another. */
function parentField(stream: string): string | undefined {
  const source = sourceOf(stream);
  if (source.kind === 'events') return 'interviewScheduleId';
  return source.kind === 'child' ? (source.adds ?? 'id') : undefined;
}

/** Whether a run read more of a stream a second time than it may: 1,000 rows, or the rows of one page of parents. */
function readTwiceTooMuch(stream: string, before: Transcript, after: Transcript): string | undefined {
  const key = keyOf(stream);
  const seen = new Set(before.rows(stream).map((row) => row[key]));
  const twice = after.rows(stream).filter((row) => seen.has(row[key]));
  const field = parentField(stream);
  const parents = new Set(field === undefined ? [] : twice.map((row) => row[field])).size;
  const few = twice.length <= MOST_READ_TWICE || (field !== undefined && parents <= PAGE);
  return few ? undefined : `${stream}: ${twice.length} rows of ${parents} parents`;
}

/** What is wrong with a run that was cut off and gone on with; `truth` is what a whole run prints of a table. */
function faultsOf(before: Transcript, after: Transcript, truth: Readonly<Record<string, Iterable<Row>>>): string[] {
  const store = new Store();
  store.apply(before);
  store.apply(after);
  return [
    ...brokenRules(after),
    ...Object.entries(truth).flatMap(([name, rows]) => {
      const difference = store.compare(name, rows);
      const again = compare(name, after.rows(name), after.rows(name)).twice;
      return [
        ...(JSON.stringify(difference) === JSON.stringify(SAME) ? [] : [`${name}: ${JSON.stringify(difference)}`]),
        ...(again.length === 0 ? [] : [`${name}: the second run printed rows twice`]),
      ];
    }),
  ];
}

/**
 * Where to cut: before anything, and just before and just after each state. Just before a state is the worst that can
 * happen between two states; the rows since the last one are all lost then.
 */
function cutsOf(out: Transcript): number[] {
  const states = out.messages.flatMap((message, index) => (message.state ? [index] : []));
  return [...new Set([0, ...states, ...states.slice(-2).map((index) => index + 1)])];
}

/** A table has been read to its end when its last state holds no place in a pass. */
function atItsEnd(before: Transcript, stream: string): boolean {
  const last = before.statesOf(stream).at(-1)?.stream.stream_state;
  if (!last) return false;
  return Object.values((last['lists'] ?? {}) as Record<string, { place: Row }>).every(
    ({ place }) => place['kind'] !== 'walking' && !('walk' in place) && !('whole' in place) && !('window' in place),
  );
}

describe('cut off at any line', () => {
  let ashby: Direct;
  beforeAll(() => {
    ashby = new Direct({
      scale: 20,
      tables: {
        'application.list': 1_000,
        'interviewSchedule.list': 1_300,
        'candidateTag.list': 2_350,
        'offer.list': 220,
        'auditLog.list': 1_250,
        'jobPosting.list': 40,
      },
    });
  });

  test.each<[string, Mode, string[]]>([
    ['applications and their history', 'incremental', ['applications', 'application_history']],
    ['schedules and the events in them', 'incremental', ['interview_schedules', 'interview_events']],
    ['transcripts', 'incremental', ['notetaker_transcripts']],
    ['a long list, and a journal', 'incremental', ['candidate_tags', 'audit_log']],
    [
      'offers, postings and their details',
      'incremental',
      ['offers', 'offer_details', 'job_postings', 'job_posting_details'],
    ],
    [
      'a long list, offers and posting details',
      'full_refresh',
      ['candidate_tags', 'offer_details', 'job_posting_details'],
    ],
  ])(
    '%s, %s: whole after the next run, and little is read twice',
    async (_name, mode, streams) => {
      const whole = await ashby.read(streams, undefined, mode);
      expect(whole.outcome).toBe('complete');
      const truth = Object.fromEntries(streams.map((name) => [name, whole.out.rows(name)]));
      const wrong: string[] = [];
      for (const cut of cutsOf(whole.out)) {
        const before = whole.out.first(cut);
        const next = await ashby.read(streams, before.states(), mode);
        const faults = faultsOf(before, next.out, truth);
        if (next.outcome !== 'complete') faults.push(next.outcome);
        for (const name of streams) {
          // Full refresh reads a table whole that had come to its end; a snapshot is read whole in any case.
          if (name === 'job_postings' || (mode === 'full_refresh' && atItsEnd(before, name))) continue;
          const twice = readTwiceTooMuch(name, before, next.out);
          if (twice !== undefined) faults.push(`read again: ${twice}`);
        }
        wrong.push(...faults.map((fault) => `cut at ${cut} of ${whole.out.lines.length}: ${fault}`));
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  test('a run over changes that is cut off goes on with the rest of them', async () => {
    const streams = ['candidate_tags', 'offers', 'offer_details'];
    const first = await ashby.read(streams);
    const state = first.out.states();
    ashby.change('candidateTag.list', 0.6);
    ashby.change('offer.list', 0.6);
    const whole = await ashby.read(streams, state);
    for (const cut of cutsOf(whole.out)) {
      const before = whole.out.first(cut);
      const next = await ashby.read(streams, before.states(state));
      expect(next.outcome).toBe('complete');
      expect(
        faultsOf(before, next.out, Object.fromEntries(streams.map((name) => [name, whole.out.rows(name)]))),
      ).toEqual([]);
      for (const name of streams) expect(readTwiceTooMuch(name, before, next.out)).toBeUndefined();
      expect((await ashby.read(streams, next.out.states(before.states(state)))).out.recordCounts()).toEqual({});
    }
  });

  test('cut off again and again, the runs together hold every row', async () => {
    const streams = ['applications', 'application_history', 'candidate_tags'];
    const truth = await ashby.read(streams);
    const store = new Store();
    let state: StateMessage[] = [];
    for (let run = 0; run < 5; run += 1) {
      const { out } = await ashby.read(streams, state);
      const seen = run < 4 ? out.first(Math.floor(out.lines.length * 0.6)) : out;
      store.apply(seen);
      state = seen.states(state);
    }
    for (const name of streams) expect([name, store.compare(name, truth.out.rows(name))]).toEqual([name, SAME]);
  });
});

describe('kill -9 of the process', () => {
  const STREAMS = [
    'applications',
    'application_history',
    'interview_events',
    'candidate_tags',
    'offer_details',
    'job_posting_details',
    'audit_log',
  ];
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start({
      scale: 20,
      tables: { 'application.list': 210, 'candidateTag.list': 1_950, 'auditLog.list': 1_100 },
    });
  });
  afterAll(() => bench.stop());

  const nth = (count: number, matches: (message: Message) => boolean): ((line: string) => boolean) => {
    let seen = 0;
    return (line) => matches(JSON.parse(line) as Message) && ++seen === count;
  };
  const row = (stream: string) => (message: Message) => message.record?.stream === stream;
  const state = (stream: string) => (message: Message) => message.state?.stream.stream_descriptor.name === stream;

  test.each<[string, () => (line: string) => boolean]>([
    ['right after a state', () => nth(2, state('candidate_tags'))],
    ['between records and the state that covers them', () => nth(890, row('candidate_tags'))],
    ['in the middle of a page', () => nth(1_050, row('candidate_tags'))],
    ['in the middle of a fan-out', () => nth(250, row('application_history'))],
    ['in the journal', () => nth(1_001, row('audit_log'))],
  ])('%s: the next run makes all tables whole', async (_name, when) => {
    const killed = await bench.read({ streams: STREAMS }, { killAt: when() });
    expect(killed.signal).toBe('SIGKILL');
    expect(brokenRules(killed.out)).toEqual([]);
    const next = await bench.read({ streams: STREAMS, state: killed.out.states() });
    expect({ code: next.code, stderr: next.stderr }).toEqual({ code: 0, stderr: '' });
    const truth = Object.fromEntries(STREAMS.map((name) => [name, [...truthOf(bench.sim, name)]]));
    expect(faultsOf(killed.out, next.out, truth)).toEqual([]);
    for (const name of STREAMS) expect(readTwiceTooMuch(name, killed.out, next.out)).toBeUndefined();
  });
});
