/** Plays a schedule against the simulator, and says what is wrong at its end. */

import { FAULT_CATALOGUE } from '../simulator/fault-catalogue.ts';
import type { Fault } from '../simulator/index.ts';
import { Bench, hurriedClock } from '../support/bench.ts';
import type { Clock } from '../../src/http/clock.ts';
import { Store } from '../support/store.ts';
import { brokenRules, type Transcript, type StateMessage } from '../support/transcript.ts';
import { compare, SAME, truthOf } from '../support/truth.ts';
import { GROUPS, TABLES, type Moment, type Schedule, type Step, type Strike } from './schedule.ts';

type Run = Extract<Step, { do: 'run' }>;
type ListName = keyof typeof TABLES;

/** Tokens and cursors expire when a schedule says so, however much time its clock skips. */
const LIFETIMES = { cursorLifetimeMs: Infinity, syncTokenLifetimeMs: Infinity };

/** Runs the connector once; `act` is called for each moment that is reached, and may stop it. */
export type Runner = (o: {
  bench: Bench;
  clock: Clock;
  streams: string[];
  state: readonly StateMessage[];
  run: Run;
  act(moment: Moment): void;
}) => Promise<{ out: Transcript; complete: boolean; stderr: string }>;

/** Inside this process: a stop is the signal that main.ts would pass on, a kill is output that nobody has seen. */
export const inProcess: Runner = async ({ bench, clock, streams, state, run, act }) => {
  const stop = new AbortController();
  const onLine = (_line: string, number: number): void => {
    for (const moment of run.moments) {
      if (moment.at !== number) continue;
      if (moment.do === 'stop') stop.abort();
      else act(moment);
    }
  };
  const { outcome, out } = await bench.readHere({ streams, state }, { stop: stop.signal, clock, onLine });
  const seen = run.seen === 1000 ? out : out.first(Math.floor((out.lines.length * run.seen) / 1000));
  return { out: seen, complete: outcome === 'complete', stderr: '' };
};

/**
 * As a process of its own: SIGTERM at a line, SIGKILL at a line, or a reader that is gone. SIGKILL is also how the
 * system ends what takes too much memory.
 */
export const asProcess: Runner = async ({ bench, streams, state, run, act }) => {
  const killAt = run.seen === 1000 ? undefined : 1 + Math.floor(run.seen / 4);
  const brokenPipe = run.seen % 2 === 1;
  let lines = 0;
  const ended = await bench.read(
    { streams, state },
    {
      onLine: (_line, child) => {
        lines += 1;
        if (brokenPipe && lines === killAt) child.stdout?.destroy();
        for (const moment of run.moments) {
          if (moment.at !== lines) continue;
          if (moment.do === 'stop') child.kill('SIGTERM');
          else act(moment);
        }
      },
      ...(killAt === undefined || brokenPipe ? {} : { killAt: (_line, number) => number === killAt }),
    },
  );
  return { out: ended.out, complete: ended.code === 0, stderr: ended.stderr };
};

