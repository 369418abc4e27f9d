import type { Clock } from '../http/clock.ts';
import { withoutFields } from '../ashby/rows/rows.ts';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import type { Output } from '../protocol/output.ts';
import type { IncomingState } from '../protocol/state.ts';
import { DELETED_FIELD, type Table } from '../tables/definition.ts';
import type { Protection } from '../personal/protection.ts';
import { columnsFor, withColumns } from '../tables/custom-fields/columns.ts';
import { Drift } from '../tables/drift.ts';
import { goesWithParent, isIncremental, isSwept } from '../tables/lineage.ts';
import { projectOf, type Project } from '../tables/project.ts';
import type { WantedReport } from '../tables/reports.ts';
import type { Often } from '../sweep/due.ts';
import type { Place } from '../sources/place.ts';
import { modeOf, tableOf } from './configured.ts';
import { Emitter } from './emit.ts';
import type { Events } from './events/events.ts';
import type { Heed } from './events/heed.ts';
import { heedOf, NO_HEED } from './events/heed-of.ts';
import { listKeysOf, ONE_LIST, planOf, usableState } from './start.ts';
import { besideOf } from './state/state.ts';
import { ASKS_AT_MOST } from './sweeps/confirm.ts';
import type { RoomBook } from './sweeps/room-book.ts';
import type { SweepState } from './sweeps/sweep-state.ts';
import { SweepTaker } from './sweeps/sweep-taker.ts';
import { Sweeper } from './sweeps/sweeper.ts';
import { TableTaker } from './walks/table-taker.ts';

/** One of the lists that a stream lives on: most have one, survey tables one for each survey type. */
export interface Lane {
  /** Its name in the stream's state. */
  key: string;
  surveyType: string | undefined;
  start: Place;
  taker: TableTaker;
  project: Project;
  sweep: Sweep | undefined;
}

/** How it is found out what is gone from a list. */
export interface Sweep {
  sweeper: Sweeper;
  /** A walk over everything, where the list's own walk is none and one is due. */
  taker: SweepTaker | undefined;
}

/** A selected table during one run. */
export interface Stream {
  table: Table;
  /** Whether tombstones of this table reach somebody who acts on them. */
  tellsDeleted: boolean;
  emitter: Emitter;
  lanes: readonly Lane[];
  /** Listens to the events that concern the table; undefined where none does, or there is no inbox. */
  heed: Heed | undefined;
}

export interface StreamWorld {
  state: IncomingState;
  startDate: Date | undefined;
  findDeleted: { often: Often; chosen: boolean };
  /** What was chosen for personal data; undefined where everything is kept. */
  protection: Protection | undefined;
  /** The webhook inbox, where one is configured. */
  events?: Events | undefined;
  /** The reports that the form names. */
  reports: readonly WantedReport[];
  /** Whether the columns for custom fields that a configured schema names are filled. */
  customFieldColumns: boolean;
  /** Whether the living keys of all tables are asked for, so that each is to be walked whole in this run. */
  listsKeys: boolean;
  /** The room that memories of keys take in all states together. */
  book: RoomBook;
  output: Output;
  clock: Clock;
  loadSchema(stream: string): Record<string, unknown>;
}

