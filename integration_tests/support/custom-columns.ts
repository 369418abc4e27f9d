/**
 * The columns of custom fields that rows get with the schemas of `discover`, told from the simulator's definitions and
 * rows. Names, types and places are written down here once more, on purpose; titles of the simulator never clash.
 */

import type { Simulator } from '../simulator/index.ts';
import type { Row } from './transcript.ts';
import { truthOf } from './truth.ts';

/** What Ashby calls the rows of each table that has custom fields, and where the values lie. */
export const PLACES: Readonly<Record<string, { object: string; at: readonly string[] }>> = {
  candidates: { object: 'Candidate', at: ['customFields'] },
  applications: { object: 'Application', at: ['customFields'] },
  jobs: { object: 'Job', at: ['customFields'] },
  offers: { object: 'Offer', at: ['latestVersion', 'customFields'] },
  openings: { object: 'Opening', at: ['latestVersion', 'customFields'] },
  projects: { object: 'Talent_Project', at: ['customFieldEntries'] },
};

/** The definitions of the fields of a table. */
export function fieldsOf(simulator: Simulator, stream: string): Row[] {
  const place = PLACES[stream];
  return [...truthOf(simulator, 'custom_fields')].filter(({ objectType }) => objectType === place?.object);
}

/** The values of a row, as Ashby sends them. */
export function valuesOf(stream: string, row: Row): Row[] {
  let found: unknown = row;
  for (const field of PLACES[stream]?.at ?? []) found = (found as Row | undefined)?.[field];
  return (found ?? []) as Row[];
}

/** What a value gives: the ends of its columns' names, and what is in them. */
function partsOf({ fieldType, isDateOnlyField }: Row, { value, valueLabel }: Row): Row {
  const { value: amount, currencyCode, minValue, maxValue, interval } = (value ?? {}) as Row;
  switch (fieldType) {
    case 'Currency':
      return { '': amount, _currency: currencyCode };
    case 'NumberRange':
      return { _min: minValue, _max: maxValue };
    case 'CompensationRange':
      return { _min: minValue, _max: maxValue, _currency: currencyCode, _interval: interval };
    case 'ValueSelect':
    case 'MultiValueSelect':
      return { '': valueLabel };
    case 'Date':
      return { '': isDateOnlyField && typeof value === 'string' ? value.slice(0, 10) : value };
    default:
      return { '': value };
  }
}

/** The columns of a row: one or more for each field, null where it is not set. */
export function customColumns(stream: string, row: Row, fields: readonly Row[]): Row {
  const columns: Row = {};
  for (const field of fields) {
    const base = `cf_${String(field['title'])
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')}`;
    const value = valuesOf(stream, row).find(({ id }) => id === field['id']) ?? {};
    for (const [end, part] of Object.entries(partsOf(field, value))) columns[base + end] = part ?? null;
  }
  return columns;
}

/** What a table must hold when it is read with the schema that `discover` offers now. */
export function* truthWithColumns(simulator: Simulator, stream: string): Generator<Row> {
  const fields = fieldsOf(simulator, stream);
  for (const row of truthOf(simulator, stream)) yield { ...row, ...customColumns(stream, row, fields) };
}
