import { ConnectorError } from '../errors.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { judge, unreadable, type ErrorKind, type Refusal, type Verdict } from './error-table.ts';
import { splitRows, type RowBytes } from './row-bytes.ts';

/** One object of Ashby's, with its own field names. Unknown fields are welcome. */
export type Row = Record<string, unknown>;

/** A successful answer of a list endpoint. Fields that did not come are undefined. */
export interface ListAnswer {
  rows: Row[];
  moreDataAvailable: boolean | undefined;
  nextCursor: string | undefined;
  syncToken: string | undefined;
  /** The same rows as bytes, where they can be printed as they came. */
  bytes: RowBytes | undefined;
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
      internalMessage: `endpoint=${endpoint} status=${status ?? 'none'} code=${code ?? 'none'} requestId=${requestId ?? 'none'}`,
    });
    this.name = 'AshbyError';
    this.kind = verdict.kind;
    this.retry = verdict.retry;
    this.status = status;
    this.code = code;
    this.detail = about.detail ?? '';
  }
}

export type AnswerContext = Pick<Refusal, 'endpoint' | 'permission'>;

/**
 * Reads the envelope that Ashby puts around everything: `{success, results, ...}` or `{success: false, errorInfo,
 * errors}`, the latter also with status 200 (developers.ashbyhq.com, "Responses"). Returns the parsed object;
 * `body` is that object, where it has been parsed already.
 * Throws AshbyError for refusals and for anything that is not such an envelope.
 */
export function openEnvelope(answer: HttpAnswer, context: AnswerContext, body = parseObject(answer.body)): Row {
  const requestId = answer.headers['x-ashby-request-id'];
  const refused = answer.status < 200 || answer.status >= 300 || (body !== undefined && isRefusal(body));
  if (refused) {
    const { code, detail } = refusalOf(body, answer);
    const verdict = judge({ ...context, status: answer.status, code });
    throw new AshbyError(verdict, { ...context, status: answer.status, code, requestId, detail });
  }
  if (body === undefined) throw notAshby(context, answer, 'no JSON object');
  if (typeof body['results'] !== 'object' || body['results'] === null) throw notAshby(context, answer, 'no results');
  return body;
}

/** The answer of a list endpoint. Throws AshbyError where `results` is no list of objects. */
export function readList(answer: HttpAnswer, context: AnswerContext): ListAnswer {
  const split = splitRows(answer.body);
  const body = openEnvelope(answer, context, split?.body);
  const results = body['results'];
  if (!Array.isArray(results)) throw notAshby(context, answer, 'results is no list');
  for (const row of results) if (!isObject(row)) throw notAshby(context, answer, 'a row is no object');
  const more = body['moreDataAvailable'];
  return {
    rows: results as Row[], // every element was looked at in the line above
    moreDataAvailable: typeof more === 'boolean' ? more : undefined,
    nextCursor: nonEmptyString(body['nextCursor']),
    syncToken: nonEmptyString(body['syncToken']),
    bytes: split?.bytes,
  };
}

/** The answer of an info endpoint. Throws AshbyError where `results` is no single object. */
export function readObject(answer: HttpAnswer, context: AnswerContext): Row {
  const results = openEnvelope(answer, context)['results'];
  if (!isObject(results)) throw notAshby(context, answer, 'results is no object');
  return results;
}

function notAshby(context: AnswerContext, answer: HttpAnswer, why: string): AshbyError {
  const requestId = answer.headers['x-ashby-request-id'];
  return new AshbyError(unreadable(context.endpoint, why), { ...context, status: answer.status, requestId });
}

/**
 * Code and words of a refusal. Errors come as `errorInfo.code`, or as `errors` holding strings, `{message,
 * parameter}` or `{code, message}` objects; `errorInfo` may be null. A code is one word; a sentence is no code.
 */
function refusalOf(body: Row | undefined, answer: HttpAnswer): { code: string | undefined; detail: string } {
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

/** Also an answer that names errors and brings nothing, whatever it says of its success. */
function isRefusal(body: Row): boolean {
  if (body['success'] === false) return true;
  const named = isObject(body['errorInfo']) || (Array.isArray(body['errors']) && body['errors'].length > 0);
  return named && (body['results'] ?? null) === null;
}

function parseObject(bytes: Buffer): Row | undefined {
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // broken JSON and HTML are told apart from refusals by the caller
  }
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nonEmptyString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
