import type { Table } from '../definition.ts';
import type { CustomField } from './definition.ts';
import { declarations, shapesOf, type ColumnShape } from './kinds.ts';
import { namesOf } from './names.ts';
import { FIELD_KEYWORD, PART_KEYWORD, sentenceOf } from './reference.ts';

/** A table gets so many columns for custom fields and no more: some destinations stop not far beyond. */
export const MOST_COLUMNS = 300;
/** Longer titles are cut in descriptions. */
const LONGEST_TITLE = 120;

type Schema = Readonly<Record<string, unknown>>;

/** A table's schema with the columns of its custom fields, and how many fields found no room. */
export interface Offer {
  schema: Record<string, unknown>;
  left: number;
}

/**
 * The schema with a column for each of the account's custom fields that are set on rows of the table, before the
 * columns that the connector adds. Pure: the same fields in another order give the same. Where there are too many,
 * archived ones are left out first, then those with the highest ids.
 */
export function withCustomFields(table: Table, schema: Schema, fields: readonly CustomField[]): Offer {
  const own = [...new Map(fields.filter((field) => isOf(table, field)).map((field) => [field.id, field])).values()];
  const properties = propertiesOf(schema);
  const names = namesOf(
    own.map((field) => ({ ...field, suffixes: shapesOf(field).map(({ suffix }) => suffix) })),
    Object.keys(properties).map((name) => name.toLowerCase()),
  );
  const offered = own.sort(byUse).reduce<CustomField[]>((chosen, field) => {
    return columnCount([...chosen, field]) <= MOST_COLUMNS ? [...chosen, field] : chosen;
  }, []);
  const isPersonal = holdsPersonalData(table, properties);
  const columns = offered.flatMap((field) =>
    shapesOf(field).map((shape): [string, Schema] => [
      `${names.get(field.id) ?? ''}${shape.suffix}`,
      columnOf(field, shape, isPersonal),
    ]),
  );
  columns.sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = Object.entries(properties);
  const added = entries.findIndex(([name]) => name.startsWith('_ab_cdc_'));
  const end = added < 0 ? entries.length : added;
  return {
    schema: {
      ...schema,
      properties: Object.fromEntries([...entries.slice(0, end), ...columns, ...entries.slice(end)]),
    },
    left: own.length - offered.length,
  };
}

function isOf({ customFields }: Table, { objectType }: CustomField): boolean {
  return customFields?.of.includes(objectType) === true;
}

/** Those in use first; then by id, which never changes. */
function byUse(a: CustomField, b: CustomField): number {
  if (a.isArchived !== b.isArchived) return a.isArchived ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

function columnCount(fields: readonly CustomField[]): number {
  return fields.reduce((count, field) => count + shapesOf(field).length, 0);
}

function columnOf({ id, title, fieldType, isArchived }: CustomField, shape: ColumnShape, isPersonal: boolean): Schema {
  const plain = title.replace(/\s+/g, ' ').trim();
  const short = plain.length > LONGEST_TITLE ? `${plain.slice(0, LONGEST_TITLE).toWellFormed()}…` : plain;
  const what = `Custom field "${short}"${isArchived ? ', archived' : ''}: ${shape.holds}`;
  const kind = fieldType === '' ? '' : ` (${fieldType})`;
  return {
    ...declarations[shape.type],
    description: `${isPersonal ? 'Personal data. ' : ''}${what}${kind}. ${sentenceOf(id, shape.part)}`,
    [FIELD_KEYWORD]: id,
    [PART_KEYWORD]: shape.part,
  };
}

/** Columns are personal data where the list is that they are taken from. */
function holdsPersonalData({ customFields }: Table, properties: Record<string, Schema>): boolean {
  const [first = '', second] = customFields?.at ?? [];
  const outer = properties[first] ?? {};
  const list = second === undefined ? outer : (propertiesOf(outer)[second] ?? {});
  return typeof list['description'] === 'string' && list['description'].startsWith('Personal data. ');
}

function propertiesOf(schema: Schema): Record<string, Schema> {
  return (schema['properties'] ?? {}) as Record<string, Schema>; // our own files, tested
}
