import { itemsOf, memberNamed, type JsonSpan } from '../../ashby/rows/json-scan.ts';
import { withMembers, withoutFields, type FieldChange, type Row } from '../../ashby/rows/rows.ts';
import { encodeJson } from '../../json-text.ts';
import type { CustomFieldsPlace } from '../definition.ts';
import type { CustomColumn } from './columns.ts';
import { PREFIX } from './names.ts';
import { fitOf, pathOf, type Entry } from './values.ts';

/**
 * Makes the function that adds these columns to a row, from the entries that it has at that place. Every column is
 * there on every row, null where the field is not set; what does not fit is null and noted among the row's changes. The
 * entries stay as they are. Values are copied in their bytes, so that numbers keep their digits.
 */
export function filler(columns: readonly CustomColumn[], { at }: CustomFieldsPlace): (row: Row) => Row {
  const names = columns.map(({ name }) => name);
  const heads = names.map((name) => `${encodeJson(name)}:`);
  const nulls = heads.map((head) => `${head}null`);
  const nothing: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, null]));
  const slotsOf = new Map<unknown, { index: number; column: CustomColumn }[]>();
  for (const [index, column] of columns.entries())
    slotsOf.set(column.fieldId, [...(slotsOf.get(column.fieldId) ?? []), { index, column }]);
  return (row) => {
    const added: Record<string, unknown> = { ...nothing };
    const members = nulls.slice();
    const changes: FieldChange[] = [];
    const entries = valueAt(row, at);
    let items: readonly { json: JsonSpan }[] | undefined;
    // Of two entries for one field the last one counts, as of two members of one name.
    const places = new Map<unknown, number>();
    for (const [place, entry] of entries.entries())
      if (isEntry(entry) && slotsOf.has(entry['id'])) places.set(entry['id'], place);
    for (const [id, place] of places) {
      const entry = entries[place] as Entry; // found to be one above
      for (const { index, column } of slotsOf.get(id) ?? []) {
        const { name, part, type } = column;
        const fit = fitOf(entry, part, type);
        if (fit === 'nothing') continue;
        if (fit === 'misfit') {
          changes.push({ field: name, change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' });
          continue;
        }
        items ??= itemsAt(row, at);
        const json = fit.json ?? textAt(items[place]?.json, pathOf(entry, part));
        const asText = part === 'json' && typeof fit.value !== 'string';
        added[name] = asText ? json : fit.value;
        members[index] = `${heads[index] ?? ''}${asText ? encodeJson(json) : json}`;
      }
    }
    const filled = withMembers(withoutPrefix(row, names), added, members.join(','));
    return changes.length === 0 ? filled : { ...filled, changes: [...(row.changes ?? []), ...changes] };
  };
}

const QUOTED_PREFIX = Buffer.from(`"${PREFIX}`);

/** Ashby has no fields of such names; the bytes are searched, since looking for each name in each row takes longer. */
function withoutPrefix(row: Row, names: readonly string[]): Row {
  const { bytes, from, to } = row.json;
  return bytes.subarray(from, to).includes(QUOTED_PREFIX) ? withoutFields(row, names) : row;
}

function valueAt({ value }: Row, [first, second]: CustomFieldsPlace['at']): readonly unknown[] {
  const outer = value[first];
  const list = second === undefined ? outer : isEntry(outer) ? outer[second] : undefined;
  return Array.isArray(list) ? list : [];
}

/** The entries' bytes, in the order of the values. */
function itemsAt({ json }: Row, at: CustomFieldsPlace['at']): readonly { json: JsonSpan }[] {
  const list = spanAt(json, at);
  return (list && itemsOf(list)) ?? [];
}

function textAt(entry: JsonSpan | undefined, path: readonly string[]): string {
  const span = entry && spanAt(entry, path);
  // What was found in the value stands in the bytes: both are read from the same text.
  if (!span) throw new Error(`nothing at ${path.join('.')} of a custom field`);
  return span.bytes.toString('utf8', span.from, span.to);
}

function spanAt(json: JsonSpan, path: readonly string[]): JsonSpan | undefined {
  let span: JsonSpan | undefined = json;
  for (const name of path) span = span && memberNamed(span, name);
  return span;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
