/** Kinds of fault: what may come in place of an answer. Data for fault-matrix.test.ts. */

import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { refusal, write, type Call, type Draft, type Row, type Wire } from './stand-in.ts';

/** Where a fault strikes. */
export const PLACES = ['first page', 'middle page', 'last page', 'a call', 'single answer'] as const;
export type Place = (typeof PLACES)[number];
const PAGES: readonly Place[] = ['first page', 'middle page', 'last page'];
const ENDLESS: readonly Place[] = ['first page', 'middle page', 'last page', 'a call'];

export interface Kind {
  name: string;
  answer(usual: Draft, call: Call): Wire;
  /**
   * `heals`: all rows if it comes once, and INCOMPLETE if it stays. `harmless`: all rows, COMPLETE, either way.
   * `fails`: whether it is tried again is open, but a stream that lacks a row is never COMPLETE. Default: `heals`.
   */
  effect?: 'heals' | 'harmless' | 'fails';
  /** Where no reader could tell it from a good answer, it is left out. Default: everywhere. */
  places?: readonly Place[];
}

const fields =
  (more: Row) =>
  (usual: Draft): Wire => ({ body: write({ ...usual, fields: { ...usual.fields, ...more } }) });
const fixed = (body: string | Buffer) => (): Wire => ({ body });
const text =
  (change: (body: string) => string | Buffer) =>
  (usual: Draft): Wire => ({ body: change(write(usual)) });
const named = (name: string, answer: Kind['answer'], more: Omit<Kind, 'name' | 'answer'> = {}): Kind => ({
  name,
  answer,
  ...more,
});
/** What stands in place of the good value, by what it is. */
const values = (given: readonly unknown[]): [string, unknown][] =>
  given.map((one) => [JSON.stringify(one) ?? 'absent', one]);

const RETRIED = [408, 500, 502, 503, 504];
const STATUSES = [
  ...[300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422, 423, 425],
  ...[428, 431, 451, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 522, 524, 529, 599],
];
const statuses: Kind[] = [
  ...STATUSES.map((status) =>
    named(`status ${status}, empty`, () => ({ status, body: '' }), {
      effect: RETRIED.includes(status) ? 'heals' : 'fails',
    }),
  ),
  ...[301, 400, 403, 404, 409, 422, 500, 503].map((status) =>
    named(`status ${status} around a good answer`, (usual) => ({ status, body: write(usual) }), { effect: 'fails' }),
  ),
  ...[204, 205, 304].map((status) =>
    named(`status ${status}`, () => ({ status, body: '' }), { effect: status === 304 ? 'fails' : 'heals' }),
  ),
  ...[500, 502, 503].map((status) => named(`status ${status} in HTML`, () => ({ status, body: '<h1>sorry</h1>' }))),
  ...['0', '3', '-1', 'soon', '1e3', '', 'Wed, 21 Oct 2015 07:28:00 GMT', '86400', '99999999999'].map((seconds) =>
    named(`429, Retry-After "${seconds}"`, () => ({ status: 429, headers: { 'retry-after': seconds }, body: '' }), {
      effect: 'fails',
    }),
  ),
  named('429 without a word', () => ({ status: 429, body: '' })),
];

const CODES: [string, Kind['effect']][] = [
  ['generic_internal_error', 'heals'],
  ['rate_limit_exceeded', 'heals'],
  ['concurrent_limit_exceeded', 'heals'],
  ['invalid_input', 'fails'],
  ['missing_endpoint_permission', 'fails'],
  ['next_cursor_expired', 'fails'],
  ['invalid_next_cursor', 'fails'],
  ['cursor_invalid', 'fails'],
  ['sync_token_expired', 'fails'],
  ['sync_token_invalid', 'fails'],
  ['incremental_sync_too_large', 'fails'],
  ['feature_not_enabled', 'fails'],
  ['something_new', 'fails'],
];
const refusals: Kind[] = [
  ...CODES.map(([code, effect = 'fails']) => named(`refusal ${code}`, () => refusal(code), { effect })),
  ...CODES.map(([code, effect = 'fails']) =>
    named(`refusal ${code} in errors alone`, fixed(JSON.stringify({ success: false, errors: [code] })), { effect }),
  ),
  // A call about a parent may say so truly: holes/fan-out.test.ts.
  ...['resource_not_found', 'candidate_not_found'].map((code) =>
    named(`refusal ${code}`, () => refusal(code), { effect: 'fails', places: [...PAGES, 'single answer'] }),
  ),
  named('refusal without a reason', fixed('{"success":false}'), { effect: 'fails' }),
  named('refusal beside all rows', fields({ success: false }), { effect: 'fails' }),
];

