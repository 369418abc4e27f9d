import { paginate } from '../ashby/paginate.ts';
import type { Row } from '../ashby/rows/rows.ts';
import type { JournalSource } from '../tables/definition.ts';
import { NewKeys, type SourceWorld } from './ask.ts';
import type { Batch, Batches } from './batch.ts';
import { Digests } from './digests.ts';
import { BEGINNING_MS, JournalEnd, OVERLAP_MS } from './journal-end.ts';
import { asker } from './list.ts';
import type { JournalPlace, JournalWindow, Place } from './place.ts';

/** Nothing is known. */
const BEGINNING: JournalPlace = { kind: 'journal', until: iso(BEGINNING_MS), recent: '', whole: true };
/** Ashby takes at most 18 months between the two dates (changelog of 2026-06-04); a walk that has to start a window anew loses less with shorter ones. */
const WINDOW_MS = 365 * 86_400_000;
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
  const end = new JournalEnd(world.now());
  let at = start.kind === 'journal' ? start : BEGINNING;
  if (!end.covers(at)) {
    end.hear(await serverTime(query, end, world));
    if (!end.covers(at)) at = BEGINNING;
  }
  let readTo = Date.parse(at.until);
  for (let done = false; !done; done = end.isReachedAt(readTo)) {
    const { window: resumed, ...place } = at;
    const from = iso(Math.max(BEGINNING_MS, readTo - OVERLAP_MS));
    const window = resumed ?? { from, to: iso(Math.max(readTo, Math.min(readTo + WINDOW_MS, end.latestMs))) };
    at = yield* windowBatches(query, { window, place, end }, world);
    readTo = Date.parse(window.to);
  }
}

/** What Ashby's clock shows. Asked for only where the state is at odds with our own. */
async function serverTime(
  { source }: JournalQuery,
  { latestMs }: JournalEnd,
  world: SourceWorld,
): Promise<number | undefined> {
  const { endpoint, permission, more } = source;
  const body = { ...source.body, startDate: iso(latestMs - OVERLAP_MS), endDate: iso(latestMs), limit: 1 };
  const answer = await world.client.list({ endpoint, permission, more, body }, world.meter);
  return answer.serverTimeMs;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

interface WindowTask {
  /** Without a cursor where it is begun. */
  window: Omit<JournalWindow, 'cursor'> & Partial<JournalWindow>;
  /** Where the journal stands before this window is read. */
  place: JournalPlace;
  end: JournalEnd;
}

/** One window; returns the place behind it. */
async function* windowBatches(
  { source, idField }: JournalQuery,
  { window, place, end }: WindowTask,
  world: SourceWorld,
): AsyncGenerator<Batch, JournalPlace, void> {
  const { from, to, cursor } = window;
  const before = new Digests(place.recent);
  const seen: string[] = [];
  let sure = window.sure ?? to;
  const body = { ...source.body, startDate: from, endDate: to };
  const ask = asker({ source, idField, body, newKeys: new NewKeys(source, world.warn) }, world);
  for await (const page of paginate({ ask, endpoint: source.endpoint, startCursor: cursor })) {
    const { rows: all, nextCursor, answer } = page;
    end.hear(answer.serverTimeMs);
    // What is written behind the time that is sure, after this answer, does not come with a later page of it.
    if (cursor === undefined) sure = iso(Math.max(Date.parse(place.until), Math.min(Date.parse(to), end.sureMs)));
    const rows = all.filter((row) => !before.has(idOf(row, idField)));
    const rememberFromMs = Date.parse(sure) - OVERLAP_MS;
    for (const row of all) if (isRecent(row, rememberFromMs)) seen.push(idOf(row, idField));
    const { arrivedAtMs } = answer;
    if (nextCursor !== undefined) {
      const rest = { from, to, cursor: nextCursor, ...(sure === to ? {} : { sure }) };
      yield { rows, arrivedAtMs, place: { ...place, window: rest } };
      continue;
    }
    const last = end.isReachedAt(Date.parse(to));
    const { whole: _whole, ...known } = place;
    const whole = place.whole === true && !last ? { whole: true } : {};
    // Where the mark lags behind what was read, that is read once more: it stays remembered.
    const remembered = new Digests(last && sure === to ? '' : place.recent);
    for (const id of seen) if (remembered.size < MOST_REMEMBERED) remembered.add(id);
    const reached: JournalPlace = { ...known, until: sure, recent: remembered.pack(), ...whole };
    yield { rows, arrivedAtMs, place: reached, ...(last ? { end: { token: null } } : {}) };
    return reached;
  }
  throw new Error('a list ended without a last page');
}

function idOf(row: Row, idField: string): string {
  return String(row.value[idField]); // a text, as every row was checked for
}

/** An entry whose time cannot be read may be of any time: it is remembered. */
function isRecent(row: Row, fromMs: number): boolean {
  const at = typeof row.value['timestamp'] === 'string' ? Date.parse(row.value['timestamp']) : NaN;
  return !(at < fromMs);
}
