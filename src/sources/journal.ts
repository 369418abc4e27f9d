import { paginate } from '../ashby/paginate.ts';
import type { Row } from '../ashby/rows/rows.ts';
import type { JournalSource } from '../tables/definition.ts';
import { NewKeys, type SourceWorld } from './ask.ts';
import type { Batch, Batches } from './batch.ts';
import { Digests } from './digests.ts';
import { asker } from './list.ts';
import type { JournalPlace, Place } from './place.ts';

/**
 * Where the journal begins. auditLog.list says nothing of its oldest entry, and an empty window proves nothing about
 * the time before it, so the walk starts before Ashby itself did (the company was founded in 2018).
 */
const BEGINNING_MS = Date.UTC(2015, 0, 1);
/** Ashby takes at most 18 months between the two dates (changelog of 2026-06-04); a walk that has to start a window anew loses less with shorter ones. */
const WINDOW_MS = 365 * 86_400_000;
/** So much of the time before a window is read again: entries may come late, and the two clocks may differ. */
const OVERLAP_MS = 15 * 60_000;
/** So many entries of the overlap are remembered; in a busier quarter of an hour some come twice. */
const MOST_REMEMBERED = 2_000;

export interface JournalQuery {
  source: JournalSource;
  idField: string;
}

/**
 * Reads a journal in windows of time, the oldest first, up to now. Both dates are always sent: without them
 * auditLog.list answers for the last 24 hours, with one of them for the 24 hours at it. Within a window the newest
 * entry comes first. The place moves from window to window, and from page to page within one.
 */
export async function* journalBatches(query: JournalQuery, start: Place, world: SourceWorld): Batches {
  const nowMs = world.now();
  const known = start.kind === 'journal' && isSound(start, nowMs) ? start : undefined;
  let until = known ? Date.parse(known.until) : BEGINNING_MS;
  let recent = known?.recent ?? '';
  let resumed = known?.window;
  const whole = known ? known.whole === true : true;
  do {
    const to = resumed ? Date.parse(resumed.to) : Math.max(until, Math.min(until + WINDOW_MS, nowMs));
    const window = resumed ?? { from: iso(Math.max(BEGINNING_MS, until - OVERLAP_MS)), to: iso(to) };
    const place: JournalPlace = { kind: 'journal', until: iso(until), recent, ...(whole ? { whole } : {}) };
    recent = yield* windowBatches(query, { window, place, last: to >= nowMs }, world);
    until = to;
    resumed = undefined;
  } while (until < nowMs);
}

/** A mark in the future would hide all that is written before it comes; it is none of ours, or our clock has gone back. */
function isSound({ until, window }: JournalPlace, nowMs: number): boolean {
  return [until, window?.to].every((date) => date === undefined || Date.parse(date) <= nowMs + OVERLAP_MS);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

interface WindowTask {
  window: { from: string; to: string; cursor?: string };
  /** Where the journal stands before this window is read. */
  place: JournalPlace;
  /** Whether it is the last window. */
  last: boolean;
}

/** One window; returns what is to be remembered of its last entries. */
async function* windowBatches(
  { source, idField }: JournalQuery,
  { window, place, last }: WindowTask,
  world: SourceWorld,
): AsyncGenerator<Batch, string, void> {
  const { from, to, cursor } = window;
  const before = new Digests(place.recent);
  const remembered = new Digests();
  const rememberFromMs = Date.parse(to) - OVERLAP_MS;
  const body = { ...source.body, startDate: from, endDate: to };
  const ask = asker({ source, idField, body, newKeys: new NewKeys(source, world.warn) }, world);
  for await (const page of paginate({ ask, endpoint: source.endpoint, startCursor: cursor })) {
    const rows = page.rows.filter((row) => !before.has(idOf(row, idField)));
    for (const row of page.rows) {
      if (isRecent(row, rememberFromMs) && remembered.size < MOST_REMEMBERED) remembered.add(idOf(row, idField));
    }
    const arrivedAtMs = page.answer.arrivedAtMs;
    if (page.nextCursor !== undefined) {
      yield { rows, arrivedAtMs, place: { ...place, window: { from, to, cursor: page.nextCursor } } };
      continue;
    }
    const unfinished = place.whole === true && !last;
    const reached: JournalPlace = {
      kind: 'journal',
      until: to,
      recent: remembered.pack(),
      ...(unfinished ? { whole: true } : {}),
    };
    yield { rows, arrivedAtMs, place: reached, ...(last ? { end: { token: null } } : {}) };
  }
  return remembered.pack();
}

function idOf(row: Row, idField: string): string {
  return String(row.value[idField]); // a text, as every row was checked for
}

/** An entry whose time cannot be read may be of any time: it is remembered. */
function isRecent(row: Row, fromMs: number): boolean {
  const at = typeof row.value['timestamp'] === 'string' ? Date.parse(row.value['timestamp']) : NaN;
  return !(at < fromMs);
}
