import type { Permission } from '../ashby/permissions.ts';
import type { JournalSource, ListSource, ReportSource, Table, TableOf } from './definition.ts';
import { isBuriedByEvents } from './event-names.ts';
import { inboxTables } from './inbox/tables.ts';
import { offered } from './table.ts';

/* How tables hang together: who lives on whose rows, and what that means for a table. */

const byName = new Map([...offered, ...inboxTables].map((table) => [table.name, table]));

/** The table of that name, if there is one. */
export function findTable(name: string): Table | undefined {
  return byName.get(name);
}

/** The table whose rows this one lives on; undefined for one that is read from a list of its own. */
export function parentOf(table: Table): Table | undefined {
  if (!('parent' in table.source)) return undefined;
  const parent = byName.get(table.source.parent);
  if (!parent) throw new Error(`${table.name} has no parent ${table.source.parent}`);
  return parent;
}

/** The table whose rows this one lives on, where it is known to have one. */
export function requiredParent(table: Table): Table {
  const parent = parentOf(table);
  if (!parent) throw new Error(`${table.name} has no parent`);
  return parent;
}

/** The table, its parent, its parent's parent, up to the one with a list of its own. */
export function lineage(table: Table): Table[] {
  const parent = parentOf(table);
  return parent ? [table, ...lineage(parent)] : [table];
}

/** The list at the end of a table's lineage. */
export function rootOf(table: Table): TableOf<ListSource | JournalSource | ReportSource> {
  const root = lineage(table).at(-1) ?? table;
  const { source } = root;
  if (source.kind === 'list' || source.kind === 'journal' || source.kind === 'report') return { ...root, source };
  throw new Error(`${table.name} has no list at its root`);
}

/** Every permission that reading the table takes: its own endpoint's and those of its lineage. */
export function permissionsOf(table: Table): Permission[] {
  const own = lineage(table).flatMap(({ source }) => ('permission' in source ? [source.permission] : []));
  return [...new Set(own)];
}

/** Whether a later run of this table can cost less than the first. */
export function isIncremental(table: Table): boolean {
  const { source } = table;
  switch (source.kind) {
    case 'list':
      return source.givesToken;
    case 'boards':
    case 'report':
    case 'keys':
      return false;
    case 'journal':
    case 'calls':
    case 'inbox':
      return true;
    case 'inside': {
      const parent = parentOf(table);
      return parent !== undefined && isIncremental(parent);
    }
  }
}

/**
 * Whether what is gone from the table can be found out: its rows, or the rows that they lie in, are in a list that
 * gives sync tokens, and one column identifies a row.
 */
export function isSwept(table: Table): boolean {
  const { kind } = table.source;
  if (kind === 'keys' || kind === 'inbox') return false;
  const { source } = rootOf(table);
  const ofList =
    kind === 'list' || (kind === 'inside' && lineage(table).every(({ source: { kind: own } }) => own !== 'calls'));
  return ofList && source.kind === 'list' && source.givesToken && table.key.length === 1;
}

/** Whether a row of the table is identified by its parent's id alone, so that it goes with its parent. */
export function goesWithParent({ source, idField }: Table): boolean {
  if (source.kind !== 'calls') return false;
  return idField === null || (source.echo === 'id' && source.parentField === undefined);
}

/**
 * The table by whose deletions events tell that rows of this one are gone: itself, or its parent where its rows go with
 * those; undefined where no event tells.
 */
export function buriedAs(table: Table): Table | undefined {
  const dying = goesWithParent(table) ? parentOf(table) : table;
  return dying && isBuriedByEvents(dying.name) ? dying : undefined;
}