/** Makes a stream of an entry of the configured catalog. Throws a `config_error` for one that does not exist. */
export function streamOf(configured: ConfiguredStream, world: StreamWorld): Stream {
  const { output, clock, startDate, listsKeys, customFieldColumns, loadSchema } = world;
  const table = tableOf(configured, world);
  const mode = modeOf(configured, table, output);
  const state = usableState(configured.name, world);
  const plans = listKeysOf(table).map((list) => ({
    ...list,
    ...planOf(table, list, { mode, state, startDate, clock }),
  }));
  const tellsDeleted = mode === 'incremental' && tells(configured, table, world);
  const { heed, missed } =
    mode === 'incremental' ? heedOf(table, { ...world, tellsDeleted, known: state.lists[ONE_LIST] }) : NO_HEED;
  const sweepers = new Map<string, Sweeper>();
  if ((tellsDeleted || listsKeys) && isSwept(table)) {
    for (const { key, known } of plans)
      sweepers.set(key, sweeperOf(table, { known, missed: missed !== undefined }, world));
  }
  const personal = world.protection?.fingerprint(table.name);
  const { columns, remark } = columnsFor(table, configured.properties, customFieldColumns);
  if (remark !== undefined) output.log('INFO', `${table.name}: ${remark}`);
  const emitter = new Emitter({
    name: table.name,
    incremental: isIncremental(table),
    lastStamp: state.stamp,
    personal,
    lists: Object.fromEntries(plans.map(({ key, fingerprint, plan }) => [key, { fingerprint, place: plan.start }])),
    besideOf: (key) =>
      besideOf({ sweep: sweepers.get(key)?.state(), heard: heed ? heed.state() : state.lists[key]?.heard }),
    output,
    clock,
    // A report's columns are its own: there is nothing that they could outgrow.
    drift: new Drift(
      table.source.kind === 'report' ? {} : withColumns(loadSchema(table.name), configured.properties, columns),
    ),
  });
  if (missed !== undefined) emitter.warn(`${missed}.${sweepers.size > 0 ? ' Deletions are looked for at once.' : ''}`);
  if (isIncremental(table) && Object.keys(state.lists).length > 0 && state.personal !== personal)
    emitter.info(OTHER_CHOICE);
  const made = projectOf(table, { startDate, columns });
  // Rows that are made of parts of others have all their columns, those of dropped groups empty.
  const dropped = table.source.kind === 'inside' ? (world.protection?.droppedColumns(table.name) ?? []) : [];
  const project: Project =
    dropped.length === 0 ? made : (given) => made(given).map((row) => withoutFields(row, dropped));
  const keysOnly = projectOf(table, { startDate });
  const lanes = plans.map(({ key, surveyType, plan }): Lane => {
    emitter.how.add(plan.how);
    if (plan.note !== undefined) emitter.info(plan.note);
    const sweeper = sweepers.get(key);
    const startsWhole = plan.start.kind === 'everything';
    const taker = new TableTaker({ emitter, key, project, sweeper, startsWhole });
    // A walk that goes on in the midst of a list is followed by others; what is due waits for the run after, unless
    // somebody waits for the keys.
    const isPass = plan.start.kind === 'changes' || (listsKeys && plan.start.kind === 'walking');
    const walks = sweeper?.due === true && isPass;
    const sweep = sweeper && { sweeper, taker: walks ? new SweepTaker(sweeper.walk, keysOnly) : undefined };
    return { key, surveyType, start: plan.start, taker, project, sweep };
  });
  return { table, tellsDeleted, emitter, lanes, heed };
}

const OTHER_CHOICE =
  'what is kept, hashed or dropped of its personal data ("personal_data" or its salt) has changed since the last run. Rows that were read before stay as they are in the destination; refresh this stream to bring them into line.';

/**
 * Tombstones go only where the configured schema has their column (a connection that was made before has none), and
 * where the destination keeps one row for each key, unless the form asks for them.
 */
function tells(
  { name, dedups, columns }: ConfiguredStream,
  table: Table,
  { findDeleted, output }: StreamWorld,
): boolean {
  if (findDeleted.often === 'never' || !(isSwept(table) || goesWithParent(table))) return false;
  if (columns.has(DELETED_FIELD)) return dedups || findDeleted.chosen;
  if (findDeleted.chosen) {
    const what = `the configured catalog lacks the column ${DELETED_FIELD}, so rows that were deleted in Ashby are not told`;
    output.log('INFO', `${name}: ${what}. Refresh the schema of the connection to get it.`);
  }
  return false;
}

function sweeperOf(
  table: Table,
  { known, missed }: { known: SweepState | undefined; missed: boolean },
  { findDeleted, listsKeys, clock, book }: StreamWorld,
): Sweeper {
  const [keyField = 'id'] = table.key;
  const asksAtMost = table.info ? ASKS_AT_MOST : undefined;
  const nowMs = clock.now();
  const { bornField = 'createdAt' } = table;
  const width = table.addsKey ? 32 : 16;
  const often = listsKeys ? 'every_sync' : findDeleted.often;
  return new Sweeper({ keyField, width, bornField, asksAtMost, known, often, nowMs, book, missed });
}
