import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isIncremental } from '../../src/tables/lineage.ts';
import { offered, streams } from '../../src/tables/table.ts';
import { measure, peakWithin, type Reading, type Usage } from './measure.ts';
import type { Server } from './server.ts';

const launcher = new URL('../../bin/source-ashby', import.meta.url).pathname;

export interface ReadOptions {
  /** Names of streams; all that Ashby has where left out. */
  select?: readonly string[];
  incremental?: boolean;
  requestsPerMinute?: number;
  /** States of an earlier read. */
  state?: unknown[];
  reading?: Reading;
}

export interface ReadResult extends Usage {
  /** The last state of each stream. */
  state: unknown[];
}

/** Runs `read` as a whole process and measures it. Throws where it does not end well: a figure of a failure is none. */
export async function read(server: Server, options: ReadOptions = {}): Promise<ReadResult> {
  const { args, remove } = prepared(server, options);
  const usage = await measure(args, { ASHBY_BASE_URL: server.url }, options.reading);
  remove();
  if (usage.exitCode !== 0)
    throw new Error(`read ended with code ${usage.exitCode}: ${JSON.stringify(usage.messages.slice(-3))}`);
  const last = new Map(
    usage.messages.flatMap(({ state }) => (state ? [[state.stream.stream_descriptor.name, state]] : [])),
  );
  return { ...usage, state: [...last.values()] };
}

/** The most memory that `read` of all tables takes within so many seconds; it is killed then. */
export async function peakOfRead(server: Server, seconds: number): Promise<{ peakMb: number; outputMb: number }> {
  const { args, remove } = prepared(server, {});
  return peakWithin(seconds, args, { ASHBY_BASE_URL: server.url }).finally(remove);
}

/** The arguments of a `read`, and how to remove the files that they name. */
function prepared(server: Server, options: ReadOptions): { args: string[]; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = (name: string, value: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
    return path;
  };
  const { select } = options;
  const chosen = select ? offered.filter(({ name }) => select.includes(name)) : streams;
  const catalog = chosen.map((stream) => ({
    stream: { name: stream.name, json_schema: {}, supported_sync_modes: ['full_refresh'] },
    sync_mode: options.incremental && isIncremental(stream) ? 'incremental' : 'full_refresh',
    destination_sync_mode: 'append',
  }));
  const config = file('config.json', {
    api_key: server.apiKey,
    requests_per_minute: options.requestsPerMinute ?? 10_000_000,
  });
  const args = [launcher, 'read', '--config', config, '--catalog', file('catalog.json', { streams: catalog })];
  if (options.state) args.push('--state', file('state.json', options.state));
  return { args, remove: () => rmSync(folder, { recursive: true }) };
}

/** Runs `spec` as a whole process. */
export function spec(): Promise<Usage> {
  return measure([launcher, 'spec'], {});
}
