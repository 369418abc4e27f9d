import { isUtf8 } from 'node:buffer';
import { encodeJson } from '../../json-text.ts';
import { endOfContainer, itemsOf, membersOf, skipSpace, type JsonSpan } from './json-scan.ts';
import { isTooDeep, oddPlaces, withoutSeparators } from './line-safe.ts';

/** The fields of an object of Ashby's, under its own names. Unknown ones are welcome. */
export type Fields = Readonly<Record<string, unknown>>;

/** A field that could not be kept as it came, and why, in the words of Airbyte's `meta.changes`. */
export interface FieldChange {
  field: string;
  change: 'NULLED' | 'TRUNCATED';
  reason: 'SOURCE_SERIALIZATION_ERROR' | 'SOURCE_FIELD_SIZE_LIMITATION';
}

/**
 * One row: its value, to decide by, and the JSON that it came in, to print. Nothing is turned into text anew, since
 * that costs as much as parsing it and since numbers keep all their digits only in the bytes.
 */
export interface Row {
  readonly value: Fields;
  readonly json: JsonSpan;
  /** Something in it, or in a row around it, would make a reader of lines stumble: `mended` is due before it is printed. */
  readonly unsafe?: true;
  /** What had to be changed in it, if anything. */
  readonly changes?: readonly FieldChange[];
}

