import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inboxTables } from '../../src/tables/inbox/tables.ts';
import { offered } from '../../src/tables/table.ts';
import { httpServer, type Loopback } from '../../src/testing/loopback.ts';
import { catalogOf } from '../support/catalog.ts';
import { InboxBench } from './inbox-bench.ts';
import { TOKEN, withFile } from './receiver.ts';

/* check, discover and read as processes: what they say about the inbox. */

let bench: InboxBench;
let page: Loopback;
beforeAll(async () => {
  bench = await InboxBench.start({ scale: 40 });
  page = await httpServer((_request, response) => response.end('<html></html>'));
});
afterAll(async () => {
  await page.close();
  await bench.stop();
});

const check = async (config: Record<string, unknown>) => {
  const { code, out } = await bench.bench.command('check', { ...bench.bench.config, ...config });
  const [status] = out.connectionStatuses();
  return { code, ...status, out };
};

describe('check', () => {
  test('says what the inbox holds', async () => {
    expect(await check(bench.config)).toMatchObject({
      code: 0,
      status: 'SUCCEEDED',
      message: expect.stringMatching(/its permissions cover .* The webhook inbox answers .* holds events 1 to \d+\.$/),
    });
  });

  test('says that an empty inbox is empty, and passes', async () => {
    const empty = await withFile();
    const { out, ...found } = await check({
      ...bench.config,
      webhook_inbox_url: `http://127.0.0.1:${empty.pullPort}/`,
    });
    expect(found).toMatchObject({
      status: 'SUCCEEDED',
      message: expect.stringMatching(/it is empty: nothing has ever arrived/),
    });
    expect(out.logs('WARN').join()).toMatch(/it is empty/);
    await empty.remove();
  });

  test.each<[string, () => Record<string, unknown>, RegExp]>([
    ['a wrong token', () => ({ webhook_inbox_token: 'another-token-0123456789' }), /refuses the token \(status 401\)/],
    [
      'the port for deliveries',
      () => ({ webhook_inbox_url: `http://127.0.0.1:${bench.receiver.port}` }),
      /no webhook inbox \(status 400\)/,
    ],
    ['Ashby itself', () => ({ webhook_inbox_url: bench.sim.url }), /no webhook inbox \(status \d+\)/],
    ['a web page', () => ({ webhook_inbox_url: page.url }), /a web page and no webhook inbox/],
    ['nobody', () => ({ webhook_inbox_url: 'http://127.0.0.1:1' }), /cannot be reached \(ECONNREFUSED\)/],
    ['an address without a token', () => ({ webhook_inbox_token: '' }), /without "webhook_inbox_token"/],
    ['a token without an address', () => ({ webhook_inbox_url: null }), /without "webhook_inbox_url"/],
    ['no address', () => ({ webhook_inbox_url: 'receiver:8081' }), /no http or https address/],
    [
      'a password in the address',
      () => ({ webhook_inbox_url: 'http://a:b-secret-b@127.0.0.1' }),
      /holds a user name or password/,
    ],
  ])(
    'fails for %s with a sentence that quotes no secret',
    async (_name, wrong, sentence) => {
      const { code, status, message, out } = await check({ ...bench.config, ...wrong() });
      expect({ code, status, message }).toEqual({
        code: 0,
        status: 'FAILED',
        message: expect.stringMatching(sentence),
      });
      for (const secret of [TOKEN, 'another-token', 'b-secret-b'])
        expect(JSON.stringify(out.messages)).not.toContain(secret);
    },
    60_000,
  );
});

describe('discover', () => {
  const namesOf = async (config: Record<string, unknown>): Promise<unknown[]> => {
    const { out } = await bench.bench.command('discover', { ...bench.bench.config, ...config });
    return out.catalogs()[0]?.streams.map(({ name }) => name) ?? [];
  };
  const own = inboxTables.map(({ name }) => name);
  const all = offered.map(({ name }) => name);

  test('offers tables of events where an inbox is configured, and else none', async () => {
    expect(await namesOf({})).toEqual(all);
    expect(await namesOf(bench.config)).toEqual([...all, ...own]);
  });
});

test('a table of events without an inbox fails with what to do, beside tables that are read', async () => {
  const { code, out } = await bench.bench.read({
    streams: ['webhook_events', 'jobs'],
    catalog: catalogOf(['webhook_events', 'jobs']),
  });
  expect([code, out.endings()]).toEqual([1, { webhook_events: 'INCOMPLETE', jobs: 'COMPLETE' }]);
  expect(out.errors()).toEqual([
    expect.objectContaining({
      failure_type: 'config_error',
      message: expect.stringMatching(/Fill in "webhook_inbox_url"/),
    }),
  ]);
});
