import { ConnectorError } from '../errors.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { isKnownCode, judge, unreadable, type ErrorKind, type Refusal, type Verdict } from './error-table.ts';
import { openAnswer, type Fields, type OpenedAnswer, type Row } from './rows/rows.ts';
import { isObject } from '../json-text.ts';

/** A successful answer of a list endpoint. Fields that did not come are undefined. */
export interface ListAnswer {
  rows: Row[];
  moreDataAvailable: boolean | undefined;
  nextCursor: string | undefined;
  syncToken: string | undefined;
}

/** Ashby refused, or its answer cannot be read, or did not come. */
export class AshbyError extends ConnectorError {
  readonly kind: ErrorKind;
  readonly retry: Verdict['retry'];
  readonly status: number | undefined;
  readonly code: string | undefined;
  /** What the server demanded with Retry-After; the client, which has a clock, fills it in. */
  retryAfterMs: number | undefined = undefined;
  /** What Ashby said in words, for matching parameter names; never shown, since it might quote what was sent. */
  readonly detail: string;

  constructor(
    verdict: Verdict,
    about: {
      endpoint: string;
      status?: number;
      code?: string | undefined;
      requestId?: string | undefined;
      detail?: string;
    },
  ) {
    const { endpoint, status, code, requestId } = about;
    super(verdict.message, {
      failureType: verdict.failureType,
      internalMessage: `endpoint=${endpoint} status=${status ?? 'none'} code=${code ?? 'none'} requestId=${plainId(requestId)}`,
    });
    this.name = 'AshbyError';
    this.kind = verdict.kind;
    this.retry = verdict.retry;
    this.status = status;
    this.code = code;
    this.detail = about.detail ?? '';
  }
}

/** A request id as it may stand in a log: a server could put anything there. */
function plainId(id: string | undefined): string {
  return id === undefined ? 'none' : /^[\w.:-]{1,100}$/.test(id) ? id : 'odd';
}

/** What an answer must say of itself, beside what every answer must. */
export interface AnswerContext extends Pick<Refusal, 'endpoint' | 'permission'> {
  /** How a list says that it goes on; see `More`. Defaults to `said-if-at-all`. */
  more?: More;
  /** Looks at a list answer that is sound so far; returns why it is damaged, if it is. */
  check?: ((answer: ListAnswer) => string | undefined) | undefined;
  /** The same for the answer of an info endpoint. */
  checkObject?: ((row: Row) => string | undefined) | undefined;
}

/**
 * Whether a list's answer must hold `moreDataAvailable`. Answers recorded in May 2026 hold it on every list but
 * jobPosting.list, so that one without it is damaged wherever Ashby's description names it.
 * `said` it must. `said-or-token` opening.list: its description lacks it, though the list is paged; an answer without
 * it must hold a cursor to go on with or the sync token that its last page ends with. `said-if-at-all` the
 * description has no paging.
 */
export type More = 'said' | 'said-or-token' | 'said-if-at-all';

/**
 * Opens the envelope that Ashby puts around everything: `{success, results, ...}` or `{success: false, errorInfo,
 * errors}`, the latter also with status 200 (developers.ashbyhq.com, "Responses"). Only status 200 with `success`
 * true and without errors is an answer. Throws AshbyError for refusals and for anything that is neither.
 */
function openEnvelope(answer: HttpAnswer, context: AnswerContext): OpenedAnswer {
  const opened = openAnswer(answer.body);
  const body = opened?.envelope;
  const success = body?.['success'];
  const complains =
    body !== undefined &&
    (saysSomething(body['errors']) || saysSomething(body['errorInfo']) || saysSomething(body['error']));
  if (opened && answer.status === 200 && success === true && !complains) return opened;
  const { code, detail } = reasonOf(body, answer);
  // What contradicts itself is damage that may pass, unless it names a reason that is known.
  const contradiction = answer.status === 200 && success !== false && !isKnownCode(code);
  const successful = answer.status > 200 && answer.status < 300;
  if (contradiction || successful)
    throw damaged(answer, context, body === undefined ? 'no JSON object' : 'no plain success');
  const requestId = answer.headers['x-ashby-request-id'];
  const verdict = judge({ ...context, status: answer.status, code });
  throw new AshbyError(verdict, { endpoint: context.endpoint, status: answer.status, code, requestId, detail });
}

