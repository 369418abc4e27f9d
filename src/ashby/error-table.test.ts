import { describe, expect, test } from '@jest/globals';
import { AnswerTooLarge, NetworkError, ProxyError } from '../http/network-error.ts';
import { blocked, judge, tooLarge, unreachable } from './error-table.ts';

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
    [425, undefined, 'passing', 'passing', 'transient_error'],
    [200, 'resource_not_found', 'not-found', 'no', 'system_error'],
    [200, 'job_posting_not_found', 'not-found', 'no', 'system_error'],
    [200, 'notetaker_transcript_not_found', 'not-found', 'no', 'system_error'],
    [404, 'organization_not_found', 'bad-key', 'no', 'config_error'],
    [200, 'organization_not_found', 'bad-key', 'no', 'config_error'],
    [200, 'account_suspended', 'bad-key', 'no', 'config_error'],
    [403, 'account_suspended', 'bad-key', 'no', 'config_error'],
    [200, 'api_key_expired', 'bad-key', 'no', 'config_error'],
    [200, 'api_key_not_found', 'bad-key', 'no', 'config_error'],
    [200, 'endpoint_not_found', 'unknown', 'no', 'system_error'],
    [404, 'route_not_found', 'unknown', 'no', 'system_error'],
    [200, 'sync_token_not_found', 'unknown', 'no', 'system_error'],
    [200, undefined, 'unknown', 'no', 'system_error'],
    [200, 'never_seen_before', 'unknown', 'no', 'system_error'],
    [200, 'toString', 'unknown', 'no', 'system_error'],
  ])('status %d with code %s is %s', (status, code, kind, retry, failureType) => {
    expect(judge({ ...about, status, code })).toMatchObject({ kind, retry, failureType });
  });

  test.each([302, 303, 304, 307, 308, 402, 406, 407, 409, 411, 413, 414, 415, 418, 421, 426, 431, 451, 499])(
    'status %d is told as it is: no feature, no permission, no second try',
    (status) => {
      const verdict = judge({ ...about, status, code: undefined });
      expect(verdict).toMatchObject({ kind: 'unknown', retry: 'no', failureType: 'system_error' });
      expect(verdict.message).toContain(`status ${status}`);
      expect(verdict.message).not.toMatch(/feature|permission|Deselect/);
    },
  );

  test.each([500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 599])(
    'status %d passes',
    (status) => {
      expect(judge({ ...about, status, code: undefined })).toMatchObject({ kind: 'passing', retry: 'passing' });
    },
  );

  test.each(['account_suspended', 'organization_not_found'])('%s blames the account, not the key alone', (code) => {
    expect(judge({ ...about, status: 200, code }).message).toContain('refuses the account');
  });

  test('a missing permission is named, with the place to tick it', () => {
    const { message } = judge({ ...about, status: 403, code: 'missing_endpoint_permission' });
    expect(message).toContain('candidatesRead');
    expect(message).toContain('Admin > Integrations > API Keys');
  });
});

describe('no answer', () => {
  test('from behind a proxy names the proxy', () => {
    const failure = Object.assign(new NetworkError('ECONNRESET', 'reset'), { via: 'proxy.example.com:3128' });
    const verdict = unreachable('job.list', failure);
    expect(verdict).toMatchObject({ kind: 'passing', retry: 'passing', failureType: 'transient_error' });
    expect(verdict.message).toContain('through the proxy proxy.example.com:3128');
  });

  test('a proxy’s refusal is told in its own sentence, and retried only where it may pass', () => {
    const refusal = new ProxyError('EPROXY407', 'The proxy wants a password.', true);
    expect(blocked(refusal)).toBe('The proxy wants a password.');
    const fault = new ProxyError('EPROXY502', 'The proxy is down.', false);
    expect(blocked(fault)).toBeUndefined();
    expect(unreachable('job.list', fault)).toMatchObject({ kind: 'passing', retry: 'passing' });
  });

  test.each(['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    '%s is for the user to mend, and names the variable for a certificate of their own',
    (code) => {
      expect(blocked(new NetworkError(code, 'no'))).toContain('NODE_EXTRA_CA_CERTS');
    },
  );

  test('an answer over the cap is said as such and not retried', () => {
    const verdict = tooLarge('job.list', new AnswerTooLarge(32 * 1024 * 1024).limitBytes);
    expect(verdict).toMatchObject({ kind: 'too-large', retry: 'no', failureType: 'system_error' });
    expect(verdict.message).toMatch(/larger than 32 MB/);
    expect(verdict.message).not.toMatch(/could not reach|port 443/);
  });
});
