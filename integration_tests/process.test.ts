import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Bench } from './support/bench.ts';
import { PROGRAM, runConnector } from './support/process.ts';
import { Store } from './support/store.ts';
import { brokenRules, type Message } from './support/transcript.ts';
import { SAME, truthOf } from './support/truth.ts';

/* What only a process has: a pipe that somebody reads slowly or leaves, signals, memory. */

const LIST = 'candidateTag.list';
/** More with BIG=1: a million. */
const MANY = process.env['BIG'] ? 1_000_000 : 120_000;

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start({ scale: 20, tables: { [LIST]: MANY } });
});
afterEach(() => bench.sim.clearFaults());
afterAll(() => bench.stop());

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

test(`${MANY.toLocaleString('en-US')} records to a slow reader: none is lost, and memory stays flat`, async () => {
  const args = await bench.readArguments({ streams: ['candidate_tags'], mode: 'incremental' });
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...bench.env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stats = {
    records: 0,
    counted: 0,
    states: 0,
    peaks: [0, 0, 0] as [number, number, number],
    ids: new Set<string>(),
  };
  let rest = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    rest += text;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Message;
      if (message.record) {
        stats.records += 1;
        stats.ids.add(String(message.record.data['id']));
        if (stats.records % 2_000 === 0) {
          const third = Math.min(2, Math.floor((3 * stats.records) / MANY));
          stats.peaks[third] = Math.max(stats.peaks[third] ?? 0, residentMb(child.pid ?? 0));
        }
      }
      if (message.state) stats.counted += message.state.sourceStats?.recordCount ?? 0;
    }
    child.stdout.pause();
    setTimeout(() => child.stdout.resume(), 2); // the slow reader
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect({ records: stats.records, different: stats.ids.size, counted: stats.counted }).toEqual({
    records: MANY,
    different: MANY,
    counted: MANY,
  });
  const [first, second, last] = stats.peaks.map(Math.round) as [number, number, number];
  process.stdout.write(`resident memory: ${first}, ${second} and ${last} MB at most in each third of the run\n`);
  // The heap grows to its working size at first; from then on it stays there.
  expect(last).toBeLessThan(second + 30);
  expect(last).toBeLessThan(250);
}, 600_000);

test('a reader that stops for a while holds the program up instead of filling its memory', async () => {
  bench.sim.clearRequests();
  const args = await bench.readArguments({ streams: ['candidate_tags'] });
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...bench.env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // Nobody reads: the number of requests stops growing once the pipe and the batches are full.
  let before = -1;
  for (let same = 0; same < 4;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = bench.sim.requests().length;
    same = now === before && now > 0 ? same + 1 : 0;
    before = now;
  }
  expect(before).toBeLessThan(30);
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
});

test.each(['read', 'discover'])('%s | head -1 ends promptly, with nothing on standard error', async (command) => {
  const args = await bench.readArguments({ streams: ['candidate_tags'] });
  const words = command === 'read' ? args : ['discover', ...args.slice(1, 3)];
  const line = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
  const shell = spawn('bash', ['--norc', '-c', `${line} | head -1; echo "code \${PIPESTATUS[0]}"`], {
    env: { ...bench.env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const begin = performance.now();
  await new Promise((resolve) => shell.once('close', resolve));
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toHaveLength(2);
  expect(stdout).toMatch(command === 'read' ? /code 141/ : /code (0|141)/);
  expect(performance.now() - begin).toBeLessThan(15_000);
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('in mid-read: what was printed is covered by states, and the process dies by the signal', async () => {
    const own = await Bench.start({ scale: 20, tables: { [LIST]: 20_000, 'application.list': 400 } });
    try {
      const streams = ['candidate_tags', 'application_history'];
      let records = 0;
      const ended = await own.read(
        { streams },
        {
          onLine: (line, child) =>
            void (line.startsWith('{"type":"RECORD"') && ++records === 2_345 && child.kill(signal)),
        },
      );
      expect({ code: ended.code, signal: ended.signal, stderr: ended.stderr }).toEqual({
        code: null,
        signal,
        stderr: '',
      });
      expect(ended.stdout.endsWith('\n')).toBe(true);
      expect(ended.out.recordCounts()['candidate_tags']).toBeLessThan(20_000);
      expect(brokenRules(ended.out)).toEqual([]);
      expect(ended.out.errors()).toEqual([]);
      expect(ended.out.endings()).toMatchObject({ candidate_tags: 'RUNNING' });
      const counted = ended.out
        .statesOf('candidate_tags')
        .reduce((sum, { sourceStats }) => sum + (sourceStats?.recordCount ?? 0), 0);
      expect(counted).toBe(ended.out.recordCounts()['candidate_tags']);
      if (signal === 'SIGINT') return;
      const next = await own.read({ streams, state: ended.out.states() });
      expect(next.code).toBe(0);
      const store = new Store();
      store.apply(ended.out);
      store.apply(next.out);
      for (const name of streams) expect([name, store.compare(name, truthOf(own.sim, name))]).toEqual([name, SAME]);
    } finally {
      await own.stop();
    }
  });

  test('in a pause that Ashby asked for: it ends at once', async () => {
    bench.sim.fault({ kind: 'status', status: 429, body: '', headers: { 'retry-after': '600' }, times: Infinity });
    const begin = performance.now();
    const ended = await bench.read(
      { streams: ['brands'] },
      { onLine: (line, child) => void (line.includes('RATE_LIMITED') && child.kill(signal)) },
    );
    expect(ended.signal).toBe(signal);
    expect(ended.out.errors()).toEqual([]);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });
});

test('a process whose answers hang ends by the signal all the same', async () => {
  bench.sim.fault({ kind: 'hang', endpoint: 'brand.list', times: Infinity });
  const args = await bench.readArguments({ streams: ['brands'] });
  const ended = await runConnector(args, {
    env: bench.env,
    onLine: (line, child) => void (line.includes('"STARTED"') && child.kill('SIGTERM')),
  });
  expect({ signal: ended.signal, stderr: ended.stderr }).toEqual({ signal: 'SIGTERM', stderr: '' });
});
