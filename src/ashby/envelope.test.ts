import { describe, expect, test } from '@jest/globals';
import { idsOf, textOf } from '../testing/rows.ts';
import { AshbyError, readList, readObject } from './envelope.ts';

const context = { endpoint: 'candidate.list', permission: 'candidatesRead' } as const;
const reply = (body: unknown, status = 200) => ({
  status,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

/** What both kinds of endpoint make of an answer; they must agree. */
function refusal(body: unknown, status = 200): AshbyError {
  const [asList, asObject] = [readList, readObject].map((read) => {
    try {
      read(reply(body, status), context);
    } catch (failure) {
      if (failure instanceof AshbyError) return failure;
      throw failure;
    }
    throw new Error('nothing was thrown');
  });
  expect(asObject).toMatchObject({ kind: asList?.kind, code: asList?.code, retry: asList?.retry });
  return asList!;
}

describe('a successful answer', () => {
  test('is read with its paging', () => {
    const body = { success: true, results: [{ id: 1 }], moreDataAvailable: true, nextCursor: 'c', syncToken: 't' };
    const { rows, ...paging } = readList(reply(body), context);
    expect(idsOf(rows)).toEqual([1]);
    expect(rows.map(textOf)).toEqual(['{"id":1}']);
    expect(paging).toEqual({ moreDataAvailable: true, nextCursor: 'c', syncToken: 't' });
  });

  test('treats null and empty texts of its paging as absent', () => {
    const body = { success: true, results: [], nextCursor: null, syncToken: '' };
    expect(readList(reply(body), context)).toEqual({
      rows: [],
      moreDataAvailable: undefined,
      nextCursor: undefined,
      syncToken: undefined,
    });
  });

  test.each([
    ['moreDataAvailable', null],
    ['moreDataAvailable', 'false'],
    ['nextCursor', 7],
    ['syncToken', {}],
  ])('with %s %j is damaged', (name, value) => {
    const body = { success: true, results: [], [name]: value };
    expect(() => readList(reply(body), context)).toThrow(expect.objectContaining({ kind: 'passing' }));
  });

  test.each([
    ['said', { moreDataAvailable: false }, true],
    ['said', { moreDataAvailable: true, nextCursor: 'c' }, true],
    ['said', { moreDataAvailable: true }, false],
    ['said', { nextCursor: 'c' }, false],
    ['said', { syncToken: 't' }, false],
    ['said-or-token', { nextCursor: 'c' }, true],
    ['said-or-token', { syncToken: 't' }, true],
    ['said-or-token', {}, false],
    ['said-or-token', { moreDataAvailable: true, syncToken: 't' }, false],
    ['said-if-at-all', {}, true],
    ['said-if-at-all', { moreDataAvailable: true }, false],
  ] as const)('of a list whose end is %s: %j proves itself: %s', (more, paging, sound) => {
    const read = () => readList(reply({ success: true, results: [], ...paging }), { ...context, more });
    if (sound) expect(read().rows).toEqual([]);
    else expect(read).toThrow(expect.objectContaining({ kind: 'passing' }));
  });

  test('of which a check tells a damage is worth another try', () => {
    const damage = { kind: 'passing', message: expect.stringContaining('a bad row') as unknown };
    const list = reply({ success: true, results: [{ id: 1 }] });
    expect(() => readList(list, { ...context, check: () => 'a bad row' })).toThrow(expect.objectContaining(damage));
    const one = reply({ success: true, results: { id: 1 } });
    expect(() => readObject(one, { ...context, checkObject: () => 'a bad row' })).toThrow(
      expect.objectContaining(damage),
    );
  });

  test('may carry the empty error fields that the OpenAPI description asks for', () => {
    const row = readObject(reply({ success: true, results: { id: 1 }, errors: [], errorInfo: null }), context);
    expect(row.value).toEqual({ id: 1 });
    expect(textOf(row)).toBe('{"id":1}');
  });
});

describe('an error inside status 200', () => {
  test.each([
    ['errorInfo', { success: false, errorInfo: { code: 'sync_token_expired', message: 'Too old' } }],
    ['errors with strings', { success: false, errors: ['sync_token_expired'] }],
    [
      'errors with strings beside a null errorInfo',
      { success: false, errors: ['sync_token_expired'], errorInfo: null },
    ],
    [
      'errors with message objects',
      { success: false, errors: [{ message: 'sync_token_expired', parameter: 'syncToken' }] },
    ],
    ['errors with code objects', { success: false, errors: [{ code: 'sync_token_expired', message: 'Too old' }] }],
    ['a sentence before the code', { success: false, errors: ['It is too old', { code: 'sync_token_expired' }] }],
  ])('is understood as %s', (_shape, body) => {
    for (const status of [200, 400])
      expect(refusal(body, status)).toMatchObject({ code: 'sync_token_expired', kind: 'token-lost', retry: 'no' });
  });

  test('that blames a parameter in a sentence is invalid input', () => {
    const body = { success: false, errors: [{ message: 'Unknown key includeArchived', parameter: 'includeArchived' }] };
    for (const status of [200, 400])
      expect(refusal(body, status)).toMatchObject({
        kind: 'bad-request',
        detail: expect.stringContaining('includeArchived') as unknown,
      });
  });

  test('is seen also where the answer does not say that it failed', () => {
    expect(refusal({ errors: ['missing_endpoint_permission'] }).kind).toBe('permission');
    expect(refusal({ errorInfo: { code: 'sync_token_expired' }, results: null }).kind).toBe('token-lost');
  });

  test('that blames a parameter in one word is invalid input, too', () => {
    const body = { success: false, errors: [{ message: 'Invalid', parameter: 'syncToken' }] };
    expect(refusal(body, 400).kind).toBe('bad-request');
  });

  test('without any code fails clearly and is not retried', () => {
    expect(refusal({ success: false })).toMatchObject({ kind: 'unknown', retry: 'no' });
  });

  test('never quotes what Ashby said, since it may quote what was sent', () => {
    const error = refusal({ success: false, errorInfo: { code: 'odd_thing', message: 'about jane@example.com' } });
    expect(`${error.message} ${error.internalMessage ?? ''}`).not.toContain('example.com');
  });
});

describe("an answer that is not Ashby's", () => {
  test.each([
    ['HTML', '<html>Maintenance</html>'],
    ['broken JSON', '{"success": true, "results": ['],
    ['nothing', ''],
    ['a bare list', '[]'],
    ['no results', { success: true }],
    ['null results', { success: true, results: null }],
    ['results that are text', { success: true, results: 'many' }],
  ])('(%s) is worth another try and never an empty page', (_case, body) => {
    expect(refusal(body)).toMatchObject({ kind: 'passing', retry: 'passing', failureType: 'transient_error' });
  });

  test('includes a list whose rows are no objects, and an object where a list is due', () => {
    expect(() => readList(reply({ success: true, results: ['Recruiter'] }), context)).toThrow(AshbyError);
    expect(() => readList(reply({ success: true, results: {} }), context)).toThrow(AshbyError);
    expect(() => readObject(reply({ success: true, results: [] }), context)).toThrow(AshbyError);
  });
});

describe('status 403', () => {
  test('with the code in plain text is a missing permission', () => {
    expect(refusal('missing_endpoint_permission: ask your admin', 403).kind).toBe('permission');
  });

  test('without the code is a bad key', () => {
    expect(refusal('Forbidden', 403)).toMatchObject({ kind: 'bad-key', failureType: 'config_error' });
  });
});
