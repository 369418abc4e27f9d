import { mended } from '../ashby/rows/line-safe.ts';
import { withFields, withoutFields, type Fields, type Row } from '../ashby/rows/rows.ts';
import type { CustomColumn } from './custom-fields/columns.ts';
import { filler } from './custom-fields/fill.ts';
import { STAMP_FIELD, type Table } from './definition.ts';
import { isEventOf, rowOfEvent } from './inbox/event-rows.ts';
import { flatIdsOf, missingIds, type FlatIds } from './flat-ids.ts';
import { rowsInsideOf } from './inside/inside.ts';
import { parentOf } from './lineage.ts';

/** Rows as a source gave them, and the id that was asked for, where they answer a call, or the inbox of events. */
export interface Given {
  readonly rows: readonly Row[];
  readonly parentId?: string;
}

/** Makes a table's rows out of what its source gave. */
export type Project = (given: Given) => readonly Row[];

export interface ProjectOptions {
  /** Candidates and applications created before this instant are left out, and what lives on them. */
  startDate: Date | undefined;
  /** The columns for custom fields that the table's rows get; none for whoever looks at ids alone. */
  columns?: readonly CustomColumn[];
}

/**
 * The one place where rows are chosen, cut and added to: whatever is done here is done to the value and to the bytes,
 * before anybody looks at the row or prints it. Rows inside rows are taken out of their parent's rows as those come
 * out of here.
 */
export function projectOf(table: Table, options: ProjectOptions): Project {
  const rowsOf = chosenRows(table, options, flatIdsOf(table));
  const { columns = [] } = options;
  const fill = table.customFields && columns.length > 0 ? filler(columns, table.customFields) : undefined;
  return (given) => {
    const chosen = rowsOf(given);
    // Last of all, so that a column holds what the row holds by then.
    const rows = fill ? chosen.map(fill) : chosen;
    return rows.some(({ unsafe }) => unsafe) ? rows.map(mended) : rows;
  };
}

/**
 * The same, with rows that may still have to be mended: those inside them lie in bytes that nobody has touched. Rows
 * that are wanted for what lies in them need no columns for ids.
 */
function chosenRows(table: Table, options: ProjectOptions, flatIds?: FlatIds): Project {
  const { source } = table;
  const shapedAs = (row: Row, parentId: unknown): Row => shaped(table, flatIds, row, parentId);
  if (source.kind === 'inside') {
    const parent = parentOf(table);
    const rowsOf = parent ? chosenRows(parent, options) : (given: Given) => given.rows;
    return (given) =>
      rowsOf(given).flatMap((outer) => {
        const rows = rowsInsideOf({ ...table, source }, outer);
        // Rows that were put together have what they need.
        return source.shape === undefined ? rows.map((row) => shapedAs(row, outer.value['id'])) : rows;
      });
  }
  if (source.kind === 'inbox') {
    const made = { ...table, source };
    return ({ rows, parentId = '' }) =>
      rows.flatMap((event) => (isEventOf(source, event) ? (rowOfEvent(made, event, parentId) ?? []) : []));
  }
  const since = source.kind === 'list' && source.startDateApplies ? options.startDate : undefined;
  const changes = table.cuts || table.parentIdField !== undefined || table.addsKey || flatIds !== undefined;
  return ({ rows, parentId }) => {
    const chosen = since ? rows.filter(createdSince(since)) : rows;
    return changes || chosen.some(holdsOurs) ? chosen.map((row) => shapedAs(row, parentId)) : chosen;
  };
}

/** Ashby has no such field; one that it had would stand twice in the line. */
function holdsOurs({ value }: Row): boolean {
  return value[STAMP_FIELD] !== undefined;
}

function shaped(
  { cuts, parentIdField, addsKey }: Table,
  flatIds: FlatIds | undefined,
  row: Row,
  parentId: unknown,
): Row {
  const added: Record<string, unknown> = missingIds(flatIds, row.value);
  if (parentIdField !== undefined && isAbsent(row.value[parentIdField])) added[parentIdField] = parentId;
  if (addsKey) added['_key'] = `${String(parentId)}:${String(row.value['id'])}`;
  return withFields(withoutFields(row, [...(cuts ?? []), STAMP_FIELD]), added satisfies Fields);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Rows without a creation time stay: leaving out what cannot be judged would lose it. */
function createdSince(startDate: Date): (row: Row) => boolean {
  const startMs = startDate.getTime();
  return ({ value }) => {
    const createdMs = typeof value['createdAt'] === 'string' ? Date.parse(value['createdAt']) : NaN;
    return Number.isNaN(createdMs) || createdMs >= startMs;
  };
}
