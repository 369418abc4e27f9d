/**
 * A small strict Ashby over HTTP, scripted by a test: it answers as the documentation says, refuses what is not
 * documented, and lets the test put something else in place of any answer. It keeps every request.
 *
 * Cursors and tokens say all that they stand for, so that a state of an earlier process can be given back to it.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';

export type Row = Record<string, unknown>;
/** A row, or its text where the text matters. */
export type Given = Row | string;

/** One request, and what it is about. */
export interface Call {
  endpoint: string;
  body: Row;
  /** 0 for the first page of a list. */
  page: number;
  /** Whether no page comes after this one. */
  last: boolean;
  /** The parent that is asked about. */
  parent: string | undefined;
  /** Counts the requests to this endpoint, from 1. */
  nth: number;
}

/** An answer before it is written down: the envelope's fields and, for lists, the texts of the rows. */
export interface Draft {
  fields: Row;
  rows: string[];
  /** Whether `results` is the first row alone. */
  single?: boolean;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}
/** What goes over the wire; a function does with the connection what it likes. */
export type Wire = Reply | ((response: ServerResponse) => void);

export interface Fault {
  endpoint: string;
  /** Which calls it is about; all of the endpoint's, if absent. */
  when?(call: Call): boolean;
  /** How many of those calls; all of them if absent. */
  times?: number;
  /** How many it has met. */
  struck?: number;
  answer(usual: Draft, call: Call): Wire;
}

interface Entry {
  id: unknown;
  text: string;
  version: number;
}
interface Walk {
  endpoint: string;
  shape: string;
  /** Rows newer than this version; -1 for all. */
  from: number;
  /** The version when the walk began: what its token will stand for. */
  asOf: number;
  /** Where in the list the next page begins. */
  at: number;
  page: number;
  life: number;
}

/** The texts of an answer. */
export function write({ fields, rows, single }: Draft): string {
  const named = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`,${JSON.stringify(name)}:${JSON.stringify(value)}`],
  );
  return `{"results":${single ? (rows[0] ?? '{}') : `[${rows.join(',')}]`}${named.join('')}}`;
}

export const refusal = (code: string, message = code): Reply => ({
  body: JSON.stringify({ success: false, errors: [message], errorInfo: { code, message, requestId: 'stand-in' } }),
});

