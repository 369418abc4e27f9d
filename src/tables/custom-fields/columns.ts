import type { Table } from '../definition.ts';
import { typeOf, type ColumnType } from './kinds.ts';
import { PREFIX } from './names.ts';
import { referenceOf, type Reference } from './reference.ts';

/** A column of a custom field, as a configured schema wants it. */
export interface CustomColumn extends Reference {
  name: string;
  type: ColumnType;
}

type Properties = Readonly<Record<string, unknown>>;

/**
 * The columns for custom fields that the properties of a configured schema name, and what is to be said of those that
 * stay empty. `wanted`: whether the form asks for such columns at all. Of other columns none is looked at.
 */
export function columnsFor(
  { customFields }: Table,
  properties: Properties,
  wanted: boolean,
): { columns: readonly CustomColumn[]; remark?: string } {
  const names = customFields ? Object.keys(properties).filter((name) => name.startsWith(PREFIX)) : [];
  if (!wanted) {
    if (names.length === 0) return { columns: [] };
    const remark = `custom_field_columns is switched off, so nothing is written to ${listed(names)}. Refresh the schema of the connection to drop such columns.`;
    return { columns: [], remark };
  }
  const columns = names.flatMap((name) => columnOf(name, properties[name]) ?? []);
  const known = new Set(columns.map(({ name }) => name));
  const empty = names.filter((name) => !known.has(name));
  if (empty.length === 0) return { columns };
  const remark = `the configured schema does not say which custom field ${listed(empty)} is for, so nothing is written there. Refresh the schema of the connection.`;
  return { columns, remark };
}

function columnOf(name: string, property: unknown): CustomColumn | undefined {
  if (typeof property !== 'object' || property === null) return undefined;
  const column = property as Record<string, unknown>; // of an array nothing is found
  const reference = referenceOf(column);
  const type = typeOf(column);
  return reference && type ? { name, ...reference, type } : undefined;
}

/** A table's schema with these columns as the configured one declares them, so that they are no news. */
export function withColumns(
  schema: Record<string, unknown>,
  properties: Properties,
  columns: readonly CustomColumn[],
): Record<string, unknown> {
  const added = columns.map(({ name }) => [name, properties[name]] as const);
  return { ...schema, properties: { ...(schema['properties'] as Properties), ...Object.fromEntries(added) } }; // our own files
}

/** So many columns are named in a sentence. */
const MOST_NAMED = 5;

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}
