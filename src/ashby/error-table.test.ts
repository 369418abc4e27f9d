import { describe, expect, test } from '@jest/globals';
import { judge } from './error-table.ts';

const about = { endpoint: 'candidate.list', permission: 'candidatesRead' } as const;

describe('judge', () => {
  test.each([
    [200, 'missing_endpoint_permission', 'permission', 'no', 'config_error'],
    [403, 'missing_endpoint_permission', 'permission', 'no', 'config_error'],
    [401, undefined, 'bad-key', 'no', 'config_error'],
    [403, undefined, 'bad-key', 'no', 'config_error'],
    [403, 'invalid_api_key', 'bad-key', 'no', 'config_error'],
    [200, 'sync_token_expired', 'token-lost', 'no', 'system_error'],
    [200, 'sync_token_invalid', 'token-lost', 'no', 'system_error'],
    [400, 'incremental_sync_too_large', 'token-lost', 'no', 'system_error'],
    [200, 'next_cursor_expired', 'cursor-lost', 'no', 'transient_error'],
    [200, 'invalid_next_cursor', 'cursor-lost', 'no', 'transient_error'],
    [200, 'cursor_invalid', 'cursor-lost', 'no', 'transient_error'],
    [200, 'application_not_found', 'not-found', 'no', 'system_error'],
    [200, 'not_found', 'not-found', 'no', 'system_error'],
    [404, 'candidate_not_found', 'not-found', 'no', 'system_error'],
    [200, 'notetaker_transcript_expired', 'skip-row', 'no', 'system_error'],
    [200, 'audit_logs_not_enabled', 'unavailable', 'no', 'config_error'],
    [404, undefined, 'unavailable', 'no', 'config_error'],
    [200, 'invalid_input', 'bad-request', 'no', 'system_error'],
    [400, 'invalid_input', 'bad-request', 'no', 'system_error'],
    [400, undefined, 'bad-request', 'no', 'system_error'],
    [429, undefined, 'throttled', 'throttled', 'transient_error'],
    [429, 'invalid_input', 'throttled', 'throttled', 'transient_error'],
    [200, 'rate_limit_exceeded', 'throttled', 'throttled', 'transient_error'],
    [408, undefined, 'passing', 'passing', 'transient_error'],
    [500, undefined, 'passing', 'passing', 'transient_error'],
    [503, 'missing_endpoint_permission', 'passing', 'passing', 'transient_error'],
    [200, 'generic_internal_error', 'passing', 'passing', 'transient_error'],
    [302, undefined, 'unknown', 'no', 'system_error'],
    [200, 'never_seen_before', 'unknown', 'no', 'system_error'],
    [200, 'toString', 'unknown', 'no', 'system_error'],
  ])('status %d with code %s is %s', (status, code, kind, retry, failureType) => {
    expect(judge({ ...about, status, code })).toMatchObject({ kind, retry, failureType });
  });

  test('a missing permission is named, with the place to tick it', () => {
    const { message } = judge({ ...about, status: 403, code: 'missing_endpoint_permission' });
    expect(message).toContain('candidatesRead');
    expect(message).toContain('Admin > Integrations > API Keys');
  });
});
