import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KEPT } from './schedules/kept.ts';
import { asProcess, play } from './schedules/play.ts';
import { schedule, type Schedule } from './schedules/schedule.ts';

/*
 * Random schedules of faults, kills and resumes: at their end a store that keeps the newest version of each row equals
 * the account. `npm run schedules -- --runs 10000` plays thousands; what fails there is kept in schedules/kept.ts.
 */

const seed = Number(process.env['SEED'] ?? 20_261_124);
/** A few hundred fit into this on a core that is free; fewer are played where it is not, never less than ten. */
const TIME_MS = 30_000;
const LEAST = 10;

test.each(KEPT)('%s: nothing is lost', async (_name, kept) => {
  expect(await play(kept)).toEqual([]);
});

test(`whatever is thrown at it, nothing is lost (SEED=${seed})`, async () => {
  let played = 0;
  const outcome = await fc.check(
    fc.asyncProperty(schedule, async (one) => {
      expect(await play(one)).toEqual([]);
      played += 1;
    }),
    { seed, numRuns: Number(process.env['RUNS'] ?? 300), endOnFailure: true, interruptAfterTimeLimit: TIME_MS },
  );
  if (outcome.failed && outcome.errorInstance)
    throw new Error(JSON.stringify(outcome.counterexample), { cause: outcome.errorInstance });
  expect(played).toBeGreaterThanOrEqual(LEAST);
}, 300_000);

test('a schedule of whole processes: SIGKILL, SIGTERM and a reader that is gone', async () => {
  const run = { do: 'run', without: 0, strikes: [], moments: [], seen: 1000, state: 1000 } as const;
  const schedules: Schedule['steps'] = [
    {
      ...run,
      strikes: [{ fault: 'reset-midway', endpoint: 'candidateTag.list', nth: 2, times: 1 }],
      moments: [],
      seen: 480,
    },
    { do: 'change', list: 'candidateTag.list', count: 90 },
    { ...run, strikes: [], moments: [{ at: 30, do: 'stop' }] },
    { ...run, strikes: [], moments: [{ at: 12, do: 'change' }], seen: 201 },
    { do: 'expireTokens' },
  ];
  expect(await play({ groups: 3, paceMs: 0, maxPages: 200, steps: schedules }, asProcess)).toEqual([]);
});