const bodies: Kind[] = [
  ...['', ' ', '\n', 'null', 'true', '0', '""', '[]', '{}', 'undefined', 'OK', '<html></html>', '[{}]', '"{}"'].map(
    (body) => named(`body ${JSON.stringify(body)}`, fixed(body)),
  ),
  ...[0.05, 0.3, 0.6, 0.9].map((part) =>
    named(
      `body cut at ${part * 100} %`,
      text((body) => body.slice(0, Math.floor(body.length * part))),
    ),
  ),
  named(
    'body without its last brace',
    text((body) => body.slice(0, -1)),
  ),
  named(
    'body without its first brace',
    text((body) => body.slice(1)),
  ),
  named(
    'body twice',
    text((body) => body + body),
  ),
  named(
    'body twice, on two lines',
    text((body) => `${body}\n${body}`),
  ),
  named(
    'body in a list',
    text((body) => `[${body}]`),
  ),
  named(
    'body in a string',
    text((body) => JSON.stringify(body)),
  ),
  named(
    'body with a comma too many',
    text((body) => body.replace('],', ',],')),
  ),
  named(
    'body with words behind',
    text((body) => `${body} and so on`),
  ),
  named(
    'body behind a guard',
    text((body) => `)]}',\n${body}`),
  ),
  named(
    'body in single quotes',
    text((body) => body.replaceAll('"', "'")),
  ),
  named(
    'body in UTF-16',
    text((body) => Buffer.from(body, 'utf16le')),
  ),
  named(
    'body of zeros',
    text((body) => Buffer.alloc(body.length)),
  ),
  named(
    'body with NaN',
    text((body) => body.replace('"success":true', '"success":true,"x":NaN')),
  ),
  named(
    'body with a raw line feed in a string',
    text((body) => body.replace('"name":"', '"name":"\n')),
    {
      places: [...ENDLESS, 'single answer'],
    },
  ),
  named(
    'body behind a byte order mark',
    text((body) => `\ufeff${body}`),
    { effect: 'harmless' },
  ),
  named(
    'body in white space',
    text((body) => `\n\n  ${body}  \r\n`),
    { effect: 'harmless' },
  ),
  named(
    'body over many lines',
    text((body) => JSON.stringify(JSON.parse(body), null, 2)),
    { effect: 'harmless' },
  ),
  named(
    'results in front and behind',
    text((body) => `${body.slice(0, -1)},"results":[]}`),
  ),
  named(
    'results behind all else',
    (usual) => ({
      body: `${JSON.stringify(usual.fields).slice(0, -1)},"results":${JSON.stringify(JSON.parse(write(usual)).results)}}`,
    }),
    { effect: 'harmless' },
  ),
];

const envelopes: Kind[] = [
  ...values([false, 'true', 'false', 0, 1, null, undefined, {}, [], ['true']]).flatMap(([label, success]): Kind[] => [
    // A plain refusal without a reason is final today, and may be.
    named(`success ${label}`, fields({ success }), { effect: success === false ? 'fails' : 'heals' }),
    named(`success ${label}, no rows`, (usual) => fields({ success })({ ...usual, rows: [], single: false }), {
      effect: success === false ? 'fails' : 'heals',
    }),
  ]),
  ...values(['no', ['no'], [{ message: 'no' }], { message: 'no' }]).flatMap(([label, errors]): Kind[] => [
    named(`errors ${label}`, fields({ errors })),
    named(`errors ${label}, no rows`, (usual) => fields({ errors })({ ...usual, rows: [], single: false })),
  ]),
  ...values(['no', { code: 'generic_internal_error', message: 'no' }, { code: 'something_new' }]).map(
    ([label, errorInfo]) => named(`errorInfo ${label}`, fields({ errorInfo }), { effect: 'fails' }),
  ),
  named('errors with a code', fields({ errors: [{ code: 'generic_internal_error' }] }), { effect: 'fails' }),
  named('error instead of success', fixed('{"error":"internal","results":[]}')),
  named('error and no rows', fixed('{"error":{"message":"internal"},"results":[],"moreDataAvailable":false}')),
  ...values([null, undefined, '', 'x', 0, true, {}, { rows: [] }, [null], ['x'], [1], [[]], [[{}]], [{}, null]]).map(
    ([label, results]) =>
      named(`results ${label}`, ({ fields: { success, ...rest } }) => ({
        body: JSON.stringify({ success, results, ...rest }),
      })),
  ),
  named('results in results', (usual) => ({
    body: `{"success":true,"results":${write(usual)},"moreDataAvailable":false}`,
  })),
  named(
    'results under another name',
    text((body) => body.replace('"results"', '"data"')),
  ),
  ...values([null, []]).flatMap(([label, nothing]): Kind[] => [
    named(`errors ${label} beside rows`, fields({ errors: nothing }), { effect: 'harmless' }),
  ]),
  named('errorInfo null beside rows', fields({ errorInfo: null }), { effect: 'harmless' }),
  named('warnings beside rows', fields({ warnings: ['old'] }), { effect: 'harmless' }),
  named('a field that nobody knows', fields({ requestId: 'r1' }), { effect: 'harmless' }),
];

