import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bench } from './support/bench.ts';
import { PROGRAM } from './support/process.ts';
import { brokenRules } from './support/transcript.ts';

/* How the process ends: when it is done, whatever is still open; when its output is in trouble; when it has a defect. */

const LIST = 'candidateTag.list';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start({ scale: 20, tables: { [LIST]: 20_000 } });
});
afterAll(() => bench.stop());

/** An environment in which a module runs before the program. */
const planted = (code: string): Record<string, string> => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}`,
});
const openHandles = planted(
  'import net from "node:net"; net.createServer().listen(0, "127.0.0.1"); setInterval(() => undefined, 1000);',
);

interface ShellEnded {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a line of bash; `"$@"` in it is the connector with its arguments. */
function shell(line: string, args: readonly string[], env: Record<string, string> = {}): Promise<ShellEnded> {
  const child = spawn('bash', ['--norc', '-c', line, 'bash', process.execPath, PROGRAM, ...args], {
    env: { PATH: process.env['PATH'], ...bench.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: ShellEnded = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })));
}

describe('with a server and a timer that nobody closes', () => {
  test.each([
    ['spec', 0],
    ['--version', 0],
    ['write', 1],
  ])('%s ends with %d', async (word, code) => {
    const ended = await bench.run([word], { env: openHandles });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' });
    expect(ended.stdout.endsWith('\n')).toBe(true);
  });

  test('a read ends only when a slow reader has everything', async () => {
    const args = await bench.readArguments({ streams: ['candidate_tags'] });
    const ended = await bench.run(args, {
      env: openHandles,
      reader: ({ stdout }) => {
        stdout?.on('data', () => {
          stdout.pause();
          setTimeout(() => stdout.resume(), 5);
        });
      },
    });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(ended.out.recordCounts()).toEqual({ candidate_tags: 20_000 });
    expect(ended.out.endings()).toEqual({ candidate_tags: 'COMPLETE' });
    expect(brokenRules(ended.out)).toEqual([]);
  });

  test('a read into a file ends with all of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'source-ashby-'));
    const args = await bench.readArguments({ streams: ['candidate_tags'] });
    const { code, stderr } = await shell(`"$@" >"${folder}/out"`, args, openHandles);
    const lines = (await readFile(join(folder, 'out'), 'utf8')).split('\n');
    await rm(folder, { recursive: true });
    expect({ code, stderr, last: lines.at(-1) }).toEqual({ code: 0, stderr: '', last: '' });
    expect(lines.filter((line) => line.startsWith('{"type":"RECORD"'))).toHaveLength(20_000);
  });
});

describe('standard output', () => {
  test.each([
    ['is closed', '"$@" >&-', /^source-ashby: standard output is closed.*\n$/],
    [
      'is a full disk',
      '"$@" >/dev/full',
      /^source-ashby: standard output cannot be written, since the disk is full.*\n$/,
    ],
    [
      'reaches the largest size of a file',
      'trap "" XFSZ; ulimit -f 64; cd "$(mktemp -d)" && "$@" >out; code=$?; rm -r "$PWD"; exit $code',
      /^source-ashby: standard output cannot be written, since the file is larger.*\n$/,
    ],
  ])('that %s ends a read with 1 and one sentence', async (_case, line, sentence) => {
    const { code, stdout, stderr } = await shell(line, await bench.readArguments({ streams: ['candidate_tags'] }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
  });

  test.each(['spec', '--help', 'write'])('that is closed ends %s with 1', async (word) => {
    expect(await shell('"$@" >&-', [word])).toMatchObject({ code: 1, stderr: expect.stringContaining('is closed') });
  });

  test('that is closed together with standard error ends with 1', async () => {
    expect(await shell('"$@" >&- 2>&-', ['spec'])).toMatchObject({ code: 1 });
  });

  test('that is discarded does no harm', async () => {
    expect(await shell('"$@" >/dev/null', ['spec'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('a defect that nobody catches', () => {
  test.each([
    ['an exception', 'setTimeout(() => { throw new Error("planted\\n{}"); }, 400);'],
    ['a rejection', 'setTimeout(() => Promise.reject(new Error("planted\\n{}")), 400);'],
  ])('%s is one TRACE ERROR, exit 1, and nothing on standard error', async (_case, code) => {
    bench.sim.fault({ kind: 'hang', endpoint: 'brand.list', times: Infinity });
    const ended = await bench.read({ streams: ['brands'] }, { env: planted(code) });
    bench.sim.clearFaults();
    expect({ code: ended.code, signal: ended.signal, stderr: ended.stderr }).toEqual({
      code: 1,
      signal: null,
      stderr: '',
    });
    expect(ended.out.errors()).toEqual([
      expect.objectContaining({
        failure_type: 'system_error',
        internal_message: 'Error: planted\\n{}',
        stack_trace: expect.stringContaining('planted'),
      }),
    ]);
  });

  test('a warning of Node is a LOG line', async () => {
    bench.sim.fault({ kind: 'hang', endpoint: 'brand.list', times: Infinity });
    const code = 'setTimeout(() => process.emitWarning("planted"), 400);';
    const ended = await bench.read(
      { streams: ['brands'] },
      { env: planted(code), onLine: (line, child) => void (line.includes('planted') && child.kill('SIGTERM')) },
    );
    bench.sim.clearFaults();
    expect({ signal: ended.signal, stderr: ended.stderr }).toEqual({ signal: 'SIGTERM', stderr: '' });
    expect(ended.out.logs('WARN')).toContain('Node.js: Warning: planted');
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s again and again cuts no line and loses no state', async (signal) => {
  let records = 0;
  const ended = await bench.read(
    { streams: ['candidate_tags'] },
    {
      onLine: (line, child) => {
        if (!line.startsWith('{"type":"RECORD"') || ++records < 2_345) return;
        child.kill(signal);
      },
    },
  );
  expect({ code: ended.code, signal: ended.signal, stderr: ended.stderr }).toEqual({ code: null, signal, stderr: '' });
  expect(ended.stdout.endsWith('\n')).toBe(true);
  expect(brokenRules(ended.out)).toEqual([]);
  const counted = ended.out
    .statesOf('candidate_tags')
    .reduce((sum, { sourceStats }) => sum + (sourceStats?.recordCount ?? 0), 0);
  expect(counted).toBe(ended.out.recordCounts()['candidate_tags']);
});

describe('the launcher', () => {
  test('says that a folder is gone', async () => {
    const line = 'cd "$(mktemp -d)" && rmdir "$PWD" && "$@"';
    expect(await shell(line, ['spec'])).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^source-ashby was started in a folder that does not exist any more.*\n$/),
    });
  });

  test.each(['10.24.1', '18.20.8', '20.18.3'])('says that Node %s is too old', async (version) => {
    const fake = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
    expect(await shell('"$@"', ['spec'], planted(fake))).toEqual({
      code: 1,
      stdout: '',
      stderr: `source-ashby needs Node.js 20.19 or later; this is ${version}. Install a newer one.\n`,
    });
  });

  test.each(['20.19.0', '22.0.0', '100.1.0'])('starts on Node %s', async (version) => {
    const fake = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
    expect(await shell('"$@"', ['--version'], planted(fake))).toMatchObject({ code: 0, stderr: '' });
  });

  test('is plain enough for the oldest Node', async () => {
    const text = await readFile(PROGRAM, 'utf8');
    expect(text).not.toMatch(/=>|\b(const|let|class|async)\b|`|\?\.|^import /m);
  });
});
