import type { ControlMessage } from './messages.ts';

/*
 * Lines that every consumer reads whole. JSON.stringify leaves U+2028, U+2029 and U+0085 as they are, and Python's
 * str.splitlines() cuts a line there; it writes a lone surrogate as \udXXX, and orjson and pydantic reject the whole
 * line then. The first are escaped, the second replaced by U+FFFD. Both are rare: one scan finds lines that need it.
 */
const separators = /[\u0085\u2028\u2029]/g;

/** JSON of any value that is safe in a line of output. */
export function encodeJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!isSuspicious(json)) return json;
  // A backslash that stands in the text itself ("\\ud83d") only looks suspicious: encoding again changes nothing then.
  const wellFormed = JSON.stringify(value, (_key, part: unknown) =>
    isRecord(part) ? wellFormedKeys(part) : wellFormedText(part),
  );
  return wellFormed.replace(separators, (separator) => `\\u${separator.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Searches for single texts, since V8 does that several times faster than matching one pattern for all of them. */
function isSuspicious(json: string): boolean {
  return json.includes('\\ud') || json.includes('\u0085') || json.includes('\u2028') || json.includes('\u2029');
}

/** One line for anything but records and states. */
export function encodeMessage(message: ControlMessage): string {
  return `${encodeJson(message)}\n`;
}

/** Where lines go, part by part: the writer of standard output. */
export interface LineSink {
  /** Takes a text as it is. */
  write(text: string): void;
  /** Takes bytes of UTF-8 as they are. They must not change afterwards. */
  copy(bytes: Buffer, from: number, to: number): void;
}

/** JSON of one object as bytes: from its opening brace to behind its closing one. */
export interface JsonBytes {
  bytes: Buffer;
  from: number;
  to: number;
}

/** What is printed of a row beside its own fields. */
export interface RecordExtras {
  /** What the connector adds to the row, already in JSON; may be empty. */
  suffix: string;
  /** Wall-clock milliseconds. */
  emittedAt: number;
}

/**
 * Makes the function that writes a stream's records, each a line. Where `json` is given, it is the row's own JSON,
 * safe in a line of output, and is printed as it is; else the row is encoded. Parts of a line are never joined to a
 * longer text: at hundreds of megabytes, each copy of every row counts.
 */
export function recordWriter(
  stream: string,
  out: LineSink,
): (row: Record<string, unknown>, extras: RecordExtras, json?: JsonBytes) => void {
  const head = `{"type":"RECORD","record":{"stream":${encodeJson(stream)},"data":`;
  return (row, { suffix, emittedAt }, json) => {
    out.write(head);
    if (json) out.copy(json.bytes, json.from, json.to - 1);
    else out.write(encodeJson(row).slice(0, -1));
    out.write(`${suffix === '' || isEmpty(row) ? '' : ','}${suffix}},"emitted_at":${emittedAt}}}\n`);
  };
}

function isEmpty(row: Record<string, unknown>): boolean {
  for (const _ in row) return false;
  return true;
}

/**
 * A STATE message of type STREAM. `recordCount` is the number of the stream's records since its last state; the
 * protocol means it to be a double, so it is written with a decimal point.
 */
export function encodeState(stream: string, state: object, recordCount: number): string {
  const name = encodeJson(stream);
  return (
    `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":${name}},"stream_state":${encodeJson(state)}},` +
    `"sourceStats":{"recordCount":${recordCount.toFixed(1)}}}}\n`
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wellFormedText(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function wellFormedKeys(value: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(value);
  if (keys.every((key) => key.isWellFormed())) return value;
  return Object.fromEntries(keys.map((key) => [key.toWellFormed(), value[key]]));
}
