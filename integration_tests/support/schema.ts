/** Draft-07 validators of the connector's schemas, formats checked. */

import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Row } from './transcript.ts';

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const isDate = (text: string): boolean =>
  DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

/** The schema of a stream as it ships: without the columns of an account's custom fields. */
function shipped(stream: string): Row {
  return JSON.parse(readFileSync(new URL(`../../schemas/${stream}.json`, import.meta.url), 'utf8')) as Row;
}

/** The validator of a stream's schema, closed at every depth: a field that is not declared is an error. */
export function closedValidator(stream: string, schema: unknown = shipped(stream)): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: false });
  ajv.addFormat('date', isDate);
  ajv.addFormat('date-time', (text) => {
    const [date = '', time = ''] = text.split('T');
    return isDate(date) && TIME.test(time);
  });
  return ajv.compile(closed(schema) as Row);
}

/**
 * `properties` without others beside them. An object that lists no fields may hold any, and so may the delay of a
 * sequence's message: Ashby's own schema says only that it has a kind and further fields.
 */
function closed(schema: unknown, name = ''): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const copy: Row = { ...schema };
  const properties = copy['properties'];
  if (typeof properties === 'object' && properties !== null && Object.keys(properties).length > 0) {
    copy['properties'] = Object.fromEntries(
      Object.entries(properties).map(([field, part]) => [field, closed(part, field)]),
    );
    if (name !== 'sendAfter') copy['additionalProperties'] = false;
  }
  if ('items' in copy) copy['items'] = closed(copy['items']);
  return copy;
}

/** What the validator says about a stream's rows, each complaint once. */
export function complaints(stream: string, rows: Iterable<Row>, schema?: unknown): string[] {
  const validate = closedValidator(stream, schema);
  const found = new Set<string>();
  for (const row of rows) {
    if (validate(row)) continue;
    const [error] = validate.errors ?? [];
    found.add(`${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}`);
  }
  return [...found];
}
