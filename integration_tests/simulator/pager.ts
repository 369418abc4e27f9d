/** Cuts lists into pages, with cursors that expire and sync tokens that name a state of the world. */

import type { Children } from './children.ts';
import { find } from './find.ts';
import type { Data } from './data/index.ts';
import type { Endpoint } from './endpoints.ts';
import { hashText } from './ids.ts';
import type { Listing } from './listings.ts';
import { joinRows } from './scratch.ts';
import { seal, shapeOf, unseal } from './sealed.ts';
import { ApiError, type Body, type SimulatorOptions } from './types.ts';

/** One answer of a list, before it is written. `rows` is the inside of the JSON array. */
export interface Page {
  rows: Buffer;
  count: number;
  more: boolean;
  nextCursor?: string;
  syncToken?: string;
  /** The cursor that leads to this very page. */
  here?: string;
}

interface Slice {
  rows: Buffer;
  count: number;
  /** Position of the next visible row, or -1. */
  next: number;
}

/** A walk over one list: where it stands and what it started from. */
interface Pass {
  shape: number;
  position: number;
  startSeq: number;
  /** Only rows changed after this; -1 for a full pass. */
  since: number;
  page: number;
  tokenHash: number;
}

const PAGE_SIZE = 100;
/** Lists whose last page always carries a cursor; of the others some pages do. */
const CURSOR_TO_THE_END: ReadonlySet<string> = new Set(['application.list', 'user.list', 'candidateTag.list']);

/** Lists whose documentation names one code of its own for every cursor that does not do. */
const CURSOR_CODES: Readonly<Record<string, string>> = { 'auditLog.list': 'cursor_invalid' };

export class Pager {
  readonly #data: Data;
  readonly #options: SimulatorOptions;
  readonly #listings: ReadonlyMap<string, Listing>;
  readonly #children: ReadonlyMap<string, Children>;
  readonly #cache = new Map<string, Slice>();
  #cursorEpoch = 0;
  #tokenEpoch = 0;
  #issued = 0;

  constructor(o: {
    data: Data;
    options: SimulatorOptions;
    listings: ReadonlyMap<string, Listing>;
    children: ReadonlyMap<string, Children>;
  }) {
    this.#data = o.data;
    this.#options = o.options;
    this.#listings = o.listings;
    this.#children = o.children;
  }

  expireCursors(): void {
    this.#cursorEpoch++;
  }

  expireTokens(): void {
    this.#tokenEpoch++;
  }

