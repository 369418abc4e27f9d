import { createHash } from 'node:crypto';

/** The format of the states that this release writes; docs/state.md describes it. */
export const STATE_VERSION = 1;

/** Where an unfinished pass over a list stands. */
export interface Position {
  /** The token that the pass started from; null for a pass over everything. */
  from: string | null;
  /** The cursor of the next page; null at the beginning. */
  cursor: string | null;
  /** In a journal that is read newest first: its newest row when the pass began, the token of the time after it. */
  head?: string;
}

/** What is remembered of one list, for one consumer of it. */
export interface PassState {
  /** Of the request's shape; a token belongs to one shape. */
  fingerprint: string;
  /** The token of the last finished pass. */
  token?: string;
  /** Set while a pass is unfinished. */
  running?: { from: string | null; cursor: string; head?: string };
  /** For a child whose parents have no token: the `updatedAt` at which each parent was read. */
  seen?: Record<string, string>;
  /** With `seen`: the kind of pass that is unfinished, if one is. */
  unfinished?: 'full' | 'moved';
}

export interface StreamState {
  version: typeof STATE_VERSION;
  /** The newest `_ab_cdc_updated_at` given out. */
  stamp?: string;
  /** By survey type, or under "all" for streams with one list. */
  passes: Record<string, PassState>;
}

/** What is read of a stream's state: the state, or why it cannot be used. */
export type ReadState = { state: StreamState } | { problem: string } | { empty: true };

/** Reads the state of one stream. Whatever is not exactly of our making is a problem, never an exception. */
export function readStreamState(value: unknown): ReadState {
  if (value === undefined || value === null) return { empty: true };
  if (!isObject(value)) return { problem: 'it is no object' };
  if (Object.keys(value).length === 0) return { empty: true };
  if (value['version'] !== STATE_VERSION) {
    return typeof value['version'] === 'number'
      ? { problem: `it has the format version ${value['version']}, and this release knows version ${STATE_VERSION}` }
      : { problem: 'it was not made by this connector' };
  }
  const passes: Record<string, PassState> = {};
  const given = value['passes'] ?? {};
  if (!isObject(given)) return { problem: 'it is damaged ("passes")' };
  for (const [key, part] of Object.entries(given)) {
    const pass = readPass(part);
    if (!pass) return { problem: `it is damaged ("passes.${key.slice(0, 40)}")` };
    passes[key] = pass;
  }
  const stamp = value['stamp'];
  if (stamp !== undefined && stampMicros(stamp) === undefined) return { problem: 'it is damaged ("stamp")' };
  return { state: { version: STATE_VERSION, passes, ...(typeof stamp === 'string' ? { stamp } : {}) } };
}

function readPass(value: unknown): PassState | undefined {
  if (!isObject(value) || !isText(value['fingerprint'])) return undefined;
  const pass: PassState = { fingerprint: value['fingerprint'] };
  const { token, running, seen, unfinished } = value;
  if (token !== undefined) {
    if (!isText(token)) return undefined;
    pass.token = token;
  }
  if (running !== undefined) {
    if (!isObject(running) || !isText(running['cursor'])) return undefined;
    const { from, cursor, head } = running;
    if (from !== null && !isText(from)) return undefined;
    if (head !== undefined && !isText(head)) return undefined;
    pass.running = { from, cursor, ...(head === undefined ? {} : { head }) };
  }
  if (seen !== undefined) {
    if (!isObject(seen) || !Object.values(seen).every((moment) => typeof moment === 'string')) return undefined;
    pass.seen = seen as Record<string, string>; // every value was looked at in the line above
  }
  if (unfinished !== undefined) {
    if (unfinished !== 'full' && unfinished !== 'moved') return undefined;
    pass.unfinished = unfinished;
  }
  return pass;
}

/** What a request's shape is made of. Two requests with equal shapes may use each other's tokens. */
export interface RequestShape {
  endpoint: string;
  body: Readonly<Record<string, unknown>>;
  apiVersion: string;
  startDate?: string | undefined;
  /** For a child: the shape of its own call. */
  child?: { endpoint: string; body: Readonly<Record<string, unknown>> } | undefined;
}

/** A short digest of a request's shape. Keys are sorted, so that the order in the table of streams does not matter. */
export function fingerprint(shape: RequestShape): string {
  const sorted = JSON.stringify(shape, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16);
}

/** A stamp as microseconds since 1970; undefined where it is none, or one beyond what a number counts exactly. */
export function stampMicros(stamp: unknown): number | undefined {
  if (typeof stamp !== 'string') return undefined;
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3})(\d{3})Z$/.exec(stamp);
  if (!match) return undefined;
  const micros = Date.parse(`${match[1] ?? ''}Z`) * 1000 + Number(match[2]);
  return Number.isSafeInteger(micros) ? micros : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
