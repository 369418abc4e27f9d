import type { AshbyClient } from '../ashby/client.ts';
import { AshbyError } from '../ashby/envelope.ts';
import { mayBeAboutFeature } from '../ashby/feature.ts';
import type { Row } from '../ashby/rows/rows.ts';
import { newMeter } from '../ashby/client.ts';
import { NewKeys, type SourceWorld } from '../sources/ask.ts';
import { isId } from '../sources/checks.ts';
import { listBody } from '../sources/list.ts';
import { rowsOfParent } from '../sources/calls/one-parent.ts';
import type { CallsSource, Table } from '../tables/definition.ts';
import { parentOf, rootOf } from '../tables/lineage.ts';
import { projectOf } from '../tables/project.ts';

/**
 * Tries a table that belongs to a paid or beta feature once: its list, or, for calls, the call for one parent.
 * Returns why Ashby refuses it, or undefined where it can be read (or where there is no parent to try it with).
 * Everything else is thrown: an outage, or a proxy that refuses in Ashby's place, must not shrink the catalog.
 */
export async function refusalOf(table: Table, client: AshbyClient): Promise<string | undefined> {
  const world = { client, meter: newMeter(), now: () => 0, warn: () => undefined };
  const call = table.source.kind === 'calls' ? table.source : undefined;
  try {
    const rows = await firstRows(table, world);
    if (call) await tryCall({ ...table, source: call }, rows, world);
    return undefined;
  } catch (failure) {
    if (!(failure instanceof AshbyError)) throw failure;
    if (call && (failure.kind === 'not-found' || failure.kind === 'skip-row')) return undefined;
    // The key was found to work before, so what refuses it here is about this table, too.
    if (failure.kind !== 'permission' && !mayBeAboutFeature(failure)) throw failure;
    return failure.code ?? `status ${failure.status ?? 'none'}`;
  }
}

/** The first rows of the list that the table lives on; for a journal, those of the last 24 hours. */
async function firstRows(table: Table, { client }: SourceWorld): Promise<readonly Row[]> {
  const { source } = rootOf(table);
  if (source.kind === 'report') throw new Error(`${table.name} is no table of a feature`);
  const [surveyType] = source.kind === 'list' ? (source.surveyTypes ?? []) : [];
  // A parent may lie inside a row that many rows lack.
  const limit = parentOf(table)?.source.kind === 'inside' ? 100 : 1;
  const body = { ...listBody(source, surveyType), ...(source.sendsLimit ? { limit } : {}) };
  const { endpoint, permission } = source;
  const newKeys = new NewKeys(source, () => undefined);
  const answer = await newKeys.run(body, (known) => client.list({ endpoint, permission, body: known }));
  return answer.rows;
}

async function tryCall(
  table: Table & { source: CallsSource },
  rows: readonly Row[],
  world: SourceWorld,
): Promise<void> {
  const { source, idField = 'id', parentIdField } = table;
  const parent = parentOf(table);
  const parents = parent ? projectOf(parent, { startDate: undefined })({ rows }) : [];
  const id = parents.map(({ value }) => value[source.parentField ?? 'id']).find(isId);
  if (id === undefined) return;
  const newKeys = new NewKeys(source, () => undefined);
  for await (const _ of rowsOfParent({ source, idField, parentIdField }, id, { newKeys, world })) return;
}