const paging: Kind[] = [
  ...values(['true', 'false', 1, 0, null, undefined, {}, []]).flatMap(([label, moreDataAvailable]): Kind[] => [
    named(`moreDataAvailable ${label}`, fields({ moreDataAvailable }), { places: ENDLESS }),
    named(`moreDataAvailable ${label}, no cursor`, fields({ moreDataAvailable, nextCursor: undefined }), {
      places: ENDLESS,
    }),
    named(
      `moreDataAvailable ${label}, no rows`,
      () => fields({ moreDataAvailable })({ fields: { success: true }, rows: [] }),
      { places: ENDLESS },
    ),
  ]),
  ...values([undefined, null, '', 5, true, {}, []]).map(([label, nextCursor]) =>
    named(`more to come, cursor ${label}`, fields({ moreDataAvailable: true, nextCursor }), {
      places: ENDLESS,
      effect: 'fails',
    }),
  ),
  named(
    'the cursor that was sent comes back',
    (usual, { body }) => fields({ moreDataAvailable: true, nextCursor: body['cursor'] })(usual),
    { places: ['middle page', 'last page'], effect: 'fails' },
  ),
  named('a cursor that nobody knows', fields({ moreDataAvailable: true, nextCursor: 'gone' }), {
    places: ENDLESS,
    effect: 'fails',
  }),
  named('a cursor on the last page', fields({ nextCursor: 'more' }), {
    places: ['last page', 'a call'],
    effect: 'harmless',
  }),
  named('a sync token before the end', fields({ syncToken: 'early' }), {
    places: ['first page', 'middle page'],
    effect: 'harmless',
  }),
  ...values([undefined, null, '']).map(([label, syncToken]) =>
    named(`sync token ${label}`, fields({ syncToken }), { places: ['last page'], effect: 'harmless' }),
  ),
  ...values([5, {}, [], true]).map(([label, syncToken]) =>
    named(`sync token ${label}`, fields({ syncToken }), { places: ['last page'], effect: 'fails' }),
  ),
];

/** Changes the second row. */
const second =
  (change: (row: string) => string) =>
  (usual: Draft): Wire => ({
    body: write({ ...usual, rows: usual.rows.map((row, n) => (n === 1 ? change(row) : row)) }),
  });
const withId = (id: unknown) => second((row) => JSON.stringify({ ...(JSON.parse(row) as Row), id }));
const rows: Kind[] = [
  ...values([undefined, null, '', 7, true, {}, [], ['x']]).map(([label, id]) =>
    named(`a row whose id is ${label}`, withId(id)),
  ),
  ...['null', '"x"', '7', '[]', '{}', 'true', '[{}]'].map((row) =>
    named(
      `a row that is ${row}`,
      second(() => row),
    ),
  ),
  named(
    'a row in a list of its own',
    second((row) => `[${row}]`),
  ),
  named(
    'a row nested 5,000 levels deep',
    second((row) => `${row.slice(0, -1)},"deep":${deep(5_000)}}`),
    { effect: 'fails' },
  ),
  named(
    'a row with separators of lines',
    second((row) => `${row.slice(0, -1)},"x":"a\u2028b\u2029c\u0085d"}`),
    {
      effect: 'harmless',
    },
  ),
  named(
    'a row with half a character',
    second((row) => `${row.slice(0, -1)},"x":"\\ud83d"}`),
    { effect: 'harmless' },
  ),
  named(
    'a row with a number of 30 digits',
    second((row) => `${row.slice(0, -1)},"x":${'7'.repeat(30)}}`),
    {
      effect: 'harmless',
    },
  ),
  named(
    'a row with a field named __proto__',
    second((row) => `${row.slice(0, -1)},"__proto__":{"id":1}}`),
    {
      effect: 'harmless',
    },
  ),
];