  /** Answers a validated body; throws ApiError for bad cursors and tokens. */
  page(endpoint: Endpoint, given: Body): Page {
    const pass = this.#pass(endpoint, given);
    const body = this.#listings.get(endpoint.name)?.spelledOut?.(given, this.#options.now()) ?? given;
    const paged = endpoint.paged || (endpoint.name === 'jobPosting.list' && this.#options.pagedJobPostings);
    const limit = paged ? Number(body['limit'] ?? PAGE_SIZE) : Number.MAX_SAFE_INTEGER;
    const slice = this.#slice(endpoint, body, pass, limit);
    const page: Page = {
      rows: slice.rows,
      count: slice.count,
      more: slice.next >= 0,
      here: this.#cursor(pass, pass.position, pass.page),
    };
    if (page.more) page.nextCursor = this.#cursor(pass, slice.next, pass.page + 1);
    else {
      if (endpoint.givesToken) page.syncToken = this.#token(pass);
      const tells =
        CURSOR_TO_THE_END.has(endpoint.name) || (endpoint.saysMore && hashText(endpoint.name + slice.count) % 3 === 0);
      if (paged && endpoint.saysMore && tells) page.nextCursor = this.#cursor(pass, 0xffffffff, pass.page + 1);
    }
    return page;
  }

  #pass(endpoint: Endpoint, body: Body): Pass {
    const shape = shapeOf(endpoint.name, body);
    const token = typeof body['syncToken'] === 'string' ? body['syncToken'] : undefined;
    const tokenHash = token === undefined ? 0 : hashText(token);
    if (typeof body['cursor'] === 'string') {
      const pass = this.#readCursor(body['cursor'], shape, CURSOR_CODES[endpoint.name]);
      if (token !== undefined && pass.tokenHash !== tokenHash) {
        throw new ApiError('invalid_input', 'cursor and syncToken do not belong to the same pass');
      }
      if (pass.since >= 0 && pass.page >= this.#options.maxIncrementalPages) {
        throw new ApiError(
          'incremental_sync_too_large',
          'Too much has changed since this sync token; discard it and do a full sync',
        );
      }
      return pass;
    }
    const since = token === undefined ? -1 : this.#readToken(token, shape);
    return { shape, position: -1, startSeq: this.#data.world.clock.seq, since, page: 0, tokenHash };
  }

  #cursor(pass: Pass, position: number, page: number): string {
    const values = [
      pass.shape,
      position,
      pass.startSeq,
      pass.since,
      page,
      pass.tokenHash,
      this.#options.now(),
      this.#cursorEpoch,
      ++this.#issued,
    ];
    return seal('c', this.#options.seed, values);
  }

  #readCursor(cursor: string, shape: number, code?: string): Pass {
    const values = unseal('c', this.#options.seed, cursor);
    if (!values || values[0] !== shape)
      throw new ApiError(code ?? 'invalid_next_cursor', 'The cursor is not valid for this request');
    const [, position = 0, startSeq = 0, since = -1, page = 0, tokenHash = 0, issuedAt = 0, epoch = 0] = values;
    if (epoch !== this.#cursorEpoch || this.#options.now() - issuedAt > this.#options.cursorLifetimeMs) {
      throw new ApiError(code ?? 'next_cursor_expired', 'The cursor has expired; start again without it');
    }
    return { shape, position, startSeq, since, page, tokenHash };
  }

  #token(pass: Pass): string {
    return seal('t', this.#options.seed, [
      pass.shape,
      pass.startSeq,
      this.#options.now(),
      this.#tokenEpoch,
      ++this.#issued,
    ]);
  }

  #readToken(token: string, shape: number): number {
    const values = unseal('t', this.#options.seed, token);
    if (!values || values[0] !== shape)
      throw new ApiError('sync_token_invalid', 'The sync token is not valid for this request');
    const [, seq = 0, issuedAt = 0, epoch = 0] = values;
    if (epoch !== this.#tokenEpoch || this.#options.now() - issuedAt > this.#options.syncTokenLifetimeMs) {
      throw new ApiError('sync_token_expired', 'The sync token has expired; do a full sync');
    }
    return seq;
  }

  #slice(endpoint: Endpoint, body: Body, pass: Pass, limit: number): Slice {
    const children = this.#children.get(endpoint.name);
    if (children) return this.#childSlice(children, body, pass, limit);
    const listing = this.#listings.get(endpoint.name);
    if (!listing) throw new Error(`${endpoint.name} is not a list`);
    if (this.#options.pageCache <= 0 || listing.spelledOut) return sliceOf(this.#data, listing, body, pass, limit);
    const { generation } = this.#data.world.state(listing.table);
    const key = `${endpoint.name} ${pass.shape} ${pass.position} ${pass.since} ${limit} ${generation}`;
    let slice = this.#cache.get(key);
    if (!slice) {
      slice = sliceOf(this.#data, listing, body, pass, limit);
      this.#cache.set(key, slice);
      const oldest = this.#cache.keys().next().value;
      if (this.#cache.size > this.#options.pageCache && oldest !== undefined) this.#cache.delete(oldest);
    }
    return slice;
  }

  #childSlice(children: Children, body: Body, pass: Pass, limit: number): Slice {
    const parent = find(this.#data, children.parent, body[children.param]);
    const state = this.#data.world.state(children.parent);
    const unchanged = pass.since >= 0 && state.changedAt(parent) <= pass.since;
    const rows = unchanged ? [] : children.rows(parent, state.version(parent), body);
    const from = Math.max(0, pass.position);
    const taken = rows.slice(from, from + limit);
    return {
      rows: joinRows(taken.map((row) => JSON.stringify(row))),
      count: taken.length,
      next: from + limit < rows.length ? from + limit : -1,
    };
  }
}

/** Indexes of the rows that a body asks for, from the first one on. */
export function* indexesOf(data: Data, listing: Listing, body: Body): Generator<number> {
  const state = data.world.state(listing.table);
  const next = listing.walk ? listing.walk(body, -1) : inOrder(state.size, -1);
  for (let index = next(); index >= 0; index = next()) {
    if (state.has(index) && shows(listing, index, body)) yield index;
  }
}

/** Whether a body shows a row at all. */
function shows(listing: Listing, index: number, body: Body): boolean {
  if (listing.visible && !listing.visible(index, body)) return false;
  if (body['createdAfter'] === undefined && body['createdBefore'] === undefined) return true;
  const at = listing.createdMs?.(index) ?? 0;
  return !(Number(body['createdAfter']) >= at) && !(Number(body['createdBefore']) <= at);
}

function sliceOf(
  data: Data,
  listing: Listing,
  body: Body,
  pass: Pick<Pass, 'position' | 'since'>,
  limit: number,
): Slice {
  const state = data.world.state(listing.table);
  const next = listing.walk ? listing.walk(body, pass.position) : inOrder(state.size, pass.position);
  const rows: string[] = [];
  for (let index = next(); index >= 0; index = next()) {
    if (!state.has(index) || (pass.since >= 0 && state.changedAt(index) <= pass.since) || !shows(listing, index, body))
      continue;
    if (rows.length === limit) return { rows: joinRows(rows), count: limit, next: index };
    rows.push(listing.json(index, state.version(index), body));
  }
  return { rows: joinRows(rows), count: rows.length, next: -1 };
}

/** The order of every list without one of its own. */
function inOrder(size: number, position: number): () => number {
  let index = position < 0 ? 0 : position;
  return () => (index < size ? index++ : -1);
}