/** What is wrong, in words; an empty list is what a test expects. */
export async function play(schedule: Schedule, runner: Runner = inProcess): Promise<string[]> {
  const groups = GROUPS.filter((_group, bit) => (schedule.groups >> bit) & 1);
  const all = groups.flatMap(({ streams }) => [...streams]);
  const clock = pacedClock(schedule.paceMs);
  // One clock for both sides: what is off between them has tests of its own.
  const now = runner === inProcess ? () => clock.now() : Date.now;
  const bench = await Bench.start({ scale: 9, tables: { ...TABLES }, requestLogLimit: 5_000, now, ...LIFETIMES });
  const store = new Store();
  const wrong: string[] = [];
  let state: StateMessage[] = [];

  const act = ({ do: what }: Moment): void => {
    const [group] = groups;
    const name: ListName = group?.lists[0] ?? 'candidateTag.list';
    if (what === 'change' && name !== 'auditLog.list') bench.sim.change(name, { count: 40 });
    else if (what === 'change' || what === 'insert') bench.sim.insert(name, 3);
    else if (what === 'expireTokens' || what === 'expireCursors') bench.sim[what]();
  };

  const follow = async (run: Run, streams: string[]): Promise<boolean> => {
    for (const strike of run.strikes) bench.sim.fault(faultOf(strike));
    const before = new Map(streams.map((name) => [name, snapshot(bench, name)]));
    // Calls that are gone on with end with the token of the walk before: what changed since then is the next run's.
    const resumed = new Set(state.filter(inMidst).map(nameOf));
    const quiet = run.moments.every(({ do: what }) => what !== 'change' && what !== 'insert');
    const { out, complete, stderr } = await runner({ bench, clock, streams, state, run, act });
    bench.sim.clearFaults();
    if (stderr !== '') wrong.push(`standard error: ${stderr.slice(0, 200)}`);
    wrong.push(...brokenRules(out));
    const endings = out.endings();
    store.apply(out);
    // Whatever was thrown at this run: what it calls COMPLETE is whole.
    for (const name of quiet ? streams : []) {
      if (endings[name] !== 'COMPLETE' || resumed.has(name)) continue;
      const difference = compare(name, store.rows(name), before.get(name) ?? []);
      if (differs(difference)) wrong.push(`${name}: COMPLETE, and the store differs: ${JSON.stringify(difference)}`);
    }
    // A platform may hold any state that it has seen, not only the last.
    const reached = out.first(Math.ceil((out.lines.length * run.state) / 1000));
    state = reached.states(state);
    return complete;
  };

  try {
    bench.sim.set({ maxIncrementalPages: schedule.maxPages });
    for (const step of schedule.steps) {
      if (step.do === 'run') {
        const kept = GROUPS.filter((_group, bit) => !((step.without >> bit) & 1));
        const streams = groups.filter((group) => kept.includes(group)).flatMap((group) => [...group.streams]);
        await follow(step, streams.length > 0 ? streams : all);
      } else if (!('list' in step)) bench.sim[step.do]();
      // A journal's entries never change; there are only new ones.
      else if (step.do === 'insert' || step.list === 'auditLog.list')
        bench.sim.insert(step.list, Math.min(step.count, 30));
      else bench.sim.change(step.list, { count: step.count });
    }
    bench.sim.set({ maxIncrementalPages: 200 });
    const last: Run = { do: 'run', without: 0, strikes: [], moments: [], seen: 1000, state: 1000 };
    for (const which of ['first', 'second']) {
      if (!(await follow(last, all))) wrong.push(`the ${which} run that nothing disturbed did not complete`);
    }
    for (const name of all) {
      const difference = store.compare(name, truthOf(bench.sim, name));
      if (differs(difference)) wrong.push(`${name}: at the end the store differs: ${JSON.stringify(difference)}`);
    }
    return wrong;
  } finally {
    await bench.stop();
  }
}

const nameOf = ({ stream }: StateMessage): string => stream.stream_descriptor.name;
const inMidst = ({ stream }: StateMessage): boolean => JSON.stringify(stream.stream_state).includes('"walk":');
const differs = (difference: object): boolean => JSON.stringify(difference) !== JSON.stringify(SAME);
const snapshot = (bench: Bench, stream: string): ReturnType<Store['rows']> => [...truthOf(bench.sim, stream)];

export function faultOf({ fault, endpoint, nth, times }: Strike): Fault {
  const entry = FAULT_CATALOGUE.find(({ name }) => name === fault);
  if (!entry) throw new Error(`no fault is called ${fault}`);
  // Some say what they say only where they can strike.
  const only = {
    any: endpoint,
    list: endpoint,
    page: 'candidateTag.list',
    lastPage: 'candidateTag.list',
    info: 'offer.info',
  };
  const aim = only[entry.at];
  return {
    ...entry.effect,
    ...(aim === undefined ? {} : { endpoint: aim }),
    nth,
    times: times === 0 ? Infinity : times,
  } as Fault; // the union of effects does not survive the spread
}

/** A hurried clock on which each look takes a while. */
function pacedClock(paceMs: number): Clock {
  const clock = hurriedClock();
  let spentMs = 0;
  return {
    now: () => clock.now() + spentMs,
    elapsed: () => clock.elapsed() + (spentMs += paceMs),
    sleep: clock.sleep,
  };
}
