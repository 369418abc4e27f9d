/** Reads from the stand-in, in this process or in one of its own, and says what is wrong with what came out. */

import { setMaxListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Clock } from '../../src/http/clock.ts';
import { Output } from '../../src/protocol/output.ts';
import { LineWriter } from '../../src/protocol/writer.ts';
import { read } from '../../src/source.ts';
import { hurriedClock } from '../support/bench.ts';
import { catalogOf, type Mode } from '../support/catalog.ts';
import { runConnector, type Ended, type RunOptions } from '../support/process.ts';
import { brokenRules, Transcript, type StateMessage } from '../support/transcript.ts';
import { endpointOf, ENDPOINTS } from './endpoints.ts';
import type { Row, StandIn } from './stand-in.ts';

export interface Request {
  streams: readonly string[];
  mode?: Mode;
  state?: readonly StateMessage[] | undefined;
  config?: Row;
  clock?: Clock;
}

/** What a read printed. Lines that are no JSON are kept apart, so that a test can count them. */
export interface Printed {
  /** As the process would end. */
  exitCode: number;
  out: Transcript;
  notMessages: string[];
}

const CONFIG = { api_key: 'key', requests_per_minute: 1_000_000 };

/** Reads inside this process; waits pass at once. */
export async function readFrom(ashby: StandIn, request: Request): Promise<Printed> {
  const { streams, mode, state, config, clock = hurriedClock() } = request;
  const sink = new PassThrough();
  const chunks: string[] = [];
  sink.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  const writer = new LineWriter(sink);
  const { signal } = new AbortController();
  setMaxListeners(0, signal); // each request under way listens to it
  const outcome = await read(
    { config: { ...CONFIG, ...config }, catalog: catalogOf(streams, mode), state },
    {
      clock,
      random: () => 0.5,
      signal,
      baseUrlOverride: ashby.url,
      hide: () => undefined,
      output: new Output({ writer, redact: (text) => text, now: () => clock.now(), debug: false }),
    },
  );
  await writer.flush();
  sink.end();
  await new Promise((resolve) => sink.once('end', resolve));
  return { exitCode: outcome === 'complete' ? 0 : 1, ...sorted(chunks.join('')) };
}

/** Messages and what is none. */
function sorted(text: string): { out: Transcript; notMessages: string[] } {
  const lines = text.split('\n');
  const notMessages = lines.pop() === '' ? [] : ['the last line has no end'];
  const messages = lines.filter((line) => {
    try {
      return typeof JSON.parse(line) === 'object';
    } catch {
      notMessages.push(line.slice(0, 200));
      return false;
    }
  });
  return { out: new Transcript(messages), notMessages };
}

