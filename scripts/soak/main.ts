// Command: `npm run soak -- --minutes 60` reads again and again in one process, with random faults, and prints what
// memory, handles and timers it holds. It fails where they grow. The simulator lives in the same process.
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { faultOf } from '../../integration_tests/schedules/play.ts';
import { FAULTS, GROUPS, TABLES } from '../../integration_tests/schedules/schedule.ts';
import { Bench } from '../../integration_tests/support/bench.ts';
import type { StateMessage } from '../../integration_tests/support/transcript.ts';

/** What may be held at the end beyond what was held after a quarter of the time. */
const GROWTH = { heapMb: 12, rssMb: 80, resources: 8 };

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const seed = Number(values.seed);
const forMs = Number(values.minutes) * 60_000;
const streams = GROUPS.flatMap((group) => [...group.streams]);
const strikes = fc.record({
  fault: fc.constantFrom(...FAULTS.map(({ name }) => name)),
  endpoint: fc.constantFrom(...Object.keys(TABLES), undefined),
  nth: fc.integer({ min: 1, max: 6 }),
  times: fc.constantFrom(1, 1, 2, 0),
});

interface Figures {
  heapMb: number;
  rssMb: number;
  /** Handles, requests and timers that the process waits for. */
  resources: number;
}

async function measured(): Promise<Figures> {
  await new Promise((resolve) => setTimeout(resolve, 200)); // what was closed just now has gone by then
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMb: heapUsed / 1e6, rssMb: rss / 1e6, resources: process.getActiveResourcesInfo().length };
}

const bench = await Bench.start({ scale: 9, tables: { ...TABLES }, requestLogLimit: 100 });
const startedAt = performance.now();
let state: StateMessage[] = [];
let runs = 0;
let failed = 0;
let settled: Figures | undefined;
let reportAtMs = 0;
console.log(`seed ${seed}; minutes, runs, of them failed, heap MB, RSS MB, handles and timers:`);

async function report(): Promise<Figures> {
  const figures = await measured();
  const minutes = (performance.now() - startedAt) / 60_000;
  const cells = [
    minutes.toFixed(1),
    runs,
    failed,
    figures.heapMb.toFixed(1),
    figures.rssMb.toFixed(0),
    figures.resources,
  ];
  console.log(cells.join('\t'));
  return figures;
}

for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs = performance.now() - startedAt) {
  for (const strike of fc.sample(strikes, { seed: seed + runs, numRuns: 2 })) bench.sim.fault(faultOf(strike));
  const { outcome, out } = await bench.readHere({ streams, state });
  bench.sim.clearFaults();
  runs += 1;
  if (outcome !== 'complete') failed += 1;
  state = out.states(state);
  if (runs % 7 === 0) bench.sim.expireTokens();
  bench.sim.change('candidateTag.list', { count: 40 });
  bench.sim.change('application.list', { count: 3 });
  if (elapsedMs < reportAtMs) continue;
  reportAtMs = elapsedMs + forMs / 12;
  const figures = await report();
  if (elapsedMs >= forMs / 4) settled ??= figures;
}
const last = await report();
await bench.stop();

const first = settled ?? last;
const grown = (Object.keys(GROWTH) as (keyof Figures)[]).filter((name) => last[name] - first[name] > GROWTH[name]);
for (const name of grown) console.error(`${name} grew from ${first[name].toFixed(1)} to ${last[name].toFixed(1)}`);
if (grown.length > 0 || runs === failed) process.exitCode = 1;
else console.log('Flat.');
