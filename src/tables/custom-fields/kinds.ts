import type { CustomField } from './definition.ts';

/** What a column holds. A `day` is a date without a time, `texts` a list of texts. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'day' | 'timestamp' | 'texts';

/**
 * Which part of a field's value a column holds: all of it, the label in its place, what a money field or a range
 * keeps under a name of its own, or, for kinds that are not known, the value as JSON.
 */
export const PARTS = ['value', 'label', 'amount', 'currency', 'min', 'max', 'interval', 'json'] as const;
export type Part = (typeof PARTS)[number];

/** A column that a kind of field gives. */
export interface ColumnShape {
  part: Part;
  type: ColumnType;
  /** What stands behind the field's name in that of the column; empty for most. */
  suffix: '' | '_currency' | '_min' | '_max' | '_interval';
  /** What the column holds, for its description. */
  holds: string;
}

/** Of all suffixes the longest; names leave room for it. */
export const LONGEST_SUFFIX = '_currency'.length;

const currency: ColumnShape = { part: 'currency', type: 'text', suffix: '_currency', holds: 'code of the currency' };
const min: ColumnShape = { part: 'min', type: 'number', suffix: '_min', holds: 'lower end of the range' };
const max: ColumnShape = { part: 'max', type: 'number', suffix: '_max', holds: 'upper end of the range' };
const interval: ColumnShape = {
  part: 'interval',
  type: 'text',
  suffix: '_interval',
  holds: 'what the amounts are for',
};

function whole(type: ColumnType, holds: string): ColumnShape[] {
  return [{ part: 'value', type, suffix: '', holds }];
}

/** Kinds of custom fields and their columns: those of openapi.yml (June 2026), of customField.create, and of its texts. */
const shapes: Readonly<Record<string, readonly ColumnShape[]>> = {
  String: whole('text', 'text'),
  LongText: whole('text', 'text'),
  Email: whole('text', 'e-mail address'),
  Phone: whole('text', 'phone number'),
  Url: whole('text', 'address on the web'),
  UUID: whole('text', 'id'),
  Boolean: whole('boolean', 'true or false'),
  Number: whole('number', 'number'),
  ValueSelect: [{ part: 'label', type: 'text', suffix: '', holds: 'label of the choice' }],
  MultiValueSelect: [{ part: 'label', type: 'texts', suffix: '', holds: 'labels of the choices' }],
  Currency: [{ part: 'amount', type: 'number', suffix: '', holds: 'amount of money' }, currency],
  NumberRange: [min, max],
  CompensationRange: [min, max, currency, interval],
};
const day = whole('day', 'day');
const timestamp = whole('timestamp', 'point in time');
const unknown: readonly ColumnShape[] = [
  { part: 'json', type: 'text', suffix: '', holds: 'value, as JSON where it is no text' },
];

/** The columns of a field, at least one. */
export function shapesOf({
  fieldType,
  isDateOnly,
}: Pick<CustomField, 'fieldType' | 'isDateOnly'>): readonly ColumnShape[] {
  if (fieldType === 'Date') return isDateOnly ? day : timestamp;
  return (Object.hasOwn(shapes, fieldType) ? shapes[fieldType] : undefined) ?? unknown;
}

/** How a column of each type is declared in a table's schema. */
export const declarations: Readonly<Record<ColumnType, Readonly<Record<string, unknown>>>> = {
  text: { type: ['null', 'string'] },
  number: { type: ['null', 'number'] },
  boolean: { type: ['null', 'boolean'] },
  day: { type: ['null', 'string'], format: 'date' },
  timestamp: { type: ['null', 'string'], format: 'date-time', airbyte_type: 'timestamp_with_timezone' },
  texts: { type: ['null', 'array'], items: { type: ['null', 'string'] } },
};

/** The type that a column is declared with; undefined for a declaration that is none of ours. */
export function typeOf(declaration: Readonly<Record<string, unknown>>): ColumnType | undefined {
  const given: unknown = declaration['type'];
  const [type, ...others] = (Array.isArray(given) ? (given as unknown[]) : [given]).filter((one) => one !== 'null');
  if (others.length > 0) return undefined;
  switch (type) {
    case 'number':
    case 'boolean':
      return type;
    case 'array':
      return 'texts';
    case 'string':
      return declaration['format'] === 'date' ? 'day' : declaration['format'] === 'date-time' ? 'timestamp' : 'text';
    default:
      return undefined;
  }
}
