import { isUtf8 } from 'node:buffer';

/** Where one row lies in an answer: from its opening brace to behind its closing one. */
export interface ByteSpan {
  bytes: Buffer;
  from: number;
  to: number;
}

/** The rows of a list as the bytes that they came in. */
export class RowBytes {
  readonly #bytes: Buffer;
  readonly #bounds: readonly number[];
  readonly #odd: readonly number[];

  /** `bounds` holds beginning and end of each row in turn, `odd` the places of what cannot be printed as it came. */
  constructor(bytes: Buffer, bounds: readonly number[], odd: readonly number[]) {
    this.#bytes = bytes;
    this.#bounds = bounds;
    this.#odd = odd;
  }

  /** The bytes of the row at `index`, if they can stand in a line of output as they are. */
  at(index: number): ByteSpan | undefined {
    const from = this.#bounds[2 * index];
    const to = this.#bounds[2 * index + 1];
    if (from === undefined || to === undefined) return undefined;
    return this.#odd.some((place) => place >= from && place < to) ? undefined : { bytes: this.#bytes, from, to };
  }
}

/** The answer of a list, parsed row by row. */
export interface SplitAnswer {
  /** The whole answer, with `results`. */
  body: Record<string, unknown>;
  /** Present where the rows stand on one line and in proper UTF-8. */
  bytes: RowBytes | undefined;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const RESULTS = Buffer.from('"results"');
const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];
/** Texts that a reader of lines may stumble over; see `encodeJson`. */
const ODD = ['\\ud', '\\uD', '\u0085', '\u2028', '\u2029'].map((text) => Buffer.from(text));

/**
 * Parses `{…, "results": [{…}, …], …}` and remembers where each row lies, so that a row which nobody changes need not
 * be turned into text again: that costs as much as parsing it, and numbers keep all their digits. Rows are parsed one
 * by one, since short texts are freed sooner than one of the size of a page.
 *
 * Undefined for anything that does not look just so, whether or not it is JSON: parse it whole then.
 */
export function splitRows(answer: Buffer): SplitAnswer | undefined {
  const opening = openingOfResults(answer);
  if (opening === undefined) return undefined;
  const bounds = boundsOfRows(answer, opening + 1);
  if (bounds === undefined) return undefined;
  const closing = skipSpace(answer, bounds.at(-1) ?? opening + 1);
  if (answer.includes(RESULTS, closing)) return undefined;
  try {
    const body: unknown = JSON.parse(answer.toString('utf8', 0, opening + 1) + answer.toString('utf8', closing));
    if (typeof body !== 'object' || body === null || !('results' in body)) return undefined;
    if (!Array.isArray(body.results) || body.results.length > 0) return undefined;
    const rows: unknown[] = [];
    for (let at = 0; at < bounds.length; at += 2)
      rows.push(JSON.parse(answer.toString('utf8', bounds[at], bounds[at + 1])));
    const bytes = onOneLine(answer.subarray(opening, closing))
      ? new RowBytes(answer, bounds, oddPlaces(answer))
      : undefined;
    return { body: Object.assign(body, { results: rows }), bytes };
  } catch {
    return undefined; // broken JSON: the caller parses it whole and says so
  }
}

/** Where the list of `results` opens, if it stands in the outermost object and before any other object. */
function openingOfResults(answer: Buffer): number | undefined {
  const key = answer.indexOf(RESULTS);
  const brace = answer.indexOf(OPEN_BRACE);
  if (brace < 0 || key < brace) return undefined;
  const nested = answer.indexOf(OPEN_BRACE, brace + 1);
  if (nested >= 0 && nested < key) return undefined;
  const colon = skipSpace(answer, key + RESULTS.length);
  const opening = skipSpace(answer, colon + 1);
  return answer[colon] === COLON && answer[opening] === OPEN_BRACKET ? opening : undefined;
}

/** Beginning and end of each object of a list of objects, up to its closing bracket. */
function boundsOfRows(answer: Buffer, start: number): number[] | undefined {
  const bounds: number[] = [];
  let at = skipSpace(answer, start);
  if (answer[at] === CLOSE_BRACKET) return bounds;
  for (;;) {
    if (answer[at] !== OPEN_BRACE) return undefined;
    const end = endOfObject(answer, at);
    bounds.push(at, end);
    at = skipSpace(answer, end);
    if (answer[at] === CLOSE_BRACKET) return bounds;
    if (answer[at] !== COMMA) return undefined;
    at = skipSpace(answer, at + 1);
  }
}

/** Behind the brace that closes the object which opens at `start`, or the end of the answer. Every byte is looked at here. */
function endOfObject(answer: Buffer, start: number): number {
  const { length } = answer;
  let depth = 0;
  for (let at = start; at < length; at += 1) {
    const byte = answer[at];
    if (byte === QUOTE) {
      at += 1;
      for (; at < length; at += 1) {
        const inside = answer[at];
        if (inside === QUOTE) break;
        if (inside === BACKSLASH) at += 1;
      }
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return length;
}

function skipSpace(answer: Buffer, start: number): number {
  let at = start;
  for (let byte = answer[at]; byte === 0x20 || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === 0x09;) {
    at += 1;
    byte = answer[at];
  }
  return at;
}

function onOneLine(rows: Buffer): boolean {
  return !rows.includes(LINE_FEED) && !rows.includes(CARRIAGE_RETURN) && isUtf8(rows);
}

function oddPlaces(answer: Buffer): number[] {
  const places: number[] = [];
  for (const text of ODD) {
    for (let at = answer.indexOf(text); at >= 0; at = answer.indexOf(text, at + text.length)) places.push(at);
  }
  return places;
}
