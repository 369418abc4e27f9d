import { encodeJson } from '../json-text.ts';
import type { ControlMessage, RecordChange } from './messages.ts';

/** The line for anything but records and states, without its line feed. */
export function encodeMessage(message: ControlMessage): string {
  return encodeJson(message);
}

/** Bytes of UTF-8 between two places, which must not change afterwards. */
export interface BytePiece {
  bytes: Buffer;
  from: number;
  to: number;
}

/** A part of a line. */
export type LinePart = string | BytePiece;

/** Where lines go: the writer of standard output. */
export interface LineSink {
  /** Takes one line, all its parts at once and without its line feed; it is written whole or not at all. */
  line(...parts: readonly LinePart[]): void;
}

/** One record: the JSON of its row, from brace to brace, safe in a line, and what is printed beside the row's own fields. */
export interface RecordParts {
  json: BytePiece;
  /** What is added at the row's end, already in JSON, such as `"a":1`; may be empty. */
  suffix: string;
  /** Wall-clock milliseconds. */
  emittedAt: number;
  /** What could not be kept as it came. */
  changes?: readonly RecordChange[] | undefined;
}

/**
 * Makes the function that writes a stream's records, each a line. The parts of a line are never joined to a longer
 * text: at hundreds of megabytes, each copy of every row counts.
 */
export function recordWriter(stream: string, out: LineSink): (parts: RecordParts) => void {
  const head = `{"type":"RECORD","record":{"stream":${encodeJson(stream)},"data":`;
  return ({ json, suffix, emittedAt, changes }) => {
    const { bytes, from, to } = json;
    const meta = changes && changes.length > 0 ? `,"meta":{"changes":${encodeJson(changes)}}` : '';
    const tail = `${ending(json, suffix)},"emitted_at":${emittedAt}${meta}}}`;
    out.line(head, { bytes, from, to: to - 1 }, tail);
  };
}

/** Makes the function that writes rows alone, each a line, with nothing of the protocol around them. */
export function rowWriter(out: LineSink): (parts: RecordParts) => void {
  return ({ json, suffix }) => {
    const { bytes, from, to } = json;
    out.line({ bytes, from, to: to - 1 }, ending(json, suffix));
  };
}

/** What follows the last of a row's own fields, up to its closing brace. */
function ending({ bytes, from, to }: BytePiece, suffix: string): string {
  return `${suffix === '' || isEmptyObject(bytes, from, to) ? '' : ','}${suffix}}`;
}

function isEmptyObject(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from + 1; at < to - 1; at += 1) if ((bytes[at] ?? 0) > 0x20) return false;
  return true;
}

/**
 * A STATE message of type STREAM. `recordCount` is the number of the stream's records since its last state; the
 * protocol means it to be a double, so it is written with a decimal point.
 */
export function encodeState(stream: string, state: object, recordCount: number): string {
  return `{"type":"STATE","state":${openState(stream, state)},"sourceStats":{"recordCount":${recordCount.toFixed(1)}}}}`;
}

/** The state of a stream as `--state` takes it in its list. */
export function encodeStreamState(stream: string, state: unknown): string {
  return `${openState(stream, state)}}`;
}

/** The text of a state message up to the brace that closes it. */
function openState(stream: string, state: unknown): string {
  return `{"type":"STREAM","stream":{"stream_descriptor":{"name":${encodeJson(stream)}},"stream_state":${encodeJson(state)}}`;
}
