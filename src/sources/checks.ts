import type { ListAnswer } from '../ashby/envelope.ts';
import type { Row } from '../ashby/rows/rows.ts';

/*
 * What an answer must prove before it counts: each row its key, each answer its question. What is found here is
 * damage: the request is sent again, and what stays damaged is the stream's error.
 */

/** Why a row of these is no row of the table; undefined where all are. Without an id it must hold something at least. */
export function missingId(rows: readonly Row[], idField: string | null): string | undefined {
  if (idField === null) return rows.every(({ value }) => Object.keys(value).length > 0) ? undefined : 'an empty object';
  return rows.every(({ value }) => isId(value[idField])) ? undefined : `a row without its ${idField}`;
}

/** Ashby's ids are texts, UUIDs as far as is known. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The check for the answers of a list. */
export function eachHasId(idField: string): (answer: ListAnswer) => string | undefined {
  return ({ rows }) => missingId(rows, idField);
}

/** Why these rows do not belong to the parent that was asked about: rows that name another one. */
export function strangers(rows: readonly Row[], field: string, asked: string): string | undefined {
  const other = rows.some(({ value }) => value[field] !== undefined && value[field] !== null && value[field] !== asked);
  return other ? `a row of another ${field} than asked for` : undefined;
}
