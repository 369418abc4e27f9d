import {
  asItCame,
  at,
  cell,
  elementsOf,
  isFields,
  NOTHING,
  textOf,
  type Cell,
  type Columns,
  type Part,
} from './part.ts';

/*
 * A value of a custom field or an answer to a question, in columns of one type each. The forms of values are those that
 * Ashby's description of applicationFeedback.submit and customField.setValue lists.
 */

/** Columns that every table of such values has, in this order. */
export const VALUE_COLUMNS = [
  'value',
  'valueText',
  'valueNumber',
  'valueBoolean',
  'valueDate',
  'valueTimestamp',
  'valueLabel',
  'valueLabels',
  'currencyCode',
  'minValue',
  'maxValue',
  'interval',
] as const;

/** A choice as shown, for a choice as stored; undefined where none is known. */
export type LabelOf = (choice: string) => string | undefined;

export interface ValueHints {
  /** The kind of field, as Ashby names it, where that is known. */
  type: string | undefined;
  /** Labels of the chosen, in their order, where there are choices. */
  labels: readonly string[] | undefined;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** `value` is the JSON of it all, as text; what fits none of the other columns is in there. */
export function valueColumns(part: Part | undefined, hints: ValueHints): Columns {
  const cells = part === undefined || part.value === null ? {} : cellsOf(part, hints);
  return VALUE_COLUMNS.map((name) => [name, cells[name] ?? NOTHING]);
}

type Cells = Partial<Record<(typeof VALUE_COLUMNS)[number], Cell>>;

function cellsOf(part: Part, hints: ValueHints): Cells {
  const { labels } = hints;
  const shown =
    labels === undefined || labels.length === 0
      ? {}
      : { valueLabel: cell(labels.join(', ')), valueLabels: cell(labels) };
  return { value: cell(textOf(part.json)), ...typedCells(part, hints), ...shown };
}

function typedCells(part: Part, hints: ValueHints): Cells {
  const { value } = part;
  if (typeof value === 'string') return textCells(part, value, hints.type);
  if (typeof value === 'number') return { valueNumber: part };
  if (typeof value === 'boolean') return { valueBoolean: part };
  if (Array.isArray(value)) return {};
  return objectCells(part);
}

/** Scores and numbers may come as texts. Without a type, whatever looks like a date is one. */
function textCells(part: Part, text: string, type: string | undefined): Cells {
  const isNumber = (type === 'Number' || type === 'Score') && JSON_NUMBER.test(text) && Number.isFinite(Number(text));
  const isDate = type === undefined || type === 'Date';
  return {
    valueText: part,
    ...(isNumber ? { valueNumber: { value: Number(text), json: text } } : {}),
    ...(isDate ? dateCells(text) : {}),
  };
}

/** The day of a point in time is its day in UTC. */
function dateCells(text: string): Cells {
  if (isDay(text)) return { valueDate: cell(text) };
  if (!isTimestamp(text)) return {};
  return { valueDate: cell(new Date(text).toISOString().slice(0, 10)), valueTimestamp: cell(text) };
}

/** A score, plain text, an id, an amount of money, a range. */
function objectCells(part: Part): Cells {
  const value = at(part, 'value');
  const score = at(part, 'score');
  const number = [score, value].find((found) => typeof found?.value === 'number');
  const text = typeof value?.value === 'string' ? value : undefined;
  const min = numberAt(part, 'minValue');
  const max = numberAt(part, 'maxValue');
  return {
    valueText: asItCame(text),
    valueNumber: asItCame(number),
    currencyCode: textAt(part, 'currencyCode'),
    minValue: min,
    maxValue: max,
    interval: textAt(part, 'interval'),
  };
}

function numberAt(part: Part, name: string): Cell {
  const found = at(part, name);
  return typeof found?.value === 'number' ? found : NOTHING;
}

function textAt(part: Part, name: string): Cell {
  const found = at(part, name);
  return typeof found?.value === 'string' ? found : NOTHING;
}

/** What was chosen, in words: the label of each, or what is stored where no label is known. */
export function labelsOf(part: Part | undefined, labelOf: LabelOf): string[] | undefined {
  const chosen = part && (elementsOf(part)?.map(({ value }) => value) ?? [part.value]);
  const texts = chosen?.filter((choice) => typeof choice === 'string');
  return texts?.map((choice) => labelOf(choice) ?? choice);
}

/** The kind of a custom field, as far as its value shows it. Ashby does not say it beside the value. */
export function typeOfValue(value: unknown, hasLabel: boolean): string | null {
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number') return 'Number';
  if (typeof value === 'string')
    return hasLabel ? 'ValueSelect' : isDay(value) || isTimestamp(value) ? 'Date' : 'String';
  if (Array.isArray(value)) return 'MultiValueSelect';
  if (!isFields(value)) return null;
  if (value['type'] === 'number-range') return 'NumberRange';
  if (value['type'] === 'compensation-range') return 'CompensationRange';
  return 'currencyCode' in value && 'value' in value ? 'Currency' : null;
}

function isDay(text: string): boolean {
  return DATE.test(text) && isRealDay(text);
}

function isTimestamp(text: string): boolean {
  return TIMESTAMP.test(text) && isRealDay(text.slice(0, 10)) && isPrintable(text);
}

/** The 31st of February is none, and neither is the year 0. */
function isRealDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && !day.startsWith('0000') && new Date(ms).toISOString().startsWith(day);
}

/** Whether its day in UTC has a year of four digits, too. */
function isPrintable(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && /^(?!0000)\d{4}-/.test(new Date(ms).toISOString());
}