/** Ashby's description wants `errors` and `errorInfo` in successful answers too; live ones lack them. */
function saysSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** The answer of a list endpoint. Throws AshbyError where it does not prove that it is one. */
export function readList(answer: HttpAnswer, context: AnswerContext): ListAnswer {
  const { envelope, results } = openEnvelope(answer, context);
  if (results.kind === 'damaged') throw damaged(answer, context, results.why);
  if (results.kind !== 'rows') throw damaged(answer, context, 'results is no list');
  const list: ListAnswer = {
    rows: results.rows,
    moreDataAvailable: optional('boolean', 'moreDataAvailable'),
    nextCursor: textOf('nextCursor'),
    syncToken: textOf('syncToken'),
  };
  const why = whyNotPaged(list, context.more ?? 'said-if-at-all') ?? context.check?.(list);
  if (why !== undefined) throw damaged(answer, context, why);
  return list;

  function optional(type: 'boolean', name: string): boolean | undefined {
    const value = envelope[name];
    if (value === undefined) return undefined;
    if (typeof value !== type) throw damaged(answer, context, `${name} is no ${type}`);
    return value as boolean; // its type was looked at in the line above
  }
  function textOf(name: string): string | undefined {
    const value = envelope[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw damaged(answer, context, `${name} is no text`);
    return value;
  }
}

function whyNotPaged(answer: ListAnswer, more: More): string | undefined {
  const { moreDataAvailable, nextCursor, syncToken } = answer;
  if (moreDataAvailable === true && nextCursor === undefined) return 'more rows, but no nextCursor';
  if (moreDataAvailable !== undefined || more === 'said-if-at-all') return undefined;
  if (more === 'said-or-token' && (nextCursor !== undefined || syncToken !== undefined)) return undefined;
  return 'no moreDataAvailable';
}

/** The answer of an info endpoint. Throws AshbyError where `results` is no single object. */
export function readObject(answer: HttpAnswer, context: AnswerContext): Row {
  const { results } = openEnvelope(answer, context);
  if (results.kind === 'damaged') throw damaged(answer, context, results.why);
  if (results.kind !== 'row') throw damaged(answer, context, 'results is no object');
  const why = context.checkObject?.(results.row);
  if (why !== undefined) throw damaged(answer, context, why);
  return results.row;
}

function damaged(answer: HttpAnswer, context: AnswerContext, why: string): AshbyError {
  const requestId = answer.headers['x-ashby-request-id'];
  return new AshbyError(unreadable(context.endpoint, why), {
    endpoint: context.endpoint,
    status: answer.status,
    requestId,
  });
}

/**
 * Code and words of a refusal. Errors come as `errorInfo.code`, or as `errors` holding strings, `{message,
 * parameter}` or `{code, message}` objects; `errorInfo` may be null. A code is one word; a sentence is no code.
 */
function reasonOf(body: Fields | undefined, answer: HttpAnswer): { code: string | undefined; detail: string } {
  if (body === undefined) {
    // Status 403 may come as plain text (developers.ashbyhq.com, "Authentication").
    return { code: /\bmissing_endpoint_permission\b/.exec(answer.body.toString('utf8'))?.[0], detail: '' };
  }
  const info = isObject(body['errorInfo']) ? body['errorInfo'] : {};
  const errors: unknown[] = Array.isArray(body['errors']) ? body['errors'] : [];
  const candidates: unknown[] = [info['code']];
  const words: unknown[] = [info['message']];
  for (const error of errors) {
    if (isObject(error)) {
      candidates.push(error['code'], error['message']);
      words.push(error['message'], error['parameter']);
    } else {
      candidates.push(error);
      words.push(error);
    }
  }
  const named = candidates.find(
    (value): value is string => typeof value === 'string' && /^[A-Za-z0-9_.-]{2,100}$/.test(value),
  );
  const blamesParameter = errors.some((error) => isObject(error) && typeof error['parameter'] === 'string');
  // A single word may be a message ("Invalid"); Ashby's codes hold an underscore.
  const code = blamesParameter && !named?.includes('_') ? 'invalid_input' : named;
  return { code, detail: words.filter((word) => typeof word === 'string').join(' ') };
}
