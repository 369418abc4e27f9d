/** Faults in rows: ids that are missing or wrong, rows that are none, values that programs stumble over. */

import type { FaultEffect, ROW_DAMAGE } from './effects.ts';

/** An id that no row of this world has. */
export const STRANGE_ID = '00000000-0000-4000-8000-00000000dead';

type Damage = (typeof ROW_DAMAGE)[number];

/** JSON texts of the rows inside an array's brackets. */
export function splitRows(rows: Buffer): string[] {
  return (JSON.parse(`[${rows.toString()}]`) as unknown[]).map((row) => JSON.stringify(row));
}

/** The rows as a fault leaves them; each is a JSON text. */
export function damageRows(rows: readonly string[], effect: FaultEffect): readonly string[] {
  if (effect.kind === 'value') {
    const text = valueText(effect);
    const all = effect.length === undefined;
    return rows.map((row, n) => (all || n === rows.length >> 1 ? withField(row, effect.field, text) : row));
  }
  if (effect.kind !== 'row' || rows.length === 0) return rows;
  const which = effect.which ?? 'middle';
  const at = which === 'first' ? 0 : which === 'last' ? rows.length - 1 : rows.length >> 1;
  return rows.flatMap((row, n) => (n === at ? damaged(row, effect.make) : [row]));
}

function damaged(row: string, make: Damage): string[] {
  const value = JSON.parse(row) as unknown;
  // hiringTeamRole.list may answer names: those have no id to lose, and are damaged as a whole.
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const { id: _id, ...rest } = fields;
  switch (make) {
    case 'withoutId':
      return [JSON.stringify(rest)];
    case 'numericId':
      return [JSON.stringify({ ...fields, id: 4711 })];
    case 'nullId':
      return [JSON.stringify({ ...fields, id: null })];
    case 'emptyId':
      return [JSON.stringify({ ...fields, id: '' })];
    case 'otherId':
      return [JSON.stringify({ ...fields, id: STRANGE_ID })];
    case 'null':
      return ['null'];
    case 'string':
      return ['"a row that is none"'];
    case 'list':
      return [`[${row}]`];
    case 'empty':
      return ['{}'];
    case 'twice':
      return [row, row];
  }
}

/** The object with one field more, at its end, as this very text: numbers and field names pass no parser. */
function withField(row: string, field: string, json: string): string {
  if (!row.endsWith('}')) return row;
  return `${row.slice(0, -1)}${row === '{}' ? '' : ','}${JSON.stringify(field)}:${json}}`;
}

function valueText(effect: Extract<FaultEffect, { kind: 'value' }>): string {
  if (effect.length !== undefined) return `"${'x'.repeat(effect.length)}"`;
  if (effect.depth !== undefined) return '['.repeat(effect.depth) + ']'.repeat(effect.depth);
  return effect.json ?? 'null';
}
