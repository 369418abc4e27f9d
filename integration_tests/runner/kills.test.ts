import type { ChildProcess } from 'node:child_process';
import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Bench } from '../support/bench.ts';
import { compareFile, linesOf, runFile, savedStates } from '../support/folder.ts';
import { openGate, type Gate } from '../support/gate.ts';
import type { Ended } from '../support/process.ts';
import { ALL_STREAMS, SAME, truthOf } from '../support/truth.ts';

/*
 * `read --out --save-state`, killed as a whole process and started again with the same words: at a request, and while a
 * state is being saved. What is on the disk must be the account once a run comes to its end. Another SEED, other moments;
 * more of them with KILLS.
 */

const seed = Number(process.env['SEED'] ?? 20_261_124);
const kills = Number(process.env['KILLS'] ?? 4);
/** Lists that change from run to run. */
const CHANGING = ['candidate.list', 'application.list', 'candidateTag.list', 'job.list', 'brand.list', 'offer.list'];

let bench: Bench;
let gate: Gate;
let onRequest: () => void = () => undefined;
beforeAll(async () => {
  bench = await Bench.start({ scale: 40, tables: { 'candidateTag.list': 12_000 } });
  gate = await openGate(bench.sim.url, () => onRequest());
});
afterAll(async () => {
  await gate.close();
  await bench.stop();
});

/** Small numbers that look like chance, the same for the same seed (mulberry32). */
function chance(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Killer = (child: ChildProcess) => void;

/** Kills at a request of the run. */
const atRequest =
  (number: number, signal: NodeJS.Signals): Killer =>
  (child) => {
    let seen = 0;
    onRequest = () => void (++seen === number && child.kill(signal));
  };

/** Kills as soon as the state was saved so often; the first time is before anything is read. */
const atSave =
  (folder: string, number: number, signal: NodeJS.Signals): Killer =>
  (child) => {
    let seen = 0;
    const watcher = watch(folder, (_event, name) => {
      if (name === 'state.json' && ++seen === number) child.kill(signal);
    });
    child.once('close', () => watcher.close());
  };

async function run(folder: string, killer?: Killer): Promise<Ended> {
  onRequest = () => undefined;
  const state = join(folder, 'state', 'state.json');
  const config = await bench.file(bench.config);
  const words = ['read', '--config', config, '--out', join(folder, 'rows'), '--state', state, '--save-state', state];
  let child: ChildProcess | undefined;
  return bench.run(words, {
    env: { ASHBY_BASE_URL: gate.url },
    reader: (started) => {
      child = started;
      killer?.(child);
    },
  });
}

test.each<NodeJS.Signals>(['SIGTERM', 'SIGKILL'])(
  `%s at any moment: the same words again make every file equal to the account (SEED=${seed})`,
  async (signal) => {
    const folder = join(bench.folder, signal);
    const rows = join(folder, 'rows');
    mkdirSync(join(folder, 'state'), { recursive: true });
    const below = chance(seed);
    let killed = 0;
    let runs = 0;
    for (; killed < kills && runs < kills * 2; runs += 1) {
      const killer =
        runs % 2 === 1
          ? atSave(join(folder, 'state'), 2 + below(3), signal)
          : atRequest(5 + below(killed < kills / 2 ? 400 : 60), signal);
      const ended = await run(folder, killer);
      if (ended.signal === signal) killed += 1;
      expect(ended.stdout).toBe('');
      for (const name of ALL_STREAMS) linesOf(rows, name); // every whole line is a row
      for (const state of savedStates(join(folder, 'state', 'state.json'))) expect(state.type).toBe('STREAM');
      for (const list of CHANGING) bench.sim.change(list, { fraction: 0.05 });
    }
    expect(killed).toBeGreaterThan(1);

    const last = await run(folder);
    expect({ code: last.code, stdout: last.stdout }).toEqual({ code: 0, stdout: '' });
    const wrong = ALL_STREAMS.map((name) => [name, compareFile(rows, name, truthOf(bench.sim, name))] as const);
    expect(wrong.filter(([, difference]) => JSON.stringify(difference) !== JSON.stringify(SAME))).toEqual([]);
    expect(runFile(rows)).toMatchObject({ status: 'complete', failed: [] });
    expect(
      savedStates(join(folder, 'state', 'state.json'))
        .map(({ stream }) => stream.stream_descriptor.name)
        .sort(),
    ).toEqual([...ALL_STREAMS].sort());

    // SIGTERM leaves a last state: beside what was changed, only the page that was being written comes twice.
    const tags = bench.sim.count('candidateTag.list');
    if (signal === 'SIGTERM') expect(linesOf(rows, 'candidate_tags').length).toBeLessThan(tags * (1.1 + 0.06 * runs));
  },
  300_000,
);