/** A refusal that the stand-in's own rules make. */
class Refused extends Error {
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

const DAY_MS = 86_400_000;

export class StandIn {
  /** Rows a page, at most; `limit` may ask for fewer. */
  pageSize = 100;
  /** The stand-in's own clock, which the windows of the audit log are counted from. */
  now = (): number => Date.now();
  readonly calls: Call[] = [];
  readonly faults: Fault[] = [];
  readonly #server: Server;
  readonly #lists = new Map<string, Entry[]>();
  readonly #children = new Map<string, (parent: string) => readonly Given[] | Given | undefined>();
  #version = 0;
  #life = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(pageSize = 100): Promise<StandIn> {
    const ashby = new StandIn();
    ashby.pageSize = pageSize;
    await new Promise<void>((resolve) => ashby.#server.listen(0, '127.0.0.1', resolve));
    return ashby;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds rows to a list, or puts them in the place of those with the same id: both count as changes. */
  put(endpoint: string, rows: readonly Given[]): void {
    const list = this.#lists.get(endpoint) ?? [];
    const places = new Map(list.map(({ id }, place) => [id, place]));
    this.#lists.set(endpoint, list);
    this.#version += 1;
    for (const row of rows) {
      const text = textOf(row);
      const { id } = parse(text);
      const entry = { id, text, version: this.#version };
      const place = id === undefined ? undefined : places.get(id);
      if (place === undefined) list.push(entry);
      else list[place] = entry;
    }
  }

  /** Says what a call about a parent answers; undefined means that Ashby does not know it. */
  about(endpoint: string, children: (parent: string) => readonly Given[] | Given | undefined): void {
    this.#children.set(endpoint, children);
  }

  /** The rows of a list, as texts. */
  rows(endpoint: string): string[] {
    return (this.#lists.get(endpoint) ?? []).map(({ text }) => text);
  }

  /** What a call about a parent answers, as texts. */
  childRows(endpoint: string, parent: string): string[] | undefined {
    const known = this.#children.get(endpoint)?.(parent);
    const given = known ?? (this.#children.has(endpoint) ? undefined : this.#usualChild(endpoint, parent));
    if (given === undefined) return undefined;
    return (Array.isArray(given) ? (given as readonly Given[]) : [given as Given]).map(textOf);
  }

  /** Cursors given out until now are refused from now on. */
  expireCursors(): void {
    this.#life += 1;
  }

  fault(fault: Fault): void {
    this.faults.push(fault);
  }

  /** Forgets faults and requests, and closes what connections earlier reads have left. */
  heal(): void {
    this.#server.closeIdleConnections();
    this.faults.length = 0;
    this.calls.length = 0;
  }

  /** Requests to an endpoint, in their order. */
  asked(endpoint: string): Call[] {
    return this.calls.filter((call) => call.endpoint === endpoint);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const endpoint = (request.url ?? '').slice(1);
    const wire = this.#answer(endpoint, request, Buffer.concat(pieces).toString('utf8'));
    if (typeof wire === 'function') return wire(response);
    const { status = 200, headers = {}, body } = wire;
    const date = new Date(this.now()).toUTCString();
    response.writeHead(status, { 'content-type': 'application/json', date, ...headers }).end(body);
  }

  #answer(name: string, request: IncomingMessage, text: string): Wire {
    const endpoint = ENDPOINTS[name];
    if (name === 'apiKey.info') return { body: '{"success":true,"results":{"title":"all","createdAt":"2026-01-01"}}' };
    if (!endpoint || request.method !== 'POST') return { status: 404, body: '' };
    if (request.headers.authorization !== `Basic ${Buffer.from('key:').toString('base64')}`)
      return { status: 403, body: '' };
    const call: Call = { endpoint: name, body: {}, page: 0, last: true, parent: undefined, nth: 0 };
    let draft: Draft = { fields: { success: true }, rows: [] };
    let refused: Reply | undefined;
    try {
      call.body = parse(text);
      draft = this.#usual(endpoint, call);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      refused = refusal(failure.code, failure.message);
    }
    call.nth = this.asked(name).length + 1;
    this.calls.push(call);
    const fault = this.faults.find(
      (one) => one.endpoint === name && (one.struck ?? 0) < (one.times ?? Infinity) && (one.when?.(call) ?? true),
    );
    if (!fault) return refused ?? { body: write(draft) };
    fault.struck = (fault.struck ?? 0) + 1;
    return fault.answer(draft, call);
  }

  #usual(endpoint: Endpoint, call: Call): Draft {
    this.#checkParameters(endpoint, call.body);
    if (endpoint.parent) {
      const parent = call.body[endpoint.parent.parameter];
      if (typeof parent !== 'string') throw new Refused('invalid_input', `${endpoint.parent.parameter} is required`);
      call.parent = parent;
      const rows = this.childRows(call.endpoint, parent);
      if (!rows) throw new Refused(`${endpoint.parent.of.replace('.list', '').toLowerCase()}_not_found`);
      if (endpoint.answers === 'object') return { fields: { success: true }, rows, single: true };
      return this.#page(
        endpoint,
        call,
        rows.map((text) => ({ id: undefined, text, version: 0 })),
      );
    }
    const list = this.#lists.get(call.endpoint) ?? [];
    return endpoint.answers === 'journal' ? this.#window(endpoint, call, list) : this.#page(endpoint, call, list);
  }

  #checkParameters(endpoint: Endpoint, body: Row): void {
    const paging = endpoint.answers === 'pages' || endpoint.answers === 'journal' ? ['limit', 'cursor'] : [];
    const known = [...endpoint.takes, ...paging, ...(endpoint.token ? ['syncToken'] : [])];
    const strange = Object.keys(body).find((name) => !known.includes(name) && name !== endpoint.parent?.parameter);
    if (strange !== undefined) throw new Refused('invalid_input', `${strange} is not a parameter`);
    const { limit } = body;
    if (limit !== undefined && !(Number.isInteger(limit) && Number(limit) >= 1 && Number(limit) <= 100))
      throw new Refused('invalid_input', 'limit must be 1 to 100');
    if (endpoint.takes.includes('surveyType') && typeof body['surveyType'] !== 'string')
      throw new Refused('invalid_input', 'surveyType is required');
  }

