import { itemsOf, memberNamed, type JsonSpan } from '../../ashby/rows/json-scan.ts';
import { withMembers, type FieldChange, type Row } from '../../ashby/rows/rows.ts';
import { encodeJson } from '../../json-text.ts';
import type { CustomFieldsPlace } from '../definition.ts';
import type { CustomColumn } from './columns.ts';
import { fitOf, pathOf, type Entry } from './values.ts';

/**
 * Makes the function that adds these columns to a row, from the entries that it has at that place. Every column is
 * there on every row, null where the field is not set; what does not fit is null and noted among the row's changes. The
 * entries stay as they are. Values are copied in their bytes, so that numbers keep their digits.
 */
export function filler(columns: readonly CustomColumn[], { at }: CustomFieldsPlace): (row: Row) => Row {
  const slots = columns.map((column) => ({ ...column, head: `${encodeJson(column.name)}:` }));
  const slotsOf = new Map<unknown, { index: number; column: CustomColumn }[]>();
  for (const [index, column] of columns.entries())
    slotsOf.set(column.fieldId, [...(slotsOf.get(column.fieldId) ?? []), { index, column }]);
  return (row) => {
    const added: Record<string, unknown> = {};
    for (const { name } of columns) added[name] = null;
    const texts = new Array<string>(columns.length).fill('null');
    const changes: FieldChange[] = [];
    const entries = valueAt(row, at);
    let items: readonly { json: JsonSpan }[] | undefined;
    for (let place = 0; place < entries.length; place += 1) {
      const entry = entries[place];
      const wanted = isEntry(entry) ? slotsOf.get(entry['id']) : undefined;
      if (!wanted || !isEntry(entry)) continue;
      for (const { index, column } of wanted) {
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
        texts[index] = asText ? encodeJson(json) : json;
      }
    }
    const filled = withMembers(row, added, slots.map(({ head }, index) => head + (texts[index] ?? 'null')).join(','));
    return changes.length === 0 ? filled : { ...filled, changes: [...(row.changes ?? []), ...changes] };
  };
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
