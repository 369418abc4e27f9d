/**
 * What the connector makes of each fault of the catalogue. docs/faults.md is made from this, and
 * faults-catalogue.test.ts proves it, fault by fault. Written down here once more, on purpose: nothing of it is taken
 * from the connector's own tables.
 */

import type { CatalogueEntry } from '../simulator/fault-catalogue.ts';
import { placesOf, type Place } from './places.ts';

type FailureType = 'config_error' | 'system_error' | 'transient_error';

export interface Ending {
  status: 'COMPLETE' | 'INCOMPLETE';
  failureType?: FailureType;
}

export interface Handling {
  /** For the operator: what happens when it comes once, and when it stays. */
  once: string;
  stays: string;
  /** How the stream ends, by place. */
  endsOnce(place: Place): Ending;
  endsAlways(place: Place): Ending;
  /** A warning that must be there whenever the stream is COMPLETE in spite of the fault. */
  warns?: string;
  /** Rows may be missing from a COMPLETE stream: Ashby itself said that they are gone. */
  missesTold?: true;
}

const COMPLETE: Ending = { status: 'COMPLETE' };
const failed = (failureType: FailureType): Ending => ({ status: 'INCOMPLETE', failureType });
const isCall = ({ name }: Place): boolean => name.startsWith('call');

const harmless: Handling = {
  once: 'Nothing: the rows are taken as they are.',
  stays: 'The same.',
  endsOnce: () => COMPLETE,
  endsAlways: () => COMPLETE,
};

const told: Handling = {
  ...harmless,
  once: 'The row is kept; what no reader could take is replaced, and `meta.changes` of the record names the field.',
};

const retried: Handling = {
  once: 'Asked for again; nothing is lost.',
  stays: 'After 6 tries the table ends INCOMPLETE, `transient_error`. Run the sync again.',
  endsOnce: () => COMPLETE,
  endsAlways: () => failed('transient_error'),
};

const throttled: Handling = {
  ...retried,
  once: 'All requests wait as long as is demanded, then it is asked for again; nothing is lost.',
  stays: 'After 12 tries the table ends INCOMPLETE, `transient_error`. Give the connector a key of its own.',
};

const begunAgain: Handling = {
  ...retried,
  once: 'The list is begun anew; rows may come twice, none is lost.',
  stays: 'After the second loss the table ends INCOMPLETE, `transient_error`. Run the sync again.',
};

const endless: Handling = {
  ...retried,
  once: 'Nothing is lost; rows may come twice.',
  stays: 'Noticed as a list that never ends: the table ends INCOMPLETE, `transient_error`. Run the sync again.',
};

const refused = (failureType: FailureType, what: string): Handling => ({
  once: `Not asked again: the table ends INCOMPLETE, \`${failureType}\`. ${what}`,
  stays: 'The same.',
  endsOnce: () => failed(failureType),
  endsAlways: () => failed(failureType),
});

const userActs = refused('config_error', 'The message says what to change in Ashby or in the connection.');
const unknown = refused('system_error', 'The message names the refusal; report it with the log.');

const narrowed: Handling = {
  once: 'A list is asked once more without the parameters that an older Ashby may not know; else as below.',
  stays: 'The table ends INCOMPLETE, `system_error`. Update the connector, or report it.',
  endsOnce: (place) => (isCall(place) ? failed('system_error') : COMPLETE),
  endsAlways: () => failed('system_error'),
};

const tooLarge: Handling = {
  once: 'A page is asked for again with fewer rows. An endpoint without paging may answer more from the start.',
  stays: 'The table ends INCOMPLETE, `system_error`. Memory stays within its bounds.',
  endsOnce: ({ name }) => (name === 'call for an object' ? failed('system_error') : COMPLETE),
  endsAlways: ({ name }) => (name === 'list without paging' ? COMPLETE : failed('system_error')),
};

const oldToken: Handling = {
  ...harmless,
  once: 'All rows are there. A warning says that the next run goes on from the token before.',
  warns: 'sent no sync token',
};

const setAside: Handling = {
  ...harmless,
  once: 'The parent is set aside with a warning, and asked for once more in the next run.',
  warns: 'Ashby did not know',
  missesTold: true,
};

const CURSOR_CODES = ['next_cursor_expired', 'invalid_next_cursor', 'cursor_invalid'];
const USER_STATUSES = [401, 403, 404, 405, 410];
const NARROWED_STATUSES = [400, 422];
const PASSING_STATUSES = [101, 202, 204, 205, 206, 408, 425];

/** Throws for a fault about which nothing is written down. */
export function handlingOf(entry: CatalogueEntry): Handling {
  const { effect, group, passes, name } = entry;
  if (group === 'values') return /^surrogate-|^nested-/.test(name) ? told : harmless;
  if (passes === 'always') return harmless;
  if (effect.kind === 'padded') return tooLarge;
  if (effect.kind === 'emptyPage' || effect.kind === 'alternatingCursor') return endless;
  if (effect.kind === 'noToken' || name === 'token-null' || name === 'token-""') return oldToken;
  if (effect.kind === 'error') return ofCode(effect.code, effect.status);
  if (effect.kind === 'status') return ofStatus(effect.status);
  return passes === 'once' ? retried : unknown;
}

function ofCode(code: string, status = 200): Handling {
  if (CURSOR_CODES.includes(code)) return begunAgain;
  if (code.endsWith('_limit_exceeded')) return throttled;
  if (code === 'generic_internal_error' || status >= 500) return retried;
  if (code === 'resource_not_found') return setAside;
  if (code === 'invalid_input') return narrowed;
  return code === 'unheard_of' ? unknown : userActs;
}

function ofStatus(status: number): Handling {
  if (status === 429) return throttled;
  if (status >= 500 || status === 200 || PASSING_STATUSES.includes(status)) return retried;
  if (USER_STATUSES.includes(status)) return userActs;
  return NARROWED_STATUSES.includes(status) ? narrowed : unknown;
}

/** The places at which a fault can strike, for the table. */
export const strikesAt = (entry: CatalogueEntry): string =>
  entry.at === 'any'
    ? 'any answer'
    : placesOf(entry)
        .map(({ name }) => name)
        .join(', ');
