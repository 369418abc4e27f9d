import { describe, expect, test } from '@jest/globals';
import { AshbyError, openEnvelope, readList, readObject } from './envelope.ts';

const context = { endpoint: 'candidate.list', permission: 'candidatesRead' } as const;
const reply = (body: unknown, status = 200) => ({
  status,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

function refusal(body: unknown, status = 200): AshbyError {
  try {
    openEnvelope(reply(body, status), context);
  } catch (failure) {
    if (failure instanceof AshbyError) return failure;
    throw failure;
  }
  throw new Error('nothing was thrown');
}

describe('a successful answer', () => {
  test('is read with its paging', () => {
    const body = { success: true, results: [{ id: 1 }], moreDataAvailable: true, nextCursor: 'c', syncToken: 't' };
    const { bytes: _bytes, ...read } = readList(reply(body), context);
    expect(read).toEqual({
      rows: [{ id: 1 }],
      moreDataAvailable: true,
      nextCursor: 'c',
      syncToken: 't',
    });
  });

  test('treats null and empty paging fields as absent', () => {
    const body = { success: true, results: [], moreDataAvailable: null, nextCursor: null, syncToken: '' };
    const { bytes: _bytes, ...read } = readList(reply(body), context);
    expect(read).toEqual({
      rows: [],
      moreDataAvailable: undefined,
      nextCursor: undefined,
      syncToken: undefined,
    });
  });

  test('may carry the empty error fields that the OpenAPI description asks for', () => {
    expect(readObject(reply({ success: true, results: { id: 1 }, errors: [], errorInfo: null }), context)).toEqual({
      id: 1,
    });
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
