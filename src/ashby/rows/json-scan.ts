/** A piece of JSON inside a buffer: from its first byte to behind its last. The bytes never change once it is handed on. */
export interface JsonSpan {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** One member of an object: its name, where the name's quote stands, and the value. */
export interface Member {
  name: string;
  from: number;
  value: JsonSpan;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/*
 * Finds its way through JSON without turning it into values. Nothing here checks grammar: what is found is parsed by
 * JSON.parse as well, and a text that JSON.parse takes is read rightly here. In a broken text the places are wrong, but
 * never outside the buffer.
 */

/** Behind white space. */
export function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;) {
    at += 1;
    byte = bytes[at];
  }
  return at;
}

/** Behind the value that begins at `start`, or the end of the buffer. */
export function endOfValue(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(bytes, start).end;
  if (first === QUOTE) return endOfString(bytes, start);
  let at = start;
  while (at < bytes.length && !endsScalar(bytes[at])) at += 1;
  return at;
}

function endsScalar(byte: number | undefined): boolean {
  return (
    byte === COMMA ||
    byte === CLOSE_BRACE ||
    byte === CLOSE_BRACKET ||
    byte === COLON ||
    byte === undefined ||
    byte <= 0x20
  );
}

function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return bytes.length;
}

/** Where an object or a list ends, and how deep it is nested (1: it holds no other). Every byte is looked at here. */
export function endOfContainer(bytes: Buffer, start: number): { end: number; depth: number } {
  const { length } = bytes;
  let depth = 0;
  let deepest = 0;
  for (let at = start; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at += 1;
      for (; at < length; at += 1) {
        const inside = bytes[at];
        if (inside === QUOTE) break;
        if (inside === BACKSLASH) at += 1;
      }
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return { end: at + 1, depth: deepest };
    }
  }
  return { end: length, depth: deepest };
}

/** The members of the object at `span`, in their order, repeated names included; undefined where it is no object. */
export function membersOf({ bytes, from, to }: JsonSpan): Member[] | undefined {
  if (bytes[from] !== OPEN_BRACE) return undefined;
  const members: Member[] = [];
  let at = skipSpace(bytes, from + 1);
  while (at < to && bytes[at] === QUOTE) {
    const nameEnd = endOfString(bytes, at);
    const colon = skipSpace(bytes, nameEnd);
    const valueFrom = skipSpace(bytes, colon + 1);
    const valueTo = endOfValue(bytes, valueFrom);
    members.push({ name: nameAt(bytes, at, nameEnd), from: at, value: { bytes, from: valueFrom, to: valueTo } });
    at = skipSpace(bytes, valueTo);
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  return members;
}

/**
 * The value of the member of that name, the last one where there are several, as JSON.parse takes it; undefined where
 * there is none. `name` is plain ASCII. No texts are made of the other names.
 */
export function memberNamed({ bytes, from, to }: JsonSpan, name: string): JsonSpan | undefined {
  if (bytes[from] !== OPEN_BRACE) return undefined;
  let found: JsonSpan | undefined;
  let at = skipSpace(bytes, from + 1);
  while (at < to && bytes[at] === QUOTE) {
    const nameEnd = endOfString(bytes, at);
    const valueFrom = skipSpace(bytes, skipSpace(bytes, nameEnd) + 1);
    const valueTo = endOfValue(bytes, valueFrom);
    if (isName(bytes, at, nameEnd, name)) found = { bytes, from: valueFrom, to: valueTo };
    at = skipSpace(bytes, valueTo);
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  return found;
}

/** Whether the text between these quotes is that name; with escapes in it, it may be longer. */
function isName(bytes: Buffer, from: number, to: number, name: string): boolean {
  const length = to - from - 2;
  if (length < name.length) return false;
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[from + 1 + index];
    if (byte === BACKSLASH) return nameAt(bytes, from, to) === name;
    if (byte !== name.charCodeAt(index)) return false;
  }
  return length === name.length;
}

/** A name as JSON.parse reads it; one that it does not read is taken as it stands, and parsing the whole will fail. */
function nameAt(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from + 1, to - 1);
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(bytes.toString('utf8', from, to)));
  } catch {
    return text;
  }
}

/** An element of a list, and how deep it is nested (0: it is no object and no list). */
export interface Item {
  json: JsonSpan;
  depth: number;
}

/** The elements of the list at `span`, in their order; undefined where it is no list. */
export function itemsOf({ bytes, from, to }: JsonSpan): Item[] | undefined {
  if (bytes[from] !== OPEN_BRACKET) return undefined;
  const items: Item[] = [];
  let at = skipSpace(bytes, from + 1);
  while (at < to && bytes[at] !== CLOSE_BRACKET) {
    const isContainer = bytes[at] === OPEN_BRACE || bytes[at] === OPEN_BRACKET;
    const { end, depth } = isContainer ? endOfContainer(bytes, at) : { end: endOfValue(bytes, at), depth: 0 };
    if (end === at) break;
    items.push({ json: { bytes, from: at, to: end }, depth });
    at = skipSpace(bytes, end);
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  return items;
}
