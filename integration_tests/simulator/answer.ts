/** What one request is answered, as status, headers and text; the HTTP server only sends it. */

import type { IncomingHttpHeaders } from 'node:http';
import { Access, scopeOf } from './access.ts';
import { makeChildren, makeSingles, OFF_CODES, UNKNOWN_WHEN_OFF } from './children.ts';
import type { Data } from './data/index.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { envelope } from './envelope.ts';
import { draft } from './faults/draft.ts';
import type { ErrorShape, FaultEffect } from './faults/effects.ts';
import { errorBody } from './faults/errors.ts';
import { spoil } from './faults/pages.ts';
import { Faults } from './faults/plan.ts';
import { SILENT } from './faults/wire.ts';
import { makeListings } from './listings.ts';
import { Pager } from './pager.ts';
import { Reports } from './reports.ts';
import { ApiError, type Body, type SimulatorOptions } from './types.ts';
import { validate } from './validate.ts';

export const API_VERSION = '2026-01-01';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** The whole body, or its beginning when `page` follows. */
  text: string;
  /** Rows already encoded, and what comes after them. */
  page?: { rows: Buffer; end: string };
  code?: string;
  rows: number;
  key: string | null;
  body: unknown;
  effect?: FaultEffect;
}

export interface Question {
  endpoint: string;
  method: string;
  headers: IncomingHttpHeaders;
  text: string;
  requestId: string;
}

/** The API without its transport. */
export class Api {
  readonly access: Access;
  readonly faults = new Faults();
  readonly pager: Pager;
  readonly listings: ReturnType<typeof makeListings>;
  readonly children: ReturnType<typeof makeChildren>;
  readonly singles: ReturnType<typeof makeSingles>;
  readonly reports: Reports;
  readonly #options: SimulatorOptions;

  constructor(data: Data, options: SimulatorOptions) {
    this.#options = options;
    this.access = new Access(options);
    this.listings = makeListings(data);
    this.children = makeChildren(data);
    this.singles = makeSingles(data, options);
    this.reports = new Reports(options);
    this.pager = new Pager({ data, options, listings: this.listings, children: this.children });
  }

  answer(question: Question): Answer {
    const answer: Answer = {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      text: '',
      rows: 0,
      key: null,
      body: undefined,
    };
    try {
      this.#fill(answer, question);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refuse(answer, { code: error.code, message: error.message, status: error.status, requestId: question.requestId });
    }
    return answer;
  }

