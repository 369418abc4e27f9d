import { isNamedByEvents } from '../../tables/event-names.ts';
import { buriedAs, lineage, parentOf, rootOf } from '../../tables/lineage.ts';
import type { Table } from '../../tables/definition.ts';
import type { Remembered } from '../state/state.ts';
import type { Events } from './events.ts';
import { Heed } from './heed.ts';

export interface HeedWorld {
  events?: Events | undefined;
  startDate: Date | undefined;
  tellsDeleted: boolean;
  /** What the state remembers of the table's list; undefined on a first run. */
  known: Remembered | undefined;
}

/** Who listens for a stream, and, for people, what was missed. */
export interface Heeding {
  heed: Heed | undefined;
  missed: string | undefined;
}

export const NO_HEED: Heeding = { heed: undefined, missed: undefined };

/** Whether events have something to say about the rows of this table. */
export function concernsEvents(table: Table): boolean {
  return table.source.kind === 'inbox' || namedFor(table) !== undefined || buriedAs(table) !== undefined;
}

/**
 * Puts a listener for the stream on the walk of the inbox, where events concern it. A table that was never read needs
 * only what comes from now on: what was deleted before is in no destination, and all its rows are read anyway.
 */
export function heedOf(table: Table, { events, startDate, tellsDeleted, known }: HeedWorld): Heeding {
  const named = namedFor(table);
  const gone = tellsDeleted ? buriedAs(table) : undefined;
  if (!events || (!named && !gone)) return NO_HEED;
  const { number, missed } = events.from(known ? (known.heard ?? 'oldest') : 'newest');
  const filter = named && filtersByDate(named) ? startDate : undefined;
  const heed = new Heed({ named: named?.name, gone: gone?.name, startDate: filter, known: known?.heard });
  events.join(number, heed);
  return { heed, missed };
}

/** The table for whose rows calls are made that this one lives on, where events name such rows by the id that is asked with. */
function namedFor(table: Table): Table | undefined {
  const call = lineage(table).find(({ source }) => source.kind === 'calls');
  if (call?.source.kind !== 'calls' || call.source.parentField !== undefined) return undefined;
  const parent = parentOf(call);
  return parent && isNamedByEvents(parent.name) ? parent : undefined;
}

function filtersByDate(table: Table): boolean {
  const { source } = rootOf(table);
  return source.kind === 'list' && source.startDateApplies === true;
}
