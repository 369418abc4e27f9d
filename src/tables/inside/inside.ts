import { mended } from '../../ashby/rows/line-safe.ts';
import { rowsInside, type FieldChange, type Row } from '../../ashby/rows/rows.ts';
import { ConnectorError } from '../../errors.ts';
import type { InsideSource, TableOf } from '../definition.ts';
import { asItCame, at, cell, elementsOf, rowOf, textOf, type Cell, type Columns, type Part } from './part.ts';
import { contentOf, digestOf } from './keys.ts';
import { shapes } from './shapes.ts';

/*
 * Rows that lie inside rows of another table. What lies there is found in the bytes, and printed as these bytes.
 */

/** The rows of the table that lie in this one. Throws a ConnectorError where something else does than what belongs there. */
export function rowsInsideOf(table: TableOf<InsideSource>, outer: Row): Row[] {
  const rows = table.source.shape === undefined ? wholeRows(table, outer) : madeRows(table, outer);
  if (rows) return rows;
  throw new ConnectorError(
    `Ashby's answer is damaged: what a row holds under "${placesOf(table.source)}" is no list of rows with ids, so ${table.name} cannot be read to its end. Run the sync again; if it comes back, tell Ashby's support.`,
    { failureType: 'transient_error' },
  );
}

function placesOf({ lists }: InsideSource): string {
  return lists.map(({ path }) => path).join('", "');
}

/** Objects with an id of their own, as they are. */
function wholeRows({ source, idField }: TableOf<InsideSource>, outer: Row): Row[] | undefined {
  const rows: Row[] = [];
  for (const { path } of source.lists) {
    const found = rowsInside(outer, path.replace('[]', ''));
    if (!found?.every(({ value }) => isId(value[idField ?? 'id']))) return undefined;
    rows.push(...found);
  }
  return rows;
}

/** An element, and what it lies in: the elements around it, the nearest first, and the row. */
interface Found {
  element: Part;
  around: readonly Part[];
}

/** A row before it has its key. */
interface Draft {
  columns: Map<string, Cell>;
  /** What its key is made of, as text, and what orders it among those with the same. */
  parts: readonly unknown[];
  content: string;
}

/** Rows that are put together column by column. What a reader of lines stumbles over is mended first: it may end up in texts. */
function madeRows(table: TableOf<InsideSource>, outer: Row): Row[] | undefined {
  if (!outer.unsafe) return rowsFrom(table, outer)?.map((columns) => rowOf([...columns]));
  const raw = rowsFrom(table, outer);
  const safe = rowsFrom(table, mended(outer));
  return safe?.map((columns, index) => rowOf([...columns], changesOf(columns, raw?.[index])));
}

/** Columns in which something was lost. */
function changesOf(now: ReadonlyMap<string, Cell>, before: ReadonlyMap<string, Cell> | undefined): FieldChange[] {
  const text = ({ json }: Cell): string => (typeof json === 'string' ? json : textOf(json));
  return [...now].flatMap(([field, own]) => {
    const was = before?.get(field);
    if (was === undefined || field === '_key' || text(was) === text(own)) return [];
    return [{ field, change: 'TRUNCATED', reason: 'SOURCE_SERIALIZATION_ERROR' } satisfies FieldChange];
  });
}

function rowsFrom(table: TableOf<InsideSource>, outer: Row): ReadonlyMap<string, Cell>[] | undefined {
  const { source, parentIdField } = table;
  const row: Part = { value: outer.value, json: outer.json };
  const drafts: Draft[] = [];
  for (const { path, says = {} } of source.lists) {
    const found = elementsAt(row, path);
    if (!found) return undefined;
    for (const one of found) {
      const made = source.shape && shapes[source.shape](one.element);
      if (!made) return undefined;
      const own: Columns = [
        ...Object.entries(source.columns ?? {}).map(
          ([name, from]) => [name, asItCame(lookUp(one, row, from))] as const,
        ),
        ...Object.entries(says).map(([name, value]) => [name, cell(value)] as const),
      ];
      for (const columns of made) drafts.push(draftOf(table, [...own, ...columns]));
    }
  }
  const parentId = outer.value['id'];
  return keyed(table, drafts, String(parentId))?.map(({ key, columns }) => {
    const head: Columns = [
      ['_key', cell(key)],
      ...(parentIdField === undefined ? [] : [[parentIdField, asItCame(at(row, 'id'))] as const]),
    ];
    return new Map([...head, ...columns]);
  });
}

function draftOf({ source }: TableOf<InsideSource>, columns: Columns): Draft {
  const cells = new Map(columns);
  const parts = (source.key?.columns ?? []).map((name) => cells.get(name)?.value ?? null);
  return { columns: cells, parts, content: contentOf(columns.map(([, own]) => own)) };
}

/** Undefined where an id that belongs there is missing. */
function keyed(
  { source }: TableOf<InsideSource>,
  drafts: readonly Draft[],
  parentId: string,
): { key: string; columns: ReadonlyMap<string, Cell> }[] | undefined {
  const byId = source.key?.isId === true;
  if (byId && !drafts.every(({ parts }) => parts.every(isId))) return undefined;
  const turns = turnsOf(drafts);
  return drafts.map((draft) => {
    const turn = turns.get(draft) ?? 0;
    const second = byId && turn === 0 ? String(draft.parts[0]) : digestOf(draft.parts, turn);
    return { key: `${parentId}:${second}`, columns: draft.columns };
  });
}

/** Rows with equal parts take turns in the order of what they hold, whatever the order in which they came. */
function turnsOf(drafts: readonly Draft[]): Map<Draft, number> {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const name = JSON.stringify(draft.parts);
    const group = groups.get(name);
    if (group) group.push(draft);
    else groups.set(name, [draft]);
  }
  const turns = new Map<Draft, number>();
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    group.sort((a, b) => (a.content < b.content ? -1 : a.content > b.content ? 1 : 0));
    for (const [turn, draft] of group.entries()) turns.set(draft, turn);
  }
  return turns;
}

/**
 * What lies at a path such as `steps[].approvers[]`; nothing where there is nothing. Undefined where there is no list
 * though one belongs there, or an empty place in one.
 */
function elementsAt(row: Part, path: string): Found[] | undefined {
  let found: Found[] = [{ element: row, around: [] }];
  const [...lists] = path.split('[]');
  const last = lists.pop() ?? '';
  for (const list of lists) {
    const next: Found[] = [];
    for (const { element, around } of found) {
      const part = at(element, list.replace(/^\./, ''));
      if (part === undefined || part.value === null) continue;
      const elements = elementsOf(part);
      if (!elements?.every(({ value }) => value !== null)) return undefined;
      next.push(...elements.map((own) => ({ element: own, around: [element, ...around] })));
    }
    found = next;
  }
  if (last === '') return found;
  return found.flatMap(({ element, around }) => {
    const part = at(element, last.replace(/^\./, ''));
    return part === undefined || part.value === null ? [] : [{ element: part, around: [element, ...around] }];
  });
}

/** Where a column comes from: `a.b` in the element, `.` the element itself, `^id` in what is around it, `/id` in the row. */
function lookUp({ element, around }: Found, row: Part, from: string): Part | undefined {
  if (from === '.') return element;
  if (from.startsWith('/')) return at(row, from.slice(1));
  if (!from.startsWith('^')) return at(element, from);
  const [outer] = around;
  return outer && at(outer, from.slice(1));
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
