import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bench } from './support/bench.ts';
import { Store } from './support/store.ts';
import { brokenRules, type StateMessage } from './support/transcript.ts';
import { SAME, truthOf } from './support/truth.ts';

/*
 * Random histories of an account and of the connector that follows it. Whatever happened in between: once a sync has
 * completed, a store that keeps the newest version of each row equals the account, also where a pass was cut off and
 * rows that it had read changed before it was gone on with.
 */

const LISTS = [
  'candidateTag.list',
  'offer.list',
  'surveySubmission.list',
  'interviewSchedule.list',
  'jobPosting.list',
  'auditLog.list',
] as const;
const STREAMS = [
  'candidate_tags',
  'offers',
  'offer_details',
  'survey_submissions',
  'interview_events',
  'job_posting_details',
  'audit_log',
];

type Action =
  | { do: 'change' | 'insert'; list: (typeof LISTS)[number]; count: number }
  /** `seen` is how much of the output the reader has taken in when everything is killed; 1 is a whole run. */
  | { do: 'sync'; seen: number; without: number }
  | { do: 'fail'; list: (typeof LISTS)[number]; nth: number }
  | { do: 'expireTokens' | 'expireCursors' | 'shrinkPasses' };

const list = fc.constantFrom(...LISTS);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('change' as const), list, count: fc.integer({ min: 1, max: 1_200 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('insert' as const), list, count: fc.integer({ min: 1, max: 60 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      seen: fc.constantFrom(0.2, 0.5, 0.7, 0.9, 0.98, 1),
      without: fc.nat(STREAMS.length),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), list, nth: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('expireTokens' as const, 'expireCursors' as const, 'shrinkPasses' as const),
    }),
  },
);

/** Plays a history, then one sync that nothing disturbs. Returns what differs between store and account. */
async function play(actions: readonly Action[], whole: boolean): Promise<[string, unknown][]> {
  const bench = await Bench.start({
    scale: 12,
    tables: {
      'candidateTag.list': 1_050,
      'offer.list': 105,
      'interviewSchedule.list': 130,
      'surveySubmission.list': 30,
      'auditLog.list': 30,
      'jobPosting.list': 9,
    },
  });
  const store = new Store();
  let state: StateMessage[] = [];
  const sync = async (streams: string[], seen: number): Promise<void> => {
    const { out } = whole ? await bench.read({ streams, state }) : await bench.readHere({ streams, state });
    expect(brokenRules(out)).toEqual([]);
    const part = seen === 1 ? out : out.first(Math.floor(out.lines.length * seen));
    store.apply(part);
    state = part.states(state);
  };
  try {
    for (const step of actions) {
      // A journal's entries never change; there are only new ones.
      if (step.do === 'change' && step.list !== 'auditLog.list') bench.sim.change(step.list, { count: step.count });
      else if (step.do === 'change' || step.do === 'insert') bench.sim.insert(step.list, step.count);
      else if (step.do === 'sync') {
        await sync(
          STREAMS.filter((_stream, index) => index !== step.without),
          step.seen,
        );
        bench.sim.clearFaults();
        bench.sim.set({ maxIncrementalPages: 200 });
      } else if (step.do === 'fail')
        bench.sim.fault({ kind: 'error', code: 'something_new', endpoint: step.list, nth: step.nth, times: Infinity });
      else if (step.do === 'shrinkPasses') bench.sim.set({ maxIncrementalPages: 1 });
      else bench.sim[step.do]();
    }
    bench.sim.clearFaults();
    await sync(STREAMS, 1);
    return STREAMS.map((name): [string, unknown] => [name, store.compare(name, truthOf(bench.sim, name))]);
  } finally {
    await bench.stop();
  }
}

const right = STREAMS.map((name) => [name, SAME]);
const seed = Number(process.env['SEED'] ?? 20_261_124);

test(`after any history, a completed sync leaves the store equal to the account (SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 10 }), async (actions) => {
      expect(await play(actions, false)).toEqual(right);
    }),
    { seed, numRuns: Number(process.env['RUNS'] ?? 12), endOnFailure: true },
  );
}, 300_000);

test('so it is with whole processes', async () => {
  const actions: Action[] = [
    { do: 'sync', seen: 0.7, without: 2 },
    { do: 'change', list: 'candidateTag.list', count: 900 },
    { do: 'expireCursors' },
    { do: 'sync', seen: 0.9, without: STREAMS.length },
    { do: 'insert', list: 'offer.list', count: 110 },
    { do: 'expireTokens' },
    { do: 'sync', seen: 0.5, without: 0 },
  ];
  expect(await play(actions, true)).toEqual(right);
});