  #fill(answer: Answer, question: Question): void {
    answer.body = parse(question.text);
    answer.key = keyOf(question.headers.authorization);
    const effect = this.faults.next(question.endpoint, answer.body);
    if (effect) answer.effect = effect;
    if (effect && this.#struck(answer, effect, question)) return;
    const endpoint = ENDPOINTS.get(question.endpoint);
    const off = endpoint?.feature !== undefined && !this.#options.features[endpoint.feature];
    if (!endpoint || (off && UNKNOWN_WHEN_OFF.has(endpoint.feature as never))) return plain(answer, 404, 'Not Found');
    if (question.method !== 'POST') return plain(answer, 405, 'Method Not Allowed');
    if (!this.#authenticated(answer, question)) return;
    if (!this.#withinLimit(answer, question)) return;
    this.#checkHeaders(question.headers);
    if (!(endpoint.name === 'apiKey.info' && this.#options.apiKeyInfoOpen))
      this.access.demand(answer.key as string, endpoint.permission);
    if (off)
      throw new ApiError(
        OFF_CODES[endpoint.feature as 'auditLogs'] ?? 'feature_not_enabled',
        'This feature is not enabled for your organization',
      );
    validate(endpoint, answer.body, this.#options.refuseParameters);
    this.#results(answer, endpoint, answer.body);
  }

  #results(answer: Answer, endpoint: Endpoint, body: Body): void {
    const { effect } = answer;
    if (this.singles.has(endpoint.name) || endpoint.name === 'apiKey.info' || endpoint.name === 'report.generate') {
      const row = this.#row(endpoint, answer, body);
      answer.text = effect
        ? draft({ rows: Buffer.from(row), single: true, after: '', effect })
        : `{"success":true,"results":${row}}`;
      answer.rows = 1;
      return;
    }
    const { detours } = this.faults;
    let page = detours.arrive(this.pager.page(endpoint, body), body['cursor']);
    if (effect) page = spoil(page, { effect, endpoint: endpoint.name, body, detours });
    answer.rows = page.count;
    const after = envelope(endpoint, page, this.#options);
    if (effect) answer.text = draft({ rows: page.rows, single: false, after, effect });
    else {
      answer.text = '{"success":true,"results":[';
      answer.page = { rows: page.rows, end: `]${after}}` };
    }
  }

  /** The JSON of an answer that is one object. */
  #row({ name }: Endpoint, { key }: Answer, body: Body): string {
    if (name === 'report.generate') return this.reports.generate(body);
    const single = this.singles.get(name);
    return JSON.stringify(single ? single(body) : this.#keyInfo(key as string));
  }

  #keyInfo(key: string): object {
    return {
      title: 'Simulator key',
      createdAt: '2026-01-15T09:30:00.000Z',
      scopes: this.access.permissions(key).map(scopeOf),
    };
  }

  /** Faults that need no data. True when the answer is complete. */
  #struck(answer: Answer, effect: FaultEffect, question: Question): boolean {
    if (SILENT.has(effect.kind)) return true;
    if (effect.kind === 'html') {
      plain(answer, 200, '<!doctype html><html><body><h1>Sign in</h1></body></html>');
      answer.headers['content-type'] = 'text/html; charset=utf-8';
      return true;
    }
    if (effect.kind === 'status') {
      plain(answer, effect.status, effect.body ?? '');
      for (const [name, value] of Object.entries(effect.headers ?? {})) answer.headers[name.toLowerCase()] = value;
      if (effect.retryAfter) answer.headers['retry-after'] = retryAfter(effect.retryAfter, this.#options.now());
      return true;
    }
    if (effect.kind !== 'error') return false;
    refuse(answer, {
      code: effect.code,
      message: effect.message ?? `Simulated error ${effect.code}`,
      status: effect.status ?? 200,
      requestId: question.requestId,
      ...(effect.shape ? { shape: effect.shape } : {}),
    });
    return true;
  }

  #authenticated(answer: Answer, question: Question): boolean {
    if (answer.key === null || answer.key === '') {
      plain(answer, 401, 'Unauthorized');
      return false;
    }
    if (this.access.knows(answer.key)) return true;
    if (this.#options.unknownKeyAnswer === 'text') plain(answer, 403, 'Forbidden');
    else
      refuse(answer, {
        code: 'invalid_api_key',
        message: 'The API key is unknown or disabled',
        status: 403,
        requestId: question.requestId,
      });
    return false;
  }

  #withinLimit(answer: Answer, question: Question): boolean {
    const rate = this.access.count(answer.key as string);
    if (!rate) return true;
    if (this.#options.rateLimitHeaders) {
      answer.headers['X-RateLimit-Limit'] = String(rate.limit);
      answer.headers['X-RateLimit-Remaining'] = String(rate.remaining);
      answer.headers['X-RateLimit-Reset'] = String(Math.ceil(rate.resetMs / 1000));
    }
    if (rate.retryAfterMs === 0) return true;
    if (this.#options.retryAfterHeader) answer.headers['Retry-After'] = String(Math.ceil(rate.retryAfterMs / 1000));
    refuse(answer, {
      code: 'rate_limit_exceeded',
      message: 'Too many requests',
      status: 429,
      requestId: question.requestId,
    });
    return false;
  }

  #checkHeaders(headers: IncomingHttpHeaders): void {
    if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
      throw new ApiError('invalid_input', 'Content-Type must be application/json', 400);
    }
    if (this.#options.requireAcceptVersion && !/application\/json\s*;\s*version=1\b/.test(headers.accept ?? '')) {
      throw new ApiError('not_acceptable', 'Accept must be application/json; version=1', 406);
    }
    const version = headers['ashby-version'];
    if (version !== undefined && version !== API_VERSION) {
      throw new ApiError('unsupported_api_version', `API version ${String(version)} does not exist`, 400);
    }
  }
}

function retryAfter(o: { seconds: number; as: 'seconds' | 'date' }, nowMs: number): string {
  return o.as === 'seconds' ? String(o.seconds) : new Date(nowMs + o.seconds * 1000).toUTCString();
}

function plain(answer: Answer, status: number, text: string): void {
  answer.status = status;
  answer.text = text;
  if (!/^\s*[{[]/.test(text)) answer.headers['content-type'] = 'text/plain; charset=utf-8';
}

function refuse(
  answer: Answer,
  o: { code: string; message: string; status: number; requestId: string; shape?: ErrorShape },
): void {
  answer.status = o.status;
  answer.code = o.code;
  answer.text = JSON.stringify(errorBody(o));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The user name of HTTP Basic; null without one, and for a key sent with a password. */
function keyOf(authorization: string | undefined): string | null {
  const match = /^Basic\s+(\S+)$/i.exec(authorization ?? '');
  if (!match) return null;
  const [user = '', ...password] = Buffer.from(match[1] as string, 'base64')
    .toString()
    .split(':');
  return password.length === 1 && password[0] === '' ? user : null;
}
