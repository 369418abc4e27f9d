import type { Clock } from '../http/clock.ts';
import { ConnectorError } from '../errors.ts';
import type { ConfiguredStream } from '../protocol/catalog.ts';
import type { SyncMode } from '../protocol/messages.ts';
import type { Output } from '../protocol/output.ts';
import type { IncomingState } from '../protocol/state.ts';
import type { Table } from '../tables/definition.ts';
import { Drift } from '../tables/drift.ts';
import { findTable, isIncremental, rootOf } from '../tables/graph.ts';
import { projectOf } from '../tables/project.ts';
import type { Place } from '../sources/place.ts';
import { Emitter } from './emit.ts';
import { fingerprintOf } from './state/fingerprint.ts';
import { planStart, sourceOf, type Plan } from './plan.ts';
import { readStreamState, STATE_VERSION, type StreamState } from './state/state.ts';
import { TableTaker } from './walks/table-taker.ts';

/** One of the lists that a stream lives on: most have one, survey tables one for each survey type. */
export interface Lane {
  /** Its name in the stream's state. */
  key: string;
  surveyType: string | undefined;
  start: Place;
  taker: TableTaker;
}

/** A selected table during one run. */
export interface Stream {
  table: Table;
  emitter: Emitter;
  lanes: readonly Lane[];
}

export interface StreamWorld {
  state: IncomingState;
  startDate: Date | undefined;
  output: Output;
  clock: Clock;
  loadSchema(stream: string): Record<string, unknown>;
}

/** Makes a stream of an entry of the configured catalog. Throws a `config_error` for one that does not exist. */
export function streamOf(configured: ConfiguredStream, world: StreamWorld): Stream {
  const { output, clock, startDate, loadSchema } = world;
  const table = tableOf(configured.name);
  const mode = modeOf(configured, table, output);
  const state = usableState(configured.name, world);
  const plans = listKeysOf(table).map((list) => ({
    ...list,
    ...planOf(table, list, { mode, state, startDate, clock }),
  }));
  const emitter = new Emitter({
    name: table.name,
    incremental: isIncremental(table),
    lastStamp: state.stamp,
    lists: Object.fromEntries(plans.map(({ key, fingerprint, plan }) => [key, { fingerprint, place: plan.start }])),
    output,
    clock,
    drift: new Drift(loadSchema(table.name)),
  });
  const project = projectOf(table, { startDate });
  const lanes = plans.map(({ key, surveyType, plan }): Lane => {
    emitter.how.add(plan.how);
    if (plan.note !== undefined) emitter.info(plan.note);
    return { key, surveyType, start: plan.start, taker: new TableTaker({ emitter, key, project }) };
  });
  return { table, emitter, lanes };
}

function tableOf(name: string): Table {
  const table = findTable(name);
  if (table) return table;
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
): { fingerprint: string; plan: Plan } {
  const fingerprint = fingerprintOf(table, surveyType, startDate);
  const known = state.lists[key];
  return { fingerprint, plan: planStart({ source: sourceOf(table), mode, known, fingerprint, nowMs: clock.now() }) };
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
