import { describe, expect, test } from '@jest/globals';
import { RequestBudget } from '../http/budget.ts';
import type { HttpAnswer, HttpRequest } from '../http/transport.ts';
import { AnswerTooLarge, NetworkError, ProxyError } from '../http/transport.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { AshbyClient } from './client.ts';
import type { AshbyError } from './envelope.ts';

type Reply = { status?: number; headers?: Record<string, string>; body?: unknown } | Error;

/** A client whose answers are given, on a clock that jumps. */
function clientFor(reply: (n: number, clock: FakeClock) => Reply) {
  const clock = new FakeClock(0);
  const sent: (HttpRequest & { at: number })[] = [];
  const send = (request: HttpRequest): Promise<HttpAnswer> => {
    sent.push({ ...request, at: clock.now() });
    const answer = reply(sent.length, clock);
    if (answer instanceof Error) return Promise.reject(answer);
    const { status = 200, headers = {}, body } = answer;
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? { success: true, results: [] });
    return Promise.resolve({ status, headers, body: Buffer.from(text) });
  };
  const budget = new RequestBudget({ requestsPerMinute: 6_000, clock });
  const quiet = (): void => undefined;
  const options = { baseUrl: 'https://ashby.example.com', apiKey: 'made-up-key', userAgent: 'test/1', random: () => 0 };
  const client = new AshbyClient({ ...options, send, budget, clock, debug: quiet, info: quiet });
  const list = () =>
    client.list({ endpoint: 'job.list', permission: 'jobsRead', body: { limit: 1, cursor: undefined } });
  return { client, clock, sent, list };
}

describe('AshbyClient', () => {
  test('sends the documented headers, the key as user name, and no absent key', async () => {
    const { list, sent } = clientFor(() => ({}));
    await list();
    expect(sent[0]).toMatchObject({
      url: 'https://ashby.example.com/job.list',
      body: '{"limit":1}',
      headers: {
        authorization: `Basic ${Buffer.from('made-up-key:').toString('base64')}`,
        'content-type': 'application/json',
        accept: 'application/json; version=1',
        'ashby-version': '2026-01-01',
        'user-agent': 'test/1',
      },
    });
  });

  test.each<[string, Reply]>([
    ['a network failure', new NetworkError('ECONNRESET', 'reset')],
    ['HTML', { body: '<html>' }],
    ['status 500', { status: 500, body: '' }],
    ['status 408', { status: 408, body: '' }],
  ])('%s is tried six times, over half a minute, and then fails as transient', async (_case, failure) => {
    const { list, sent, clock } = clientFor(() => failure);
    await expect(list()).rejects.toMatchObject({ failureType: 'transient_error' });
    expect(sent).toHaveLength(6);
    expect(clock.now()).toBeGreaterThanOrEqual(31_000);
  });

  test.each<[string, Reply, object]>([
    ['an answer over the cap', new AnswerTooLarge(1), { kind: 'too-large', failureType: 'system_error' }],
    ['a proxy that refuses', new ProxyError('EPROXY403', 'No.', true), { message: 'No.', failureType: 'config_error' }],
    ['an untrusted certificate', new NetworkError('CERT_HAS_EXPIRED', ''), { failureType: 'config_error' }],
    ['a redirection', { status: 302, body: '' }, { kind: 'unknown' }],
    ['status 413', { status: 413, body: '' }, { kind: 'unknown' }],
  ])('%s is asked for once', async (_case, failure, error) => {
    const { list, sent } = clientFor(() => failure);
    await expect(list()).rejects.toMatchObject(error);
    expect(sent).toHaveLength(1);
  });

  test('the cap of a request goes to the transport', async () => {
    const { client, sent } = clientFor(() => ({}));
    await client.list({ endpoint: 'source.list', permission: 'jobsRead', body: {}, maxAnswerBytes: 5 });
    expect(sent[0]?.maxAnswerBytes).toBe(5);
  });

  test('Retry-After of a 503 is obeyed whole, and one of 0 shortens nothing', async () => {
    const down = (after: string): Reply => ({ status: 503, headers: { 'retry-after': after }, body: '' });
    const whole = clientFor((n) => (n === 1 ? down('90') : {}));
    await whole.list();
    expect(whole.clock.now()).toBeGreaterThanOrEqual(90_000);
    const none = clientFor(() => down('0'));
    await expect(none.list()).rejects.toMatchObject({ kind: 'passing' });
    expect(none.clock.now()).toBeGreaterThanOrEqual(31_000);
  });

  test('an id of the answer that is no id reaches no message', async () => {
    const id = `abc\u009b31m ${'x'.repeat(5_000)}`;
    const { list } = clientFor(() => ({ status: 418, headers: { 'x-ashby-request-id': id }, body: '' }));
    const { internalMessage } = (await list().catch((thrown: unknown) => thrown)) as AshbyError;
    expect(internalMessage).toMatch(/requestId=abc31mx{1,100}$/);
    expect(internalMessage?.length).toBeLessThan(300);
  });

  test('Retry-After is obeyed to the second', async () => {
    const { list, sent } = clientFor((n) =>
      n === 1 ? { status: 429, headers: { 'retry-after': '90' }, body: '' } : {},
    );
    await list();
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBeGreaterThanOrEqual(90_000);
  });

  test.each(['0', '1'])(
    'a limit that lasts two minutes is outlived, though each answer says Retry-After: %s',
    async (after) => {
      const busy: Reply = { status: 429, headers: { 'retry-after': after }, body: '' };
      const { list, clock } = clientFor((_n, { now }) => (now.call(clock) < 120_000 ? busy : {}));
      await list();
      expect(clock.now()).toBeGreaterThanOrEqual(120_000);
    },
  );

  test('a limit that never ends is given up', async () => {
    const { list, sent } = clientFor(() => ({ status: 429, headers: { 'retry-after': '60' }, body: '' }));
    await expect(list()).rejects.toMatchObject({ failureType: 'transient_error' });
    expect(sent).toHaveLength(12);
  });
});
