import type { SyncMode } from '../protocol/messages.ts';
import { EVERYTHING, tokenOf, type CallsPlace, type Place } from '../sources/place.ts';
import type { CallsSource, Source, Table } from '../tables/definition.ts';
import { requiredParent } from '../tables/lineage.ts';
import type { Remembered } from './state/state.ts';

/** Where a stream starts reading one of its lists, and why, for people. */
export interface Plan {
  start: Place;
  /** For the line about the stream at its end. */
  how: string;
  /** Something worth saying at its beginning. */
  note?: string;
}

export interface PlanInput {
  /** The source that the table's rows come from: its own, or, for rows inside rows, its parent's. */
  source: Exclude<Source, { kind: 'inside' | 'keys' }>;
  mode: SyncMode;
  known: Remembered | undefined;
  fingerprint: string;
  /** Wall-clock milliseconds. */
  nowMs: number;
}

const HOUR_MS = 3_600_000;

/** The source that a table's rows come from, be they inside others or not. */
export function sourceOf(table: Table): PlanInput['source'] {
  if (table.source.kind === 'keys') throw new Error(`${table.name} has no list`);
  if (table.source.kind !== 'inside') return table.source;
  return sourceOf(requiredParent(table));
}

/** Decides where to start. Pure: the same input gives the same plan. */
export function planStart(input: PlanInput): Plan {
  const { source, mode, known, fingerprint } = input;
  if (source.kind === 'boards' || source.kind === 'report' || (source.kind === 'list' && !source.givesToken))
    return whole(source, 'this table has no incremental form');
  if (!known) return whole(source, mode === 'incremental' ? 'first run' : 'full refresh');
  if (known.fingerprint !== fingerprint) {
    const note = 'what is asked of Ashby has changed since the last run, so everything is read again.';
    return { ...whole(source, 'the request has changed'), note };
  }
  if (mode === 'full_refresh') return unfinishedWhole(known.place, source) ?? whole(source, 'full refresh');
  switch (source.kind) {
    case 'list':
      return goOnInList(known.place, source);
    case 'journal':
      return goOnInJournal(known.place, source);
    case 'calls':
      return goOnWithCalls(known.place, source, input.nowMs);
  }
}

const UNFINISHED_WHOLE = 'went on with an unfinished full pass';
const GOES_ON = 'goes on where the last run stopped.';

function whole(source: Source, why: string): Plan {
  const start: Place = source.kind === 'calls' ? { kind: 'calls', from: null } : EVERYTHING;
  return { start, how: `read whole (${why})` };
}

/** In full refresh a finished state is ignored; only an unfinished pass over everything is gone on with. */
function unfinishedWhole(place: Place, source: Source): Plan | undefined {
  const fits =
    (place.kind === 'walking' && source.kind === 'list' && place.from === null) ||
    (place.kind === 'journal' && source.kind === 'journal' && place.whole === true) ||
    (place.kind === 'calls' &&
      source.kind === 'calls' &&
      place.from === null &&
      (place.walk !== undefined || place.whole === true));
  return fits ? { start: place, how: UNFINISHED_WHOLE, note: GOES_ON } : undefined;
}

function goOnInList(place: Place, source: Source): Plan {
  if (place.kind === 'walking') {
    const how = place.from === null ? UNFINISHED_WHOLE : 'went on with an unfinished pass of changes';
    return { start: place, how, note: GOES_ON };
  }
  if (place.kind === 'changes') return { start: place, how: 'read changes since the last run' };
  return whole(source, 'the last run left no sync token');
}

function goOnInJournal(place: Place, source: Source): Plan {
  if (place.kind !== 'journal') return whole(source, 'an older release did not say until when it had read');
  return { start: place, how: 'read what was added since the last run' };
}

function goOnWithCalls(place: Place, source: CallsSource, nowMs: number): Plan {
  // 0.1.0 remembered no more than the token of the parents' list.
  const known: CallsPlace = place.kind === 'calls' ? place : { kind: 'calls', from: tokenOf(place), ...pageOf(place) };
  if (known.walk || known.whole === true || known.cursor !== undefined)
    return { start: known, how: 'went on with unfinished calls', note: GOES_ON };
  if (source.follow === 'moved') {
    return known.seen === undefined
      ? whole(source, 'the last run left nothing to go on with')
      : { start: known, how: 'read what moved since the last run' };
  }
  if (known.from === null) return whole(source, 'the last run left no sync token');
  if (isDue(known, source, nowMs))
    return { start: { ...known, due: true }, how: 'asked about all parents, as once in a while' };
  return { start: known, how: 'read changes since the last run' };
}

/** The page at which a fan-out of 0.1.0 was cut off. */
function pageOf(place: Place): Pick<CallsPlace, 'cursor'> {
  return place.kind === 'walking' ? { cursor: place.cursor } : {};
}

/** A run that is started every day at the same time finds the last one a little less than a day old. */
const SLACK_MS = HOUR_MS;

/** Whether all parents are to be asked about again. A time that lies in the future is no time. */
function isDue({ allAt }: CallsPlace, { revisit }: CallsSource, nowMs: number): boolean {
  if (!revisit) return false;
  const ageMs = allAt === undefined ? Infinity : nowMs - Date.parse(allAt);
  return ageMs < 0 || ageMs >= revisit.everyHours * HOUR_MS - SLACK_MS;
}
