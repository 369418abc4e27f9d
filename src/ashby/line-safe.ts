import { membersOf } from './json-scan.ts';
import type { FieldChange, Row } from './rows.ts';

/*
 * A row must stand on one line for every reader. JSON may hold line feeds between its tokens, and U+2028, U+2029 and
 * U+0085 inside its strings, where Python's str.splitlines() cuts a line; and escapes of half a surrogate pair, at
 * which orjson and pydantic reject the whole line. The first become spaces, the second their escapes, which mean the
 * same; a half pair becomes U+FFFD, which does not, and is told.
 */

const ESCAPES = [
  { text: Buffer.from('\u0085'), escape: Buffer.from('\\u0085') },
  { text: Buffer.from('\u2028'), escape: Buffer.from('\\u2028') },
  { text: Buffer.from('\u2029'), escape: Buffer.from('\\u2029') },
];
const SURROGATES = [Buffer.from('\\ud'), Buffer.from('\\uD')];
const REPLACEMENT = Buffer.from('\\ufffd');
const [LINE_FEED, CARRIAGE_RETURN, SPACE, BACKSLASH] = [0x0a, 0x0d, 0x20, 0x5c];

interface Edit {
  at: number;
  length: number;
  by: Buffer;
  half: boolean;
}

/** The rows with what their readers would stumble over mended. All lie in one buffer, in their order, and are valid JSON. */
export function mendForLines(rows: readonly Row[]): Row[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return [];
  const { bytes } = first.json;
  const region = bytes.subarray(first.json.from, last.json.to);
  // Inside strings JSON knows no raw line breaks: what is found stands between tokens.
  for (const lineBreak of [LINE_FEED, CARRIAGE_RETURN]) {
    for (let at = region.indexOf(lineBreak); at >= 0; at = region.indexOf(lineBreak, at + 1)) region[at] = SPACE;
  }
  const edits = editsIn(region, first.json.from);
  if (edits.length === 0) return [...rows];
  let next = 0;
  return rows.map((row) => {
    const own: Edit[] = [];
    for (let edit = edits[next]; edit && edit.at < row.json.to; edit = edits[next]) {
      if (edit.at >= row.json.from) own.push(edit);
      next += 1;
    }
    return own.length === 0 ? row : rewritten(row, own);
  });
}

function editsIn(region: Buffer, offset: number): Edit[] {
  const edits: Edit[] = [];
  for (const { text, escape } of ESCAPES) {
    for (let at = region.indexOf(text); at >= 0; at = region.indexOf(text, at + text.length))
      edits.push({ at: at + offset, length: text.length, by: escape, half: false });
  }
  for (const text of SURROGATES) {
    for (let at = region.indexOf(text); at >= 0; at = region.indexOf(text, at + 2))
      if (isHalfPair(region, at)) edits.push({ at: at + offset, length: 6, by: REPLACEMENT, half: true });
  }
  return edits.sort((a, b) => a.at - b.at);
}

/** Whether the escape at `at` (`\ud…`) is a surrogate without its partner. */
function isHalfPair(bytes: Buffer, at: number): boolean {
  if (isEscaped(bytes, at)) return false; // "\\ud83d" is a backslash and a text
  const unit = unitAt(bytes, at);
  if (unit === undefined || unit < 0xd800 || unit > 0xdfff) return false;
  if (unit < 0xdc00) {
    const after = unitAt(bytes, at + 6);
    return after === undefined || after < 0xdc00 || after > 0xdfff;
  }
  const before = isEscaped(bytes, at - 6) ? undefined : unitAt(bytes, at - 6);
  return before === undefined || before < 0xd800 || before > 0xdbff;
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(bytes: Buffer, at: number): boolean {
  let start = at;
  while (start > 0 && bytes[start - 1] === BACKSLASH) start -= 1;
  return (at - start) % 2 === 1;
}

function unitAt(bytes: Buffer, at: number): number | undefined {
  if (at < 0) return undefined;
  const text = bytes.toString('latin1', at, at + 6);
  return /^\\u[0-9a-fA-F]{4}$/.test(text) ? parseInt(text.slice(2), 16) : undefined;
}

function rewritten(row: Row, edits: readonly Edit[]): Row {
  const { bytes, from, to } = row.json;
  const parts: Buffer[] = [];
  let at = from;
  for (const edit of edits) {
    parts.push(bytes.subarray(at, edit.at), edit.by);
    at = edit.at + edit.length;
  }
  const whole = Buffer.concat([...parts, bytes.subarray(at, to)]);
  const halves = edits.filter(({ half }) => half);
  const json = { bytes: whole, from: 0, to: whole.length };
  return halves.length === 0 ? { ...row, json } : { ...row, json, changes: changesOf(row, halves) };
}

function changesOf(row: Row, halves: readonly Edit[]): FieldChange[] {
  const touched = (membersOf(row.json) ?? []).filter(({ from, value }) =>
    halves.some(({ at }) => at >= from && at < value.to),
  );
  return touched.map(({ name }) => ({
    field: name.toWellFormed(),
    change: 'TRUNCATED',
    reason: 'SOURCE_SERIALIZATION_ERROR',
  }));
}
