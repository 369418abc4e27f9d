// Command: `npm run schedules -- --runs 10000` plays that many random schedules of faults, kills and resumes. Prints
// the seed of each hundred; `--seed` plays the same ones again, `--processes` plays them with whole processes.
import fc from 'fast-check';
import { parseArgs } from 'node:util';
import { asProcess, inProcess, play } from '../../integration_tests/schedules/play.ts';
import { schedule } from '../../integration_tests/schedules/schedule.ts';

/** Failures after which there is no point in going on. */
const ENOUGH = 20;
const BATCH = 100;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    processes: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const firstSeed = Number(values.seed);
const runner = values.processes ? asProcess : inProcess;
const startedAt = performance.now();
let played = 0;
let failures = 0;

for (let seed = firstSeed; played < runs && failures < ENOUGH; seed += 1) {
  const numRuns = Math.min(BATCH, runs - played);
  const outcome = await fc.check(
    fc.asyncProperty(schedule, async (one) => {
      const wrong = await play(one, runner);
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    }),
    { seed, numRuns, endOnFailure: true },
  );
  played += outcome.numRuns;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  if (!outcome.failed) console.log(`seed ${seed}: ${outcome.numRuns} passed; ${played} in all, ${seconds} s`);
  else {
    failures += 1;
    console.log(`seed ${seed} FAILED: ${JSON.stringify(outcome.counterexample)}\n${String(outcome.errorInstance)}`);
  }
}
console.log(`${played} schedules played, ${failures} of the seeds failed.`);
if (failures > 0) process.exitCode = 1;
