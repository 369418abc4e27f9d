import { expect, test } from '@jest/globals';
import { AshbyError } from './envelope.ts';
import { judge } from './error-table.ts';
import { mayBeAboutFeature } from './feature.ts';
import { KeyGuard } from './key-guard.ts';

const refusal = (status: number, code?: string): AshbyError => {
  const about = { endpoint: 'job.list', status, code };
  return new AshbyError(judge({ ...about, permission: 'jobsRead' }), about);
};

test('a key that is refused before any answer is told in one sentence, to everybody', () => {
  const guard = new KeyGuard();
  expect(() => guard.check()).not.toThrow();
  const first = guard.verdict(refusal(403));
  expect(first).toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining('status 403') as unknown,
  });
  expect(first).not.toBeInstanceOf(AshbyError); // nobody takes it for a refusal of a feature
  expect(guard.verdict(refusal(401))).toBe(first);
  expect(() => guard.check()).toThrow(first as Error);
});

test('behind an answer a refusal is about what was asked for', () => {
  const guard = new KeyGuard();
  guard.answered();
  const failure = refusal(403);
  expect(guard.verdict(failure)).toBe(failure);
  expect(() => guard.check()).not.toThrow();
});

test('an answer that comes after the refusal proves the key', () => {
  const guard = new KeyGuard();
  guard.verdict(refusal(403));
  guard.answered();
  expect(() => guard.check()).not.toThrow();
});

test.each([
  [404, undefined],
  [200, 'audit_logs_not_enabled'],
  [403, 'missing_endpoint_permission'],
  [500, undefined],
])('status %d with %s says nothing about the key', (status, code) => {
  const guard = new KeyGuard();
  const failure = refusal(status, code);
  expect(guard.verdict(failure)).toBe(failure);
  expect(() => guard.check()).not.toThrow();
});

test.each<[number, string | undefined, boolean]>([
  [404, undefined, true],
  [200, 'audit_logs_not_enabled', true],
  [200, 'a_code_that_nobody_lists', true],
  [403, undefined, true],
  [200, undefined, false],
  [302, undefined, false],
  [413, undefined, false],
  [400, undefined, false],
  [409, 'a_code_that_nobody_lists', false],
  [500, undefined, false],
])('status %d with %s may be about a feature: %s', (status, code, expected) => {
  expect(mayBeAboutFeature(refusal(status, code))).toBe(expected);
});
