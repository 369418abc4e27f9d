import type { Clock } from '../http/clock.ts';
import { ConnectorError } from '../errors.ts';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import type { SyncMode } from '../protocol/messages.ts';
import type { Output } from '../protocol/output.ts';
import type { IncomingState } from '../protocol/state.ts';
import { DELETED_FIELD, type Table } from '../tables/definition.ts';
import { columnsFor, withColumns } from '../tables/custom-fields/columns.ts';
import { Drift } from '../tables/drift.ts';
import { findTable, goesWithParent, isIncremental, isSwept, rootOf } from '../tables/lineage.ts';
import { projectOf, type Project } from '../tables/project.ts';
import { REPORT_PREFIX, reportTable, type WantedReport } from '../tables/reports.ts';
import type { Often } from '../sweep/due.ts';
import type { Place } from '../sources/place.ts';
import { Emitter } from './emit.ts';
import { fingerprintOf } from './state/fingerprint.ts';
import { planStart, sourceOf, type Plan } from './plan.ts';
import { readStreamState, STATE_VERSION, type StreamState } from './state/state.ts';
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
}

export interface StreamWorld {
  state: IncomingState;
  startDate: Date | undefined;
  findDeleted: { often: Often; chosen: boolean };
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
  const sweepers = new Map<string, Sweeper>();
  if ((tellsDeleted || listsKeys) && isSwept(table)) {
    for (const { key, known } of plans) sweepers.set(key, sweeperOf(table, known, world));
  }
  const { columns, remark } = columnsFor(table, configured.properties, customFieldColumns);
  if (remark !== undefined) output.log('INFO', `${table.name}: ${remark}`);
  const emitter = new Emitter({
    name: table.name,
    incremental: isIncremental(table),
    lastStamp: state.stamp,
    lists: Object.fromEntries(plans.map(({ key, fingerprint, plan }) => [key, { fingerprint, place: plan.start }])),
    sweepOf: (key) => sweepers.get(key)?.state(),
    output,
    clock,
    // A report's columns are its own: there is nothing that they could outgrow.
    drift: new Drift(
      table.source.kind === 'report' ? {} : withColumns(loadSchema(table.name), configured.properties, columns),
    ),
  });
  const project = projectOf(table, { startDate, columns });
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
  return { table, tellsDeleted, emitter, lanes };
}

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
  known: SweepState | undefined,
  { findDeleted, listsKeys, clock, book }: StreamWorld,
): Sweeper {
  const [keyField = 'id'] = table.key;
  const asksAtMost = table.info ? ASKS_AT_MOST : undefined;
  const nowMs = clock.now();
  const { bornField = 'createdAt' } = table;
  const width = table.addsKey ? 32 : 16;
  return new Sweeper({
    keyField,
    width,
    bornField,
    asksAtMost,
    known,
    often: listsKeys ? 'every_sync' : findDeleted.often,
    nowMs,
    book,
  });
}

function tableOf({ name, columns }: ConfiguredStream, { reports }: Pick<StreamWorld, 'reports'>): Table {
  const table = findTable(name);
  if (table) return table;
  const report = reports.find((wanted) => reportTable(wanted).name === name);
  if (report) return reportTable(report, [...columns]);
  if (name.startsWith(REPORT_PREFIX)) {
    throw new ConnectorError(
      `"Reports" in the configuration names no report for the stream "${name}". Add it there, or deselect the stream.`,
      { failureType: 'config_error' },
    );
  }
  throw new ConnectorError(
    `There is no stream "${name}". Refresh the schema of the connection (discover lists the streams), or deselect it.`,
    { failureType: 'config_error' },
  );
}

function modeOf({ name, syncMode }: ConfiguredStream, table: Table, output: Output): SyncMode {
  if (syncMode === undefined) {
    throw new ConnectorError(
      `The stream "${name}" is configured with a sync mode that does not exist. Use full_refresh or incremental.`,
      { failureType: 'config_error' },
    );
  }
  if (syncMode === 'full_refresh' || isIncremental(table)) return syncMode;
  output.log('INFO', `${name}: Ashby offers no incremental form of this table; it is read whole.`);
  return 'full_refresh';
}

function listKeysOf(table: Table): { key: string; surveyType: string | undefined }[] {
  if (table.source.kind === 'keys') return [];
  const { source } = rootOf(table);
  const types = source.kind === 'list' ? source.surveyTypes : undefined;
  return types ? types.map((type) => ({ key: type, surveyType: type })) : [{ key: 'all', surveyType: undefined }];
}

interface PlanWorld {
  mode: SyncMode;
  state: StreamState;
  startDate: Date | undefined;
  clock: Clock;
}

function planOf(
  table: Table,
  { key, surveyType }: { key: string; surveyType: string | undefined },
  { mode, state, startDate, clock }: PlanWorld,
): { fingerprint: string; plan: Plan; known: SweepState | undefined } {
  const fingerprint = fingerprintOf(table, surveyType, startDate);
  const known = state.lists[key];
  const plan = planStart({ source: sourceOf(table), mode, known, fingerprint, nowMs: clock.now() });
  // What was remembered of another request is of other rows.
  return { fingerprint, plan, known: known?.fingerprint === fingerprint ? known.sweep : undefined };
}

function usableState(stream: string, { state, output }: StreamWorld): StreamState {
  const read = readStreamState(state.streams.get(stream));
  if ('state' in read) return read.state;
  if ('problem' in read) {
    output.log(
      'WARN',
      `${stream}: its state is ignored, because ${read.problem}. The table is read from the beginning.`,
    );
  }
  return { version: STATE_VERSION, lists: {} };
}