/** An answer of Ashby's, opened: what stands around the rows, and the rows. */
export interface OpenedAnswer {
  /** The answer without `results`. */
  envelope: Fields;
  /**
   * `rows` where results is a list of objects, `row` where it is one object; `nothing` where it is missing or null,
   * `damaged` where it is anything else.
   */
  results:
    { kind: 'rows'; rows: Row[] } | { kind: 'row'; row: Row } | { kind: 'nothing' } | { kind: 'damaged'; why: string };
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Opens `{…, "results": …, …}`. Rows are found by a scan over the bytes and parsed one by one: short texts are freed
 * sooner than one of the size of a page. Undefined for anything that is not one JSON object in proper UTF-8.
 */
export function openAnswer(received: Buffer): OpenedAnswer | undefined {
  if (!isUtf8(received)) return undefined;
  const answer = withoutSeparators(received);
  const from = skipSpace(answer, answer.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0);
  const members = membersOf({ bytes: answer, from, to: answer.length });
  if (!members) return undefined;
  const named = members.filter(({ name }) => name === 'results');
  const span = named[0]?.value;
  try {
    if (!span)
      return { envelope: parse({ bytes: answer, from, to: answer.length }) as Fields, results: { kind: 'nothing' } };
    const around = answer.toString('utf8', from, span.from) + 'null' + answer.toString('utf8', span.to);
    const { results: _results, ...envelope } = JSON.parse(around) as Record<string, unknown>; // it opens with a brace
    if (named.length > 1) return { envelope, results: { kind: 'damaged', why: 'results twice' } };
    return { envelope, results: openResults(span) };
  } catch {
    return undefined; // broken JSON: the caller says so
  }
}

/** Throws SyntaxError where a part of it is no JSON. */
function openResults(span: JsonSpan): OpenedAnswer['results'] {
  const items = itemsOf(span);
  if (!items) {
    const value = parse(span);
    if (value === null) return { kind: 'nothing' };
    return isFields(value)
      ? {
          kind: 'row',
          row: marked([{ value, json: span }], [endOfContainer(span.bytes, span.from)])[0] ?? { value, json: span },
        }
      : damaged('results is no object and no list');
  }
  const rows: Row[] = [];
  for (const { json } of items) {
    const value = parse(json);
    if (!isFields(value)) return damaged('a row is no object');
    rows.push({ value, json });
  }
  // Between the rows nothing but commas was found, up to what must be the closing bracket.
  const last = items.at(-1)?.json.to ?? span.from + 1;
  if (skipSpace(span.bytes, last) !== span.to - 1 || span.bytes[span.to - 1] !== 0x5d)
    throw new SyntaxError('the list does not close');
  return { kind: 'rows', rows: marked(rows, items) };
}

function damaged(why: string): { kind: 'damaged'; why: string } {
  return { kind: 'damaged', why };
}

/** Marks what cannot be printed as it came. All rows lie in one buffer, in their order; `nested` says how deep each is. */
function marked(rows: readonly Row[], nested: readonly { depth: number }[]): Row[] {
  const [first, last] = [rows[0]?.json, rows.at(-1)?.json];
  if (!first || !last) return [];
  const odd = oddPlaces(first.bytes.subarray(first.from, last.to)).map((place) => place + first.from);
  let next = 0;
  return rows.map((row, index) => {
    const { to } = row.json;
    const before = next;
    while (next < odd.length && (odd[next] ?? to) < to) next += 1;
    const unsafe = next > before || isTooDeep(nested[index]?.depth ?? 0);
    return unsafe ? { ...row, unsafe } : row;
  });
}

function parse({ bytes, from, to }: JsonSpan): unknown {
  return JSON.parse(bytes.toString('utf8', from, to));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The row with these fields set, at its end; where it had one of that name, the old one goes. */
export function withFields(row: Row, added: Fields): Row {
  const names = Object.keys(added);
  if (names.length === 0) return row;
  const base = names.some((name) => Object.hasOwn(row.value, name)) ? withoutFields(row, names) : row;
  return withMembers(base, added, encodeJson(added).slice(1, -1));
}

/**
 * The row with these members at its end, of whose names it has none. Their JSON is given, such as `"a":1.50,"b":null`,
 * for values that are to keep the bytes in which they came; it must say what `added` says.
 */
export function withMembers(row: Row, added: Fields, members: string): Row {
  const { bytes, from, to } = row.json;
  const body = to - 1 - from;
  const more = Buffer.from(`${isEmpty(row.value) ? '' : ','}${members}}`);
  const whole = Buffer.allocUnsafe(body + more.length);
  bytes.copy(whole, 0, from, to - 1);
  more.copy(whole, body);
  return { ...row, value: { ...row.value, ...added }, json: { bytes: whole, from: 0, to: whole.length } };
}

/** The row without the fields of these names. */
export function withoutFields(row: Row, names: readonly string[]): Row {
  if (!names.some((name) => Object.hasOwn(row.value, name))) return row;
  const kept = (membersOf(row.json) ?? []).filter(({ name }) => !names.includes(name));
  const { bytes } = row.json;
  const parts = kept.map((member) => bytes.subarray(member.from, member.value.to));
  const whole = Buffer.concat(
    parts
      .flatMap((part, index) => [index === 0 ? OPEN : COMMA, part])
      .concat(parts.length === 0 ? [OPEN, CLOSE] : [CLOSE]),
  );
  const value = Object.fromEntries(Object.entries(row.value).filter(([name]) => !names.includes(name)));
  return { ...row, value, json: { bytes: whole, from: 0, to: whole.length } };
}

const [OPEN, COMMA, CLOSE] = [Buffer.from('{'), Buffer.from(','), Buffer.from('}')];

function isEmpty(value: Fields): boolean {
  for (const _ in value) return false;
  return true;
}

/**
 * The objects in the list that the row has under this name, as rows of their own; none where it has nothing there.
 * Undefined where it has something else than a list of objects.
 */
export function rowsInside(row: Row, field: string): Row[] | undefined {
  const values = row.value[field];
  if (values === undefined || values === null) return [];
  if (!Array.isArray(values) || !values.every(isFields)) return undefined;
  if (values.length === 0) return [];
  const member = (membersOf(row.json) ?? []).findLast(({ name }) => name === field); // as JSON.parse, the last one counts
  const items = (member && itemsOf(member.value)) ?? [];
  const unsafe = row.unsafe ? { unsafe: row.unsafe } : {};
  return values.flatMap((value, index) => {
    const json = items[index]?.json;
    return json ? [{ value, json, ...unsafe }] : [];
  });
}
