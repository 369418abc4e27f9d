import { expect, test } from '@jest/globals';
import { AshbyError } from './envelope.ts';
import { judge } from './error-table.ts';
import { mayBeAboutFeature } from './feature.ts';
import { KeyGuard } from './key-guard.ts';

const refusal = (status: number, code?: string): AshbyError => {
  const about = { endpoint: 'job.list', status, code };
  return new AshbyError(judge({ ...about, permission: 'jobsRead' }), about);
};

/** Asks for `count` turns; says which were given so far, and how each of them ended. */
function queue(count: number, guard = new KeyGuard()) {
  const given: number[] = [];
  const refused: unknown[] = [];
  for (let n = 1; n <= count; n += 1) {
    guard.turn().then(
      () => given.push(n),
      (thrown: unknown) => refused.push(thrown),
    );
  }
  return { guard, given, refused };
}
/** Lets everything run that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the first request goes alone; its answer lets all others go', async () => {
  const { guard, given } = queue(20);
  await settle();
  expect(given).toEqual([1]);
  guard.answered();
  await settle();
  expect(given).toHaveLength(20);
});

test.each<[number, string | undefined]>([
  [401, undefined],
  [200, 'api_key_revoked'],
  [403, 'invalid_api_key'],
  [404, 'account_suspended'],
])('status %d with %s ends it after one request, with one sentence for everybody', async (status, code) => {
  const { guard, given, refused } = queue(5);
  await settle();
  const told = await guard.verdict(refusal(status, code));
  await settle();
  expect(told).toMatchObject({
    failureType: 'config_error',
    message: expect.stringMatching(/^Ashby refuses the API key .*status \d/) as unknown,
  });
  expect(told).not.toBeInstanceOf(AshbyError); // nobody takes it for a refusal of a feature
  expect(given).toEqual([1]);
  expect(refused).toEqual([told, told, told, told]);
  await expect(guard.turn()).rejects.toBe(told);
  expect(await guard.verdict(told)).toBe(told);
});

test('status 403 without a code is believed when three requests got nothing else', async () => {
  const { guard, given, refused } = queue(20);
  const told: unknown[] = [];
  for (const turns of [1, 2, 3]) {
    await settle();
    expect(given).toHaveLength(turns);
    expect(told).toEqual([]);
    void guard.verdict(refusal(403)).then((verdict) => told.push(verdict));
  }
  await settle();
  expect(given).toHaveLength(3);
  expect(told).toHaveLength(3);
  expect(new Set([...told, ...refused])).toEqual(new Set([refused[0]]));
  expect(refused).toHaveLength(17);
});

test('status 403 without a code is believed at once where nobody else asks for anything', async () => {
  const { guard } = queue(1);
  await settle();
  expect(await guard.verdict(refusal(403))).not.toBeInstanceOf(AshbyError);
});

test('behind status 403 another answer tells that it was about the one table', async () => {
  const { guard, given } = queue(5);
  await settle();
  const first = refusal(403);
  const verdict = guard.verdict(first);
  await settle();
  expect(given).toEqual([1, 2]);
  guard.answered();
  expect(await verdict).toBe(first);
  await settle();
  expect(given).toHaveLength(5);
  const later = refusal(403);
  expect(await guard.verdict(later)).toBe(later);
});

test.each<[number, string]>([
  [403, 'missing_endpoint_permission'],
  [200, 'audit_logs_not_enabled'],
  [200, 'sync_token_expired'],
])('Ashby says %d %s only to a key that it knows', async (status, code) => {
  const { guard, given } = queue(5);
  await settle();
  const first = refusal(status, code);
  expect(await guard.verdict(first)).toBe(first);
  await settle();
  expect(given).toHaveLength(5);
  const other = refusal(403);
  expect(await guard.verdict(other)).toBe(other);
});

test('a refusal that says nothing about the key lets all others go, and one that does ends it still', async () => {
  const { guard, given } = queue(5);
  await settle();
  const first = refusal(404);
  expect(await guard.verdict(first)).toBe(first);
  await settle();
  expect(given).toHaveLength(5);
  const told = await guard.verdict(refusal(403));
  expect(told).not.toBeInstanceOf(AshbyError);
  await expect(guard.turn()).rejects.toBe(told);
  guard.answered(); // to one that was under way
  await expect(guard.turn()).resolves.toBeUndefined();
});

test('what may pass is no news: the next one goes alone, until three have', async () => {
  const { guard, given } = queue(20);
  for (const turns of [1, 2, 3]) {
    await settle();
    expect(given).toHaveLength(turns);
    const failure = refusal(503);
    expect(await guard.verdict(failure)).toBe(failure);
  }
  await settle();
  expect(given).toHaveLength(20);
});

test('one that is refused as 403 does not wait for ever on others that get no news', async () => {
  const { guard } = queue(3);
  await settle();
  const first = refusal(403);
  const verdict = guard.verdict(first);
  for (let turn = 0; turn < 2; turn += 1) {
    await settle();
    await guard.verdict(refusal(500));
  }
  expect(await verdict).toBe(first);
});

test('a lost connection, and the end of the run, keep nobody waiting', async () => {
  const lost = queue(3);
  await settle();
  await lost.guard.verdict(new Error('reset'));
  await settle();
  expect(lost.given).toHaveLength(3);
  const stop = new AbortController();
  const stopped = queue(3, new KeyGuard(stop.signal));
  await settle();
  const held = stopped.guard.verdict(refusal(403));
  stop.abort();
  await settle();
  expect(stopped.given).toHaveLength(3);
  expect(await held).toBeInstanceOf(AshbyError);
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
