import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** What one process used, from start to end. */
export interface Usage {
  wallSeconds: number;
  cpuSeconds: number;
  peakMb: number;
  exitCode: number | null;
  /** Lines of its output that are records. */
  records: number;
  /** Its other lines, parsed. */
  messages: Message[];
}

export interface Message {
  type: string;
  log?: { message: string };
  state?: { stream: { stream_descriptor: { name: string }; stream_state: unknown } };
}

const usageHook = new URL('./usage.mjs', import.meta.url).href;
const RECORD = Buffer.from('{"type":"RECORD"');

/** How the reader of the output behaves. */
export type Reading = 'all' | 'pauses' | { bytesPerSecond: number };

/** The Node that measured programs run on: the one in BENCH_NODE, else that of the bench. */
export const measuredNode = process.env['BENCH_NODE'] ?? process.execPath;

/** Runs a Node program as a process of its own and measures it. */
export async function measure(
  args: readonly string[],
  env: Record<string, string>,
  reading: Reading = 'all',
): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const usageFile = join(folder, 'usage.json');
  const startedAt = performance.now();
  const child = spawn(measuredNode, ['--import', usageHook, ...args], {
    env: { ...process.env, MALLOC_ARENA_MAX: '1', ...env, BENCH_USAGE_FILE: usageFile }, // the first as in the image
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = child.stdout;
  const read = readOutput(output, reading);
  const exitCode = await ended(child);
  const wallSeconds = (performance.now() - startedAt) / 1000;
  const used = JSON.parse(readFileSync(usageFile, 'utf8')) as Pick<Usage, 'cpuSeconds' | 'peakMb'>; // written by usage.mjs
  rmSync(folder, { recursive: true });
  return { wallSeconds, ...used, exitCode, ...(await read) };
}

/** The most memory that a program ever had, in MB, when it is killed after a while. By Linux's own account. */
export async function peakWithin(
  seconds: number,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ peakMb: number; outputMb: number }> {
  const child = spawn(measuredNode, args, {
    env: { ...process.env, MALLOC_ARENA_MAX: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let outputMb = 0;
  child.stdout.on('data', (chunk: Buffer) => (outputMb += chunk.length / 1e6));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8')) ?? [];
  child.kill('SIGKILL');
  await ended(child);
  return { peakMb: Number(kilobytes) / 1024, outputMb };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code)));
}

/** Counts records by the first bytes of a line, so that the reader costs little beside what it measures. */
async function readOutput(output: Readable, reading: Reading): Promise<Pick<Usage, 'records' | 'messages'>> {
  let records = 0;
  const messages: Message[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let taken = 0;
  const startedAt = performance.now();
  for await (const part of output) {
    const chunk = part as Buffer; // no encoding was set
    const buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let end = buffer.indexOf(10); end >= 0; end = buffer.indexOf(10, from)) {
      if (buffer.compare(RECORD, 0, RECORD.length, from, Math.min(from + RECORD.length, end)) === 0) records += 1;
      else messages.push(JSON.parse(buffer.toString('utf8', from, end)) as Message);
      from = end + 1;
    }
    rest = buffer.subarray(from);
    taken += chunk.length;
    if (reading === 'pauses' && taken > 50_000_000) {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      taken = 0;
    } else if (typeof reading === 'object') {
      const aheadMs = (taken / reading.bytesPerSecond) * 1000 - (performance.now() - startedAt);
      if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    }
  }
  return { records, messages };
}

export interface Spread {
  median: number;
  least: number;
  most: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return { median: median ?? NaN, least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN };
}

/** Runs two measurements in turn, so that a busy moment of the machine hits both alike. */
export async function inTurn<T>(runs: number, first: () => Promise<T>, second: () => Promise<T>): Promise<[T[], T[]]> {
  const results: [T[], T[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    results[0].push(await first());
    results[1].push(await second());
  }
  return results;
}
