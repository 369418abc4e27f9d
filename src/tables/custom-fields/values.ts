import type { ColumnType, Part } from './kinds.ts';
import { isObject } from '../../json-text.ts';

/** What a column gets: a value and its JSON, the JSON being undefined where that is to be copied as it stands. */
export type Fit = { value: unknown; json?: string } | 'nothing' | 'misfit';

/** One entry of a row's `customFields`. */
export type Entry = Readonly<Record<string, unknown>>;

/** Where in an entry a part lies: in `value` itself, or under a name in it. */
export function pathOf(entry: Entry, part: Part): readonly [string] | readonly [string, string] {
  switch (part) {
    case 'value':
    case 'json':
      return ['value'];
    case 'label':
      // Ashby has labels only where there is something to choose; one that it leaves out is the value as it is stored.
      return entry['valueLabel'] === undefined || entry['valueLabel'] === null ? ['value'] : ['valueLabel'];
    case 'amount':
      return ['value', 'value'];
    case 'currency':
      return ['value', 'currencyCode'];
    case 'min':
      return ['value', 'minValue'];
    case 'max':
      return ['value', 'maxValue'];
    case 'interval':
      return ['value', 'interval'];
  }
}

/** What an entry has for a column. A value that is not of the column's type is a `misfit`. */
export function fitOf(entry: Entry, part: Part, type: ColumnType): Fit {
  const [first, second] = pathOf(entry, part);
  const outer = entry[first];
  if (outer === undefined || outer === null) return 'nothing';
  if (second !== undefined && !isObject(outer)) return 'misfit';
  const value = second === undefined ? outer : (outer as Entry)[second]; // it was found to be an object
  if (value === undefined || value === null) return 'nothing';
  if (part === 'json') return type === 'text' ? { value } : 'misfit';
  return fits[type](value);
}

/** Warehouses keep numbers with 38 digits, nine of them behind the point; a larger one fails a whole load. */
const LARGEST_NUMBER = 1e29;

const fits: Readonly<Record<ColumnType, (value: unknown) => Fit>> = {
  text: (value) => (typeof value === 'string' ? { value } : 'misfit'),
  number: (value) => (typeof value === 'number' && Math.abs(value) < LARGEST_NUMBER ? { value } : 'misfit'),
  boolean: (value) => (typeof value === 'boolean' ? { value } : 'misfit'),
  texts: (value) =>
    Array.isArray(value) && value.every((item) => item === null || typeof item === 'string') ? { value } : 'misfit',
  day: (value) => {
    const read = typeof value === 'string' ? dateOf(value) : undefined;
    if (!read) return 'misfit';
    return read.time === undefined ? { value } : ours(read.day);
  },
  timestamp: (value) => {
    const read = typeof value === 'string' ? dateOf(value) : undefined;
    if (!read) return 'misfit';
    return read.time === undefined ? ours(`${read.day}T00:00:00.000Z`) : { value };
  },
};

/** A text of ours, which has nothing in it that JSON escapes. */
function ours(value: string): Fit {
  return { value, json: `"${value}"` };
}

const DATE = /^((?!0000)\d{4}-\d\d-\d\d)(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d))?$/;

/** A day of the calendar, alone or with a time and its zone; undefined for all else. */
function dateOf(text: string): { day: string; time: string | undefined } | undefined {
  const [, day, time] = DATE.exec(text) ?? [];
  if (day === undefined) return undefined;
  const midnight = new Date(`${day}T00:00:00Z`);
  // new Date takes the 31st of February for the 2nd of March.
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return exists ? { day, time } : undefined;
}