  /** A page of a list. `list` holds all its rows in a lasting order. */
  #page(endpoint: Endpoint, call: Call, list: readonly Entry[]): Draft {
    const walk = this.#walkOf(call, this.#version);
    call.page = walk.page;
    const size = endpoint.answers === 'list' ? Infinity : Math.min(Number(call.body['limit'] ?? 100), this.pageSize);
    const taken: string[] = [];
    let at = walk.at;
    for (; at < list.length && taken.length < size; at += 1) {
      const entry = list[at];
      if (entry && entry.version > walk.from && this.#isAsked(call, entry)) taken.push(entry.text);
    }
    const rest = list.slice(at).some((entry) => entry.version > walk.from && this.#isAsked(call, entry));
    call.last = !rest;
    const cursor = rest ? seal({ ...walk, at, page: walk.page + 1 }) : undefined;
    const syncToken = !rest && endpoint.token ? tokenOf(call, walk.asOf) : undefined;
    const more = endpoint.paging === 'whole' ? { moreDataAvailable: rest } : {};
    return { fields: { success: true, ...more, nextCursor: cursor, syncToken }, rows: taken };
  }

  /** A survey has a type; everything else is in its list without condition. */
  #isAsked(call: Call, entry: Entry): boolean {
    const { surveyType } = call.body;
    return surveyType === undefined || parse(entry.text)['surveyType'] === surveyType;
  }

  #walkOf(call: Call, asOf: number): Walk {
    const { cursor, syncToken } = call.body;
    const shape = shapeOf(call.body);
    if (cursor !== undefined) {
      const walk = unseal(cursor);
      if (walk?.endpoint !== call.endpoint) throw new Refused('invalid_next_cursor');
      if (walk.life !== this.#life) throw new Refused('next_cursor_expired');
      if (walk.shape !== shape) throw new Refused('invalid_next_cursor', 'the cursor belongs to other parameters');
      return walk;
    }
    let from = -1;
    if (syncToken !== undefined) {
      const [word, endpoint, version, tokenShape] = String(syncToken).split('|');
      if (word !== 'token' || endpoint !== call.endpoint || tokenShape !== shape)
        throw new Refused('sync_token_invalid');
      from = Number(version);
    }
    return { endpoint: call.endpoint, shape, from, asOf, at: 0, page: 0, life: this.#life };
  }

  /**
   * auditLog.list, newest first: `{}` is the last 24 hours, `startDate` alone the 24 hours from it, both a span of 18
   * months at most. Neither end belongs to the span, which is the harshest reading of the documentation.
   */
  #window(endpoint: Endpoint, call: Call, list: readonly Entry[]): Draft {
    const { startDate, endDate } = call.body;
    const from = startDate === undefined ? this.now() - DAY_MS : instant(startDate);
    const to = endDate === undefined ? (startDate === undefined ? this.now() : from + DAY_MS) : instant(endDate);
    if (endDate !== undefined && startDate === undefined) throw new Refused('invalid_input', 'startDate is required');
    const latest = new Date(from);
    latest.setUTCMonth(latest.getUTCMonth() + 18);
    if (to > latest.getTime() || to < from) throw new Refused('invalid_input', 'endDate: a span of 18 months at most');
    const within = list
      .map((entry) => ({ ...entry, version: 1, at: this.#momentOf(entry) }))
      .filter(({ at }) => at > from && at < to)
      .sort((one, other) => other.at - one.at);
    try {
      return this.#page(endpoint, call, within);
    } catch (failure) {
      throw failure instanceof Refused && call.body['cursor'] !== undefined ? new Refused('cursor_invalid') : failure;
    }
  }

  /** When an entry of the journal happened: `timestamp`, or `at` where a test damages the former. */
  #momentOf(entry: Entry): number {
    const { timestamp, at } = parse(entry.text);
    return Date.parse(String(at ?? timestamp));
  }

  #usualChild(endpoint: string, parent: string): readonly Given[] | Given {
    return ENDPOINTS[endpoint]?.answers === 'object' ? { id: parent } : [];
  }
}

function textOf(row: Given): string {
  return typeof row === 'string' ? row : JSON.stringify(row);
}

function parse(text: string): Row {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  } catch {
    // said below
  }
  throw new Refused('invalid_input', 'a JSON object is wanted');
}

function shapeOf(body: Row): string {
  const { limit: _limit, cursor: _cursor, syncToken: _token, ...rest } = body;
  const sorted = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(sorted)).toString('base64url');
}

const tokenOf = (call: Call, version: number): string => `token|${call.endpoint}|${version}|${shapeOf(call.body)}`;
const seal = (walk: Walk): string => Buffer.from(JSON.stringify(walk)).toString('base64url');

function unseal(cursor: unknown): Walk | undefined {
  try {
    return JSON.parse(Buffer.from(String(cursor), 'base64url').toString('utf8')) as Walk;
  } catch {
    return undefined;
  }
}

function instant(date: unknown): number {
  const at = typeof date === 'string' && /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(date) ? Date.parse(date) : NaN;
  if (Number.isNaN(at)) throw new Refused('invalid_input', 'a date in ISO 8601 is wanted');
  return at;
}
