import type { CallsPlace, InboxPlace, JournalPlace, Place } from '../../sources/place.ts';
import { isPacked } from '../../sources/digests.ts';
import { readOldState } from './old-state.ts';
import { stampMicros } from '../stamp.ts';
import { readHeard, type Heard } from '../events/heard.ts';
import { readSweepState, type SweepState } from '../sweeps/sweep-state.ts';
import { isCount, isText, isTextOrNull, isTexts, optional } from './shapes.ts';
import { isObject } from '../../json-text.ts';

/** The format of the states that this release writes; docs/state.md describes it. */
export const STATE_VERSION = 2;

/** What is remembered of one list of a stream. */
export interface Remembered {
  /** Of the request's shape: a token belongs to one shape. */
  fingerprint: string;
  place: Place;
  /** What is known of the keys that live in the destination. */
  sweep?: SweepState;
  /** How far events of the webhook inbox that concern the table were heeded. */
  heard?: Heard;
}

export interface StreamState {
  version: typeof STATE_VERSION;
  /** The newest `_ab_cdc_updated_at` given out. */
  stamp?: string;
  /** A digest of what was chosen for personal data, where not all of it was kept. */
  personal?: string;
  /** By survey type, or under "all" for streams with one list. */
  lists: Readonly<Record<string, Remembered>>;
}

/** What is read of a stream's state: the state, or why it cannot be used. */
export type ReadState = { state: StreamState } | { problem: string } | { empty: true };

/** Reads the state of one stream, of this release or of 0.1.0. Whatever is not exactly of our making is a problem, never an exception. */
export function readStreamState(value: unknown): ReadState {
  if (value === undefined || value === null) return { empty: true };
  if (!isObject(value)) return { problem: 'it is no object' };
  if (Object.keys(value).length === 0) return { empty: true };
  const { version, stamp } = value;
  if (stamp !== undefined && stampMicros(stamp) === undefined) return { problem: 'it is damaged ("stamp")' };
  const stamped = typeof stamp === 'string' ? { stamp } : {};
  if (version === 1) {
    const lists = readOldState(value['passes']);
    return lists ? { state: { version: STATE_VERSION, ...stamped, lists } } : { problem: 'it is damaged ("passes")' };
  }
  if (version !== STATE_VERSION) {
    return typeof version === 'number'
      ? { problem: `it has the format version ${version}, and this release knows versions 1 and ${STATE_VERSION}` }
      : { problem: 'it was not made by this connector' };
  }
  const lists: Record<string, Remembered> = {};
  const given = value['lists'] ?? {};
  if (!isObject(given)) return { problem: 'it is damaged ("lists")' };
  for (const [key, part] of Object.entries(given)) {
    const place = isObject(part) ? readPlace(part['place']) : undefined;
    if (!isObject(part) || !isText(part['fingerprint']) || !place)
      return { problem: `it is damaged ("lists.${key.replace(/[^\w]/g, '?').slice(0, 40)}")` };
    const sweep = readSweepState(part['sweep']);
    const heard = readHeard(part['heard']);
    const kept = { ...(sweep ? { sweep } : {}), ...(heard ? { heard } : {}) };
    lists[key] = { fingerprint: part['fingerprint'], place, ...kept };
  }
  // It only tells that a choice has changed: what is no text of ours counts as another choice.
  const { personal } = value;
  const chosen = typeof personal === 'string' ? { personal } : {};
  return { state: { version: STATE_VERSION, ...stamped, ...chosen, lists } };
}

/** The state of a stream that a later run can go on from. */
export function stateOf({ stamp, personal, lists }: StateParts): StreamState {
  return {
    version: STATE_VERSION,
    ...(stamp === undefined ? {} : { stamp }),
    ...(personal === undefined ? {} : { personal }),
    lists,
  };
}

interface StateParts {
  stamp: string | undefined;
  personal: string | undefined;
  lists: StreamState['lists'];
}

/** The state of one that is read whole each time: it says no more than that it was. `nowMs` is wall-clock time. */
export function wholeState(nowMs: number): object {
  return { version: STATE_VERSION, completed_at: new Date(nowMs).toISOString() };
}

/** What a list's part of a state holds beside its place. */
export type Beside = Pick<Remembered, 'sweep' | 'heard'>;

/** Only what there is. */
export function besideOf({ sweep, heard }: { [name in keyof Beside]: Beside[name] | undefined }): Beside {
  return { ...(sweep ? { sweep } : {}), ...(heard ? { heard } : {}) };
}

/** The lists with what is remembered beside their places. */
export function withBeside(
  lists: StreamState['lists'],
  beside: ((key: string) => Beside) | undefined,
): StreamState['lists'] {
  if (!beside) return lists;
  const entries = Object.entries(lists).map(([key, { fingerprint, place }]): [string, Remembered] => [
    key,
    { fingerprint, place, ...beside(key) },
  ]);
  return Object.fromEntries(entries);
}

/** A place as it was printed; undefined for anything else. */
export function readPlace(value: unknown): Place | undefined {
  if (!isObject(value)) return undefined;
  const { kind, token, from, cursor } = value;
  switch (kind) {
    case 'everything':
      return { kind };
    case 'changes':
      return isText(token) ? { kind, token } : undefined;
    case 'walking':
      return isTextOrNull(from) && isText(cursor) ? { kind, from, cursor } : undefined;
    case 'journal':
      return readJournalPlace(value);
    case 'calls':
      return readCallsPlace(value);
    case 'inbox':
      return readInboxPlace(value);
    default:
      return undefined;
  }
}

function readJournalPlace({ until, recent, window, whole }: Record<string, unknown>): JournalPlace | undefined {
  if (!isDate(until) || typeof recent !== 'string' || !isPacked(recent) || !optional(whole, isTrue)) return undefined;
  const place: JournalPlace = { kind: 'journal', until, recent, ...(whole === true ? { whole: true } : {}) };
  if (window === undefined) return place;
  if (!isObject(window)) return undefined;
  const { from, to, cursor, sure } = window;
  if (!isDate(from) || !isDate(to) || !isText(cursor)) return undefined;
  if (sure !== undefined && !isDate(sure)) return undefined;
  return { ...place, window: { from, to, cursor, ...(sure === undefined ? {} : { sure }) } };
}

function readInboxPlace({ inbox, number }: Record<string, unknown>): InboxPlace | undefined {
  return isText(inbox) && isCount(number) ? { kind: 'inbox', inbox, number } : undefined;
}

function readCallsPlace(value: Record<string, unknown>): CallsPlace | undefined {
  const { from, cursor, due, walk, owed, gone, allAt, seen, whole } = value;
  const sound =
    isTextOrNull(from) &&
    optional(cursor, isText) &&
    optional(due, isTrue) &&
    optional(owed, isTexts) &&
    optional(gone, isTexts) &&
    optional(allAt, isDate) &&
    optional(seen, (text) => typeof text === 'string' && isPacked(text)) &&
    optional(whole, isTrue) &&
    optional(
      walk,
      (part) =>
        isObject(part) &&
        isTextOrNull(part['gave']) &&
        optional(part['behind'], isText) &&
        optional(part['allAt'], isDate),
    );
  return sound ? (value as unknown as CallsPlace) : undefined; // each of its fields was looked at above
}

function isTrue(value: unknown): value is true {
  return value === true;
}

function isDate(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
