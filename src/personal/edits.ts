import { endOfContainer, endOfValue, skipSpace, type JsonSpan } from '../ashby/rows/json-scan.ts';
import type { HashText } from './hash.ts';
import type { Rule } from './rules.ts';

/** Bytes that are replaced by a text. */
export interface Edit {
  at: number;
  to: number;
  by: string;
}

/** One member of the outermost object: where it stands, and which of the edits lie in its value. */
export interface Member {
  name: string;
  kept: boolean;
  from: number;
  to: number;
  firstEdit: number;
  lastEdit: number;
}

export interface EditTools {
  hash: HashText;
  /** Told the path of whatever holds something that no schema declares, and its name in there, where it has one. */
  unknown(holder: string, name: string | undefined): void;
}

const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const LETTER_N = 0x6e; // of null

/**
 * Walks over the JSON of an object once and finds what has to be cut out of it or replaced in it, at any depth. It must
 * be text that JSON.parse takes. Names are compared as JSON.parse reads them, and every one counts where a name comes
 * twice.
 */
export function editsOf({ bytes, from }: JsonSpan, rule: Rule, tools: EditTools): { edits: Edit[]; members: Member[] } {
  const walk = new Walk(bytes, from, tools);
  walk.value(from, rule);
  return { edits: walk.edits, members: walk.members };
}

class Walk {
  readonly edits: Edit[] = [];
  readonly members: Member[] = [];
  readonly #bytes: Buffer;
  readonly #outermost: number;
  readonly #tools: EditTools;
  /** Whether the value that was walked over last stays. */
  #kept = true;

  constructor(bytes: Buffer, from: number, tools: EditTools) {
    this.#bytes = bytes;
    this.#outermost = from;
    this.#tools = tools;
  }

  /** Walks over the value at `at`, and returns where it ends. */
  value(at: number, rule: Rule): number {
    const byte = this.#bytes[at];
    this.#kept = true;
    if (byte === OPEN_BRACE && rule.fields) return this.#object(at, rule, rule.fields);
    if (byte === OPEN_BRACKET && rule.items) return this.#list(at, rule.items);
    const isContainer = byte === OPEN_BRACE || byte === OPEN_BRACKET;
    const end = isContainer ? endOfContainer(this.#bytes, at).end : endOfValue(this.#bytes, at);
    if (byte === LETTER_N) return end;
    const deed = isContainer ? rule.open : rule.scalar;
    if (deed === undefined) {
      this.#tools.unknown(rule.path, undefined);
      this.#kept = false;
    } else if (deed === 'hash') this.#hashAll(at, end, rule.phone);
    return end;
  }

  #object(start: number, rule: Rule, fields: ReadonlyMap<string, Rule>): number {
    const bytes = this.#bytes;
    const cuts = new Cuts(this.edits, start + 1);
    let at = skipSpace(bytes, start + 1);
    while (bytes[at] === QUOTE) {
      const nameEnd = endOfValue(bytes, at);
      const name = this.#name(at, nameEnd);
      const valueFrom = skipSpace(bytes, skipSpace(bytes, nameEnd) + 1);
      const part = fields.get(name) ?? rule.others;
      cuts.begin(at);
      const firstEdit = this.edits.length;
      const end = part && !part.cut ? this.value(valueFrom, part) : endOfValue(bytes, valueFrom);
      const kept = part !== undefined && !part.cut && this.#kept;
      if (!part) this.#tools.unknown(rule.path, name);
      if (kept) cuts.keep(end);
      else cuts.cut(end);
      if (start === this.#outermost)
        this.members.push({ name, kept, from: valueFrom, to: end, firstEdit, lastEdit: this.edits.length });
      at = skipSpace(bytes, end);
      if (bytes[at] !== COMMA) break;
      at = skipSpace(bytes, at + 1);
    }
    cuts.end();
    this.#kept = true;
    return at + 1;
  }

  #list(start: number, rule: Rule): number {
    const bytes = this.#bytes;
    const cuts = new Cuts(this.edits, start + 1);
    let at = skipSpace(bytes, start + 1);
    while (at < bytes.length && bytes[at] !== CLOSE_BRACKET) {
      cuts.begin(at);
      const end = this.value(at, rule);
      if (this.#kept) cuts.keep(end);
      else cuts.cut(end);
      at = skipSpace(bytes, end);
      if (bytes[at] !== COMMA) break;
      at = skipSpace(bytes, at + 1);
    }
    cuts.end();
    this.#kept = true;
    return at + 1;
  }

  /** Every text, number and boolean in there, however deep: names of fields and null stay. */
  #hashAll(from: number, to: number, phone: boolean): void {
    const bytes = this.#bytes;
    for (let at = from; at < to;) {
      const byte = bytes[at];
      if (isBetween(byte)) {
        at += 1;
        continue;
      }
      const end = endOfValue(bytes, at);
      const isName = byte === QUOTE && end < to && bytes[skipSpace(bytes, end)] === COLON;
      if (!isName && byte !== LETTER_N) {
        const token = bytes.toString('utf8', at, end);
        const text = byte === QUOTE ? String(JSON.parse(token)) : token;
        this.edits.push({ at, to: end, by: `"${this.#tools.hash(text, phone)}"` });
      }
      at = end;
    }
  }

  #name(from: number, to: number): string {
    const text = this.#bytes.toString('latin1', from + 1, to - 1); // declared names are ASCII
    return text.includes('\\') ? String(JSON.parse(this.#bytes.toString('utf8', from, to))) : text;
  }
}

/** Cuts parts out of an object or a list, with the commas that stand between what is kept. */
class Cuts {
  readonly #edits: Edit[];
  /** Behind the last part that was kept, or behind the opening bracket. */
  #keptTo: number;
  /** Behind the last part that was cut, if none was kept since. */
  #cutTo: number | undefined;
  #hasKept = false;
  /** How many edits there were before the part at hand. */
  #before = 0;

  constructor(edits: Edit[], from: number) {
    this.#edits = edits;
    this.#keptTo = from;
  }

  /** A part begins. What was cut before it is written down before what is done in it. */
  begin(at: number): void {
    this.#before = this.#edits.length;
    if (this.#cutTo !== undefined) this.#edits.push({ at: this.#keptTo, to: at, by: this.#hasKept ? ',' : '' });
  }

  keep(end: number): void {
    this.#hasKept = true;
    this.#keptTo = end;
    this.#cutTo = undefined;
  }

  /** The part that ends here goes, with whatever was done in it. */
  cut(end: number): void {
    this.#edits.length = this.#before;
    this.#cutTo = end;
  }

  end(): void {
    if (this.#cutTo !== undefined) this.#edits.push({ at: this.#keptTo, to: this.#cutTo, by: '' });
  }
}

function isBetween(byte: number | undefined): boolean {
  return (
    byte === COMMA ||
    byte === COLON ||
    byte === OPEN_BRACE ||
    byte === CLOSE_BRACE ||
    byte === OPEN_BRACKET ||
    byte === CLOSE_BRACKET ||
    byte === undefined ||
    byte <= 0x20
  );
}
