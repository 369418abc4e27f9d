import { mended } from '../ashby/rows/line-safe.ts';
import { rowsInside, withFields, withoutFields, type Fields, type Row } from '../ashby/rows/rows.ts';
import { ConnectorError } from '../errors.ts';
import { STAMP_FIELD, type Table } from './definition.ts';
import { parentOf } from './lineage.ts';

/** Rows as a source gave them, and the id that was asked for, where they answer a call. */
export interface Given {
  readonly rows: readonly Row[];
  readonly parentId?: string;
}

/** Makes a table's rows out of what its source gave. */
export type Project = (given: Given) => readonly Row[];

export interface ProjectOptions {
  /** Candidates and applications created before this instant are left out, and what lives on them. */
  startDate: Date | undefined;
}

/**
 * The one place where rows are chosen, cut and added to: whatever is done here is done to the value and to the bytes,
 * before anybody looks at the row or prints it. Rows inside rows are taken out of their parent's rows as those come
 * out of here.
 */
export function projectOf(table: Table, options: ProjectOptions): Project {
  const rowsOf = chosenRows(table, options);
  return (given) => {
    const rows = rowsOf(given);
    return rows.some(({ unsafe }) => unsafe) ? rows.map(mended) : rows;
  };
}

/** The same, with rows that may still have to be mended: those inside them lie in bytes that nobody has touched. */
function chosenRows(table: Table, options: ProjectOptions): Project {
  const { source } = table;
  if (source.kind === 'inside') {
    const parent = parentOf(table);
    const rowsOf = parent ? chosenRows(parent, options) : (given: Given) => given.rows;
    return (given) => rowsOf(given).flatMap((outer) => insideOf(table, source.field, outer));
  }
  const since = source.kind === 'list' && source.startDateApplies ? options.startDate : undefined;
  const changes = table.cuts || table.parentIdField !== undefined || table.addsKey;
  return ({ rows, parentId }) => {
    const chosen = since ? rows.filter(createdSince(since)) : rows;
    return changes || chosen.some(holdsOurs) ? chosen.map((row) => shaped(table, row, parentId)) : chosen;
  };
}

/** Throws a ConnectorError where the row holds something else there than rows with their ids. */
function insideOf(table: Table, field: string, outer: Row): Row[] {
  const { name } = table;
  const idField = table.idField ?? 'id';
  const rows = rowsInside(outer, field);
  if (!rows?.every(({ value }) => typeof value[idField] === 'string' && value[idField] !== '')) {
    throw new ConnectorError(
      `Ashby's answer is damaged: what a row holds under "${field}" is no list of rows with ids, so ${name} cannot be read to its end. Run the sync again; if it comes back, tell Ashby's support.`,
      { failureType: 'transient_error' },
    );
  }
  return rows.map((row) => shaped(table, row, outer.value['id']));
}

/** Ashby has no such field; one that it had would stand twice in the line. */
function holdsOurs({ value }: Row): boolean {
  return value[STAMP_FIELD] !== undefined;
}

function shaped({ cuts, parentIdField, addsKey }: Table, row: Row, parentId: unknown): Row {
  const added: Record<string, unknown> = {};
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
