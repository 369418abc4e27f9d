import { membersOf, type JsonSpan } from './json-scan.ts';
import type { FieldChange, Fields, Row } from './rows.ts';

/*
 * A row must stand on one line for every reader. JSON may hold line feeds between its tokens, and U+2028, U+2029 and
 * U+0085 inside its strings, where Python's str.splitlines() cuts a line; escapes of half a surrogate pair, at which
 * orjson and pydantic reject the whole line; and objects in objects without end, at which pydantic's reader stops at
 * 200 levels. Line feeds become spaces and separators their escapes, which mean the same; half pairs become U+FFFD and
 * what lies too deep null, which do not, and are told.
 */

/** The message around a row takes four levels. */
const DEEPEST = 150;

const ESCAPES = [
  { text: Buffer.from('\u0085'), escape: Buffer.from('\\u0085') },
  { text: Buffer.from('\u2028'), escape: Buffer.from('\\u2028') },
  { text: Buffer.from('\u2029'), escape: Buffer.from('\\u2029') },
];
const SURROGATES = [Buffer.from('\\ud'), Buffer.from('\\uD')];
const REPLACEMENT = Buffer.from('\\ufffd');
const NULL = Buffer.from('null');
const [LINE_FEED, CARRIAGE_RETURN, SPACE, QUOTE, BACKSLASH] = [0x0a, 0x0d, 0x20, 0x22, 0x5c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

interface Edit {
  at: number;
  to: number;
  by: Buffer;
}

/**
 * The JSON with escapes in place of the separators, for all rows of an answer at once, since each may have one; the same
 * buffer where there are none. In valid JSON they stand inside strings only, where an escape means the same.
 */
export function withoutSeparators(bytes: Buffer): Buffer {
  const edits: Edit[] = [];
  for (const { text, escape } of ESCAPES) {
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length))
      // Behind a lone backslash it is no JSON, and must not become some.
      if (!isEscaped(bytes, at)) edits.push({ at, to: at + text.length, by: escape });
  }
  if (edits.length === 0) return bytes;
  return edited(
    { bytes, from: 0, to: bytes.length },
    edits.sort((a, b) => a.at - b.at),
  );
}

/** The bytes with edits done, which are in their order and do not overlap. */
function edited({ bytes, from, to }: JsonSpan, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let at = from;
  for (const edit of edits) {
    parts.push(bytes.subarray(at, edit.at), edit.by);
    at = edit.to;
  }
  return Buffer.concat([...parts, bytes.subarray(at, to)]);
}

/**
 * Puts valid JSON on one line, in place: raw line breaks stand between tokens only. Returns the places of what else a
 * reader may stumble over, in their order.
 */
export function oddPlaces(bytes: Buffer): number[] {
  for (const lineBreak of [LINE_FEED, CARRIAGE_RETURN]) {
    for (let at = bytes.indexOf(lineBreak); at >= 0; at = bytes.indexOf(lineBreak, at + 1)) bytes[at] = SPACE;
  }
  const places: number[] = [];
  for (const text of SURROGATES) {
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) places.push(at);
  }
  return places.sort((a, b) => a - b);
}

/** Whether something nested so deep has to be mended. */
export function isTooDeep(depth: number): boolean {
  return depth > DEEPEST;
}

/** The row as a line that every reader takes for one, and what was changed in it. */
export function mended(row: Row): Row {
  if (!row.unsafe) return row;
  const { unsafe: _unsafe, ...safe } = row;
  const edits = editsIn(row.json);
  if (edits.length === 0) return safe;
  const whole = edited(row.json, edits);
  return {
    ...safe,
    json: { bytes: whole, from: 0, to: whole.length },
    // The value that is decided by must be the one that is printed.
    value: JSON.parse(whole.toString('utf8')) as Fields,
    changes: [...(row.changes ?? []), ...changesOf(row, edits)],
  };
}

/** In their order, none inside another. */
function editsIn(span: JsonSpan): Edit[] {
  const region = span.bytes.subarray(span.from, span.to);
  const found: Edit[] = [];
  for (const text of SURROGATES) {
    for (let at = region.indexOf(text); at >= 0; at = region.indexOf(text, at + 2))
      if (isHalfPair(region, at)) found.push({ at, to: at + 6, by: REPLACEMENT });
  }
  const edits = [...found, ...deepPlaces(region)].sort((a, b) => a.at - b.at);
  let end = -1;
  const outer = edits.filter((edit) => {
    const inside = edit.at < end;
    if (!inside) end = edit.to;
    return !inside;
  });
  return outer.map((edit) => ({ ...edit, at: edit.at + span.from, to: edit.to + span.from }));
}

/** The objects and lists that begin at the first level that is too deep. */
function deepPlaces(region: Buffer): Edit[] {
  const places: Edit[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < region.length; at += 1) {
    const byte = region[at];
    if (byte === QUOTE) {
      for (at += 1; at < region.length && region[at] !== QUOTE; at += 1) if (region[at] === BACKSLASH) at += 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth === DEEPEST + 1) start = at;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === DEEPEST + 1) places.push({ at: start, to: at + 1, by: NULL });
      depth -= 1;
    }
  }
  return places;
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

/** The row's fields in which something was lost. */
function changesOf(row: Row, losses: readonly Edit[]): FieldChange[] {
  return (membersOf(row.json) ?? []).flatMap(({ name, from, value }) => {
    const own = losses.filter(({ at }) => at >= from && at < value.to);
    if (own.length === 0) return [];
    const nulled = own.some(({ at, to }) => at === value.from && to === value.to);
    const change = nulled ? 'NULLED' : 'TRUNCATED';
    return [{ field: name.toWellFormed(), change, reason: 'SOURCE_SERIALIZATION_ERROR' }];
  });
}
