import type { Clock } from '../http/clock.ts';
import type { SyncMode } from '../protocol/messages.ts';
import type { Output } from '../protocol/output.ts';
import type { IncomingState } from '../protocol/state.ts';
import type { Table } from '../tables/definition.ts';
import { rootOf } from '../tables/lineage.ts';
import { planStart, sourceOf, type Plan } from './plan.ts';
import { fingerprintOf } from './state/fingerprint.ts';
import { readStreamState, STATE_VERSION, type StreamState } from './state/state.ts';
import type { SweepState } from './sweeps/sweep-state.ts';

/* From a state and a table to the lists that a stream lives on, and where it starts in each. */

/** The name, in a state, of the list of a table that lives on one. */
export const ONE_LIST = 'all';

/** The lists of a table, by their names in a state. */
export function listKeysOf(table: Table): { key: string; surveyType: string | undefined }[] {
  if (table.source.kind === 'keys') return [];
  if (table.source.kind === 'inbox') return [{ key: ONE_LIST, surveyType: undefined }];
  const { source } = rootOf(table);
  const types = source.kind === 'list' ? source.surveyTypes : undefined;
  return types ? types.map((type) => ({ key: type, surveyType: type })) : [{ key: ONE_LIST, surveyType: undefined }];
}

interface PlanWorld {
  mode: SyncMode;
  state: StreamState;
  startDate: Date | undefined;
  clock: Clock;
}

/** Where a list is started, and what is known of its keys. */
export function planOf(
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

/** What a stream's state says; one that cannot be used is warned of and counts as none. */
export function usableState(stream: string, { state, output }: { state: IncomingState; output: Output }): StreamState {
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