/** Reads in a process of its own, at the pace of the real clock. */
export async function readAsProcess(ashby: StandIn, request: Request, options: RunOptions = {}): Promise<Ended> {
  const { streams, mode, state, config } = request;
  const folder = await mkdtemp(join(tmpdir(), 'source-ashby-holes-'));
  try {
    const file = async (name: string, content: unknown): Promise<string> => {
      await writeFile(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const args = ['read', '--config', await file('config.json', { ...CONFIG, ...config })];
    args.push('--catalog', await file('catalog.json', catalogOf(streams, mode)));
    if (state) args.push('--state', await file('state.json', state));
    return await runConnector(args, { ...options, env: { ASHBY_BASE_URL: ashby.url, ...options.env } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The rows of a stream that the stand-in has. */
export function truthOf(ashby: StandIn, stream: string): Row[] {
  const rows = (endpoint: string): Row[] => ashby.rows(endpoint).map((text) => JSON.parse(text) as Row);
  const events = (): Row[] =>
    rows('interviewSchedule.list').flatMap((schedule) => (schedule['interviewEvents'] ?? []) as Row[]);
  if (stream === 'interview_events') return events();
  const name = endpointOf(stream);
  const parent = ENDPOINTS[name]?.parent;
  if (!parent) return rows(name);
  const ids =
    parent.parameter === 'notetakerTranscriptId'
      ? events().map((event) => event['notetakerTranscriptId'])
      : rows(parent.of).map(({ id }) => id);
  return ids
    .filter((id) => typeof id === 'string')
    .flatMap((id) => (ashby.childRows(name, id) ?? []).map((text) => JSON.parse(text) as Row));
}

/**
 * How many rows of a stream are missing from, or changed in, what was printed by these runs together. A row that was
 * changed and says so (`meta.changes`) is not missing.
 */
export function missingFrom(ashby: StandIn, stream: string, ...runs: readonly { out: Transcript }[]): number {
  const printed = new Map<string, Row[]>();
  const told = new Set<string>();
  for (const { record } of runs.flatMap(({ out }) => out.messages)) {
    if (record?.stream !== stream) continue;
    const id = String(record.data['id']);
    printed.set(id, [...(printed.get(id) ?? []), record.data]);
    const { meta } = record as { meta?: { changes?: unknown[] } };
    if (meta?.changes && meta.changes.length > 0) told.add(id);
  }
  return truthOf(ashby, stream).filter((row) => {
    const id = String(row['id']);
    return !told.has(id) && !(printed.get(id) ?? []).some((one) => holds(one, row));
  }).length;
}

/** Whether a printed row has everything that the row of the stand-in has; links that soon expire are left out. */
function holds(printed: Row, row: Row): boolean {
  return Object.entries(row).every(([name, value]) => name === 'transcriptUrl' || sameValue(printed[name], value));
}

/** Compared without recursion: rows may be nested thousands of levels deep. */
function sameValue(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [left, right] = pair;
    if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
      if (!Object.is(wellFormed(left), wellFormed(right))) return false;
      continue;
    }
    const names = Object.keys(right);
    if (Array.isArray(left) !== Array.isArray(right) || Object.keys(left).length !== names.length) return false;
    for (const name of names) pairs.push([(left as Row)[name], (right as Row)[name]]);
  }
  return true;
}

/** Half a character cannot stand in UTF-8: what is printed in its place is U+FFFD. */
function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/**
 * What is wrong with a run, in words: lines that are no messages, broken rules of the protocol, a stream that ends
 * COMPLETE with rows missing, an INCOMPLETE one that nobody is told about. `known` are runs before this one.
 */
export function wrongWith(
  ashby: StandIn,
  printed: Printed,
  streams: readonly string[],
  known: readonly Printed[] = [],
) {
  const { out, exitCode, notMessages } = printed;
  const endings = out.endings();
  const wrong = [...notMessages.map((line) => `no message: ${line}`), ...brokenRules(out)];
  for (const stream of streams) {
    const missing = missingFrom(ashby, stream, printed, ...known);
    if (endings[stream] === 'COMPLETE' && missing > 0) wrong.push(`${stream}: COMPLETE with ${missing} rows missing`);
    if (endings[stream] === 'COMPLETE') continue;
    if (endings[stream] !== 'INCOMPLETE') wrong.push(`${stream}: ends ${endings[stream] ?? 'without a word'}`);
    const told = out.errors().some(({ stream_descriptor }) => stream_descriptor?.name === stream);
    if (!told) wrong.push(`${stream}: INCOMPLETE without an error`);
  }
  const failed = streams.some((stream) => endings[stream] !== 'COMPLETE');
  if (exitCode !== (failed ? 1 : 0)) wrong.push(`exit code ${exitCode}`);
  return wrong;
}

/** A hurried clock that shows this time when it is made. */
export function clockAt(atMs: number): Clock {
  const clock = hurriedClock();
  const offset = atMs - clock.now();
  return { ...clock, now: () => clock.now() + offset };
}

/** Whether the state that a platform holds after these runs has this text in it. */
export function holdsText(state: readonly StateMessage[], stream: string, text: string): boolean {
  const own = state.find((one) => one.stream.stream_descriptor.name === stream);
  return own !== undefined && JSON.stringify(own.stream.stream_state).includes(text);
}

/** The state of one stream, as printed last. */
export function stateOf(printed: { out: Transcript }, stream: string): Row | undefined {
  return printed.out.statesOf(stream).at(-1)?.stream.stream_state;
}

/** Made-up rows: `count` of them, with ids of which each names its place. */
export function rowsOf(prefix: string, count: number, more: (n: number) => Row = () => ({})): Row[] {
  return Array.from({ length: count }, (_, n) => ({ id: idOf(prefix, n), name: `${prefix} ${n}`, ...more(n) }));
}

/** An id in the form of Ashby's. The prefix is hashed into it, so that equal numbers under two prefixes differ. */
export function idOf(prefix: string, n: number): string {
  let head = 7;
  for (let at = 0; at < prefix.length; at += 1) head = (head * 31 + prefix.charCodeAt(at)) % 0xffffffff;
  return `${head.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}
