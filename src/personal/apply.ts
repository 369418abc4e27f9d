import type { JsonSpan } from '../ashby/rows/json-scan.ts';
import type { Fields, Row } from '../ashby/rows/rows.ts';
import { editsOf, type Edit, type EditTools, type Member } from './edits.ts';
import type { Rule } from './rules.ts';

/**
 * The row without what is to go, and with hashes in place of what is to be hashed, in its value and in its bytes; all
 * other bytes stay as they came. The same row where there is nothing to do.
 */
export function protectedRow(row: Row, rule: Rule, tools: EditTools): Row {
  const { edits, members } = editsOf(row.json, rule, tools);
  if (edits.length === 0) return row;
  const bytes = edited(row.json, edits);
  return { ...row, value: valueOf(row, { edits, members, bytes }), json: { bytes, from: 0, to: bytes.length } };
}

/** The same for JSON alone. */
export function protectedJson(json: JsonSpan, rule: Rule, tools: EditTools): Buffer {
  const { edits } = editsOf(json, rule, tools);
  return edits.length === 0 ? json.bytes.subarray(json.from, json.to) : edited(json, edits);
}

/** Only columns in which something was done are parsed once more: the value must be the one that is printed. */
function valueOf(
  { json, value }: Row,
  { edits, members, bytes }: { edits: readonly Edit[]; members: readonly Member[]; bytes: Buffer },
): Fields {
  // Where a name comes twice JSON.parse takes the last, which may be another one now.
  if (members.length !== Object.keys(value).length) return JSON.parse(bytes.toString('utf8')) as Fields; // still an object
  const kept: Record<string, unknown> = {};
  for (const { name, kept: stays, from, to, firstEdit, lastEdit } of members) {
    if (!stays) continue; // whatever stays is a declared name, so none has a meaning of its own, as __proto__ has
    const own = edits.slice(firstEdit, lastEdit);
    kept[name] =
      own.length === 0
        ? value[name]
        : (JSON.parse(edited({ bytes: json.bytes, from, to }, own).toString('utf8')) as unknown);
  }
  return kept;
}

/** The bytes with edits done, which are in their order and do not overlap. */
function edited({ bytes, from, to }: JsonSpan, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let at = from;
  for (const edit of edits) {
    parts.push(bytes.subarray(at, edit.at), Buffer.from(edit.by, 'latin1')); // hexadecimal, a comma, or nothing
    at = edit.to;
  }
  parts.push(bytes.subarray(at, to));
  return Buffer.concat(parts);
}