function deep(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

/** Writes bytes to the connection as they are, and closes it unless told otherwise. */
const raw =
  (make: (body: Buffer) => (string | Buffer)[], end: 'close' | 'reset' | 'open' = 'close') =>
  (usual: Draft) =>
  (response: ServerResponse): void => {
    const { socket } = response;
    if (!socket) return;
    for (const piece of make(Buffer.from(write(usual)))) socket.write(piece);
    if (end === 'close') socket.end();
    if (end === 'reset') socket.resetAndDestroy();
  };
const head = (length: number, more = ''): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`;
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const packed =
  (encoding: string, pack: (body: Buffer) => Buffer) =>
  (usual: Draft): Wire => ({ headers: { 'content-encoding': encoding }, body: pack(Buffer.from(write(usual))) });
const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);
/** Turns a byte in the middle over. */
function spoilt(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 0xff;
  return copy;
}
const network: Kind[] = [
  named(
    'reset before a word',
    raw(() => [], 'reset'),
  ),
  named(
    'closed before a word',
    raw(() => []),
  ),
  named(
    'reset behind the head',
    raw((body) => [head(body.length)], 'reset'),
  ),
  named(
    'closed behind the head',
    raw((body) => [head(body.length)]),
  ),
  named(
    'closed in the body',
    raw((body) => [head(body.length), half(body)]),
  ),
  named(
    'reset in the body',
    raw((body) => [head(body.length), half(body)], 'reset'),
  ),
  named(
    'content-length too long by one',
    raw((body) => [head(body.length + 1), body]),
  ),
  named(
    'content-length too short',
    raw((body) => [head(body.length - 9), body]),
  ),
  named(
    'content-length 0',
    raw((body) => [head(0), body]),
  ),
  named(
    'content-length of words',
    raw((body) => [`HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n`, body]),
  ),
  named(
    'no length and cut',
    raw((body) => ['HTTP/1.1 200 OK\r\n\r\n', half(body)]),
  ),
  named(
    'chunks without an end',
    raw((body) => [CHUNKED, `${body.length.toString(16)}\r\n`, body, '\r\n']),
  ),
  named(
    'a chunk without a size',
    raw((body) => [CHUNKED, 'zz\r\n', body, '\r\n0\r\n\r\n']),
  ),
  named(
    'a chunk that is too short',
    raw((body) => [CHUNKED, `${(body.length + 9).toString(16)}\r\n`, body]),
  ),
  named(
    'no HTTP at all',
    raw(() => ['hello\r\n\r\n']),
  ),
  named(
    'half a head',
    raw(() => ['HTTP/1.1 200 OK\r\ncontent-']),
  ),
  named(
    'a head of 100,000 bytes',
    raw((body) => [head(body.length, `x: ${'x'.repeat(100_000)}\r\n`), body]),
  ),
  named(
    'the answer twice on one connection',
    raw((body) => [head(body.length), body, head(body.length), body], 'open'),
    {
      effect: 'fails',
    },
  ),
  named(
    'gzip that is none',
    packed('gzip', (body) => body),
  ),
  named(
    'gzip cut in half',
    packed('gzip', (body) => half(gzipSync(body))),
  ),
  named(
    'gzip without its check sum',
    packed('gzip', (body) => gzipSync(body).subarray(0, -8)),
    { effect: 'fails' },
  ),
  named(
    'gzip with a wrong byte',
    packed('gzip', (body) => spoilt(gzipSync(body))),
  ),
  named(
    'deflate cut in half',
    packed('deflate', (body) => half(deflateSync(body))),
  ),
  named(
    'brotli cut in half',
    packed('br', (body) => half(brotliCompressSync(body))),
  ),
  named(
    'brotli that is none',
    packed('br', (body) => body),
  ),
  named(
    'gzip twice, said once',
    packed('gzip', (body) => gzipSync(gzipSync(body))),
  ),
  named('gzip, not said', (usual) => ({ body: gzipSync(write(usual)) })),
  named(
    'gzip',
    packed('gzip', (body) => gzipSync(body)),
    { effect: 'harmless' },
  ),
  named(
    'brotli',
    packed('br', (body) => brotliCompressSync(body)),
    { effect: 'harmless' },
  ),
  named('JSON called HTML', (usual) => ({ headers: { 'content-type': 'text/html' }, body: write(usual) }), {
    effect: 'harmless',
  }),
  named('closed behind a whole answer', (usual) => ({ headers: { connection: 'close' }, body: write(usual) }), {
    effect: 'harmless',
  }),
];

export const KINDS: readonly Kind[] = [
  ...statuses,
  ...refusals,
  ...bodies,
  ...envelopes,
  ...paging,
  ...rows,
  ...network,
];
