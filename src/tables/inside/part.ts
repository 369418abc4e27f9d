import { itemsOf, membersOf, type JsonSpan, type Member } from '../../ashby/rows/json-scan.ts';
import type { FieldChange, Fields, Row } from '../../ashby/rows/rows.ts';
import { encodeJson } from '../../json-text.ts';

/** A value somewhere in a row, and the bytes that it came in. */
export interface Part {
  readonly value: unknown;
  readonly json: JsonSpan;
}

/** A column's value, and its JSON as it is to be printed: bytes of Ashby's wherever there are any, so that digits stay. */
export interface Cell {
  readonly value: unknown;
  readonly json: JsonSpan | string;
}

export const NOTHING: Cell = { value: null, json: 'null' };

/** A cell of ours: a text, a flag, a list of texts. Not for Ashby's numbers, whose digits are in their bytes alone. */
export function cell(value: string | boolean | readonly string[] | null): Cell {
  return value === null ? NOTHING : { value, json: encodeJson(value) };
}

/** A part as a cell; null where there is none. */
export function asItCame(part: Part | undefined): Cell {
  return part === undefined || part.value === null ? NOTHING : part;
}

/** The members of an object are looked for once, however many columns and tables ask for them. */
const known = new WeakMap<JsonSpan, ReadonlyMap<string, Member>>();

function membersByName(json: JsonSpan): ReadonlyMap<string, Member> {
  const found = known.get(json);
  if (found) return found;
  // As in JSON.parse, the last one of a name counts.
  const made = new Map((membersOf(json) ?? []).map((member) => [member.name, member]));
  known.set(json, made);
  return made;
}

/** The member of that name, where the part is an object that has it. */
export function memberOf(part: Part, name: string): Part | undefined {
  if (!isFields(part.value) || !Object.hasOwn(part.value, name)) return undefined;
  const member = membersByName(part.json).get(name);
  return member && { value: part.value[name], json: member.value };
}

/** What lies at the end of names with dots between them; the part itself for none. */
export function at(part: Part, path: string): Part | undefined {
  let found: Part | undefined = part;
  for (const name of path === '' ? [] : path.split('.')) found = found && memberOf(found, name);
  return found;
}

/** The names of an object's members, with their values; undefined where it is no object. */
export function entriesOf(part: Part): [string, Part][] | undefined {
  if (!isFields(part.value)) return undefined;
  return Object.keys(part.value).flatMap((name) => {
    const member = memberOf(part, name);
    return member ? [[name, member] satisfies [string, Part]] : [];
  });
}

/** The elements of a list; undefined where it is none. */
export function elementsOf(part: Part): Part[] | undefined {
  if (!Array.isArray(part.value)) return undefined;
  const items = itemsOf(part.json) ?? [];
  return part.value.flatMap((value: unknown, index) => {
    const json = items[index]?.json;
    return json ? [{ value, json }] : [];
  });
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf({ bytes, from, to }: JsonSpan): string {
  return bytes.toString('utf8', from, to);
}

export type Columns = readonly (readonly [name: string, cell: Cell])[];

/** A row of these columns, in their order. */
export function rowOf(columns: Columns, changes?: readonly FieldChange[]): Row {
  const value: Record<string, unknown> = {};
  const pieces: Buffer[] = [];
  for (const [name, { value: own, json }] of columns) {
    value[name] = own;
    pieces.push(Buffer.from(`${pieces.length === 0 ? '{' : ','}${encodeJson(name)}:`));
    pieces.push(typeof json === 'string' ? Buffer.from(json) : json.bytes.subarray(json.from, json.to));
  }
  pieces.push(Buffer.from('}'));
  const bytes = Buffer.concat(pieces);
  return { value, json: { bytes, from: 0, to: bytes.length }, ...(changes ? { changes } : {}) };
}
