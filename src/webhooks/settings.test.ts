import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { address, notifyCall, secret, webhookSecrets } from './settings.ts';

const LONG = 'long-enough-0123456789';

function world(environment: Record<string, string>): {
  environment: Record<string, string>;
  hidden: string[];
  hide(text: string): void;
} {
  const hidden: string[] = [];
  return { environment, hidden, hide: (text) => void hidden.push(text) };
}

describe('a secret', () => {
  test('comes from the variable or from the file that the variable _FILE names, without its line break, and is hidden', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'source-ashby-settings-'));
    await writeFile(join(folder, 'secret'), `${LONG}\n`);
    for (const environment of [
      { NAME: LONG },
      { NAME_FILE: join(folder, 'secret') },
      { NAME: '', NAME_FILE: join(folder, 'secret') },
    ]) {
      const given = world(environment as Record<string, string>); // each has one of the two
      expect([await secret('NAME', given), given.hidden]).toEqual([LONG, [LONG]]);
    }
    await rm(folder, { recursive: true });
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['both', { NAME: LONG, NAME_FILE: '/x' }, /both set/],
    ['a file that is not there', { NAME_FILE: '/none/such' }, /NAME_FILE names cannot be read: \/none\/such/],
    ['one that can be guessed', { NAME: 'guess-me' }, /shorter than 16/],
  ])('%s is refused without being quoted', async (_name, environment, reason) => {
    const failure: unknown = await secret('NAME', world(environment)).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ failureType: 'config_error', message: expect.stringMatching(reason) });
    expect(String(failure)).not.toContain('guess-me');
  });

  test('of webhooks must be there; a second one may be', async () => {
    expect(await webhookSecrets(world({ ASHBY_WEBHOOK_SECRET: LONG }))).toEqual([LONG]);
    const both = { ASHBY_WEBHOOK_SECRET: LONG, ASHBY_WEBHOOK_SECRET_OLD: `${LONG}-old` };
    expect(await webhookSecrets(world(both))).toEqual([LONG, `${LONG}-old`]);
    await expect(webhookSecrets(world({ ASHBY_WEBHOOK_SECRET_OLD: LONG }))).rejects.toThrow(
      /There is no webhook secret/,
    );
  });
});

test.each<[string, { host: string; port: number } | undefined]>([
  ['0.0.0.0:8080', { host: '0.0.0.0', port: 8080 }],
  ['[::]:80', { host: '::', port: 80 }],
  ['receiver.local:0', { host: 'receiver.local', port: 0 }],
  ...['8080', ':8080', '0.0.0.0:', '0.0.0.0:70000', '::1:80', 'a:b:1', ''].map((text): [string, undefined] => [
    text,
    undefined,
  ]),
])('the address %j', (text, expected) => {
  if (expected) expect(address('--listen', text)).toEqual(expected);
  else expect(() => address('--listen', text)).toThrow(/--listen must look like/);
});

describe('the call of --notify', () => {
  test('has method, headers and body of the environment, and its tokens are hidden', async () => {
    const given = world({
      ASHBY_NOTIFY_METHOD: 'put',
      ASHBY_NOTIFY_HEADERS: '{"Authorization":"Bearer abcdefgh"}',
      ASHBY_NOTIFY_BODY: '{"ref":"main"}',
    });
    const call = await notifyCall('https://example.com/x', given);
    expect(call).toEqual({
      url: 'https://example.com/x',
      method: 'PUT',
      headers: { Authorization: 'Bearer abcdefgh' },
      body: '{"ref":"main"}',
    });
    expect(given.hidden).toContain('abcdefgh');
    expect(await notifyCall('http://127.0.0.1:1/', world({}))).toMatchObject({
      method: 'POST',
      headers: {},
      body: undefined,
    });
  });

  test.each<[string, string, Record<string, string>]>([
    ['no address', 'example.com', {}],
    ['another protocol', 'file:///etc/passwd', {}],
    ['headers that are no JSON', 'https://a', { ASHBY_NOTIFY_HEADERS: 'Authorization: Bearer abcdefgh' }],
    ['headers that are no texts', 'https://a', { ASHBY_NOTIFY_HEADERS: '{"a":1}' }],
    ['a method that is none', 'https://a', { ASHBY_NOTIFY_METHOD: 'PO ST' }],
  ])('%s is refused', async (_name, url, environment) => {
    await expect(notifyCall(url, world(environment))).rejects.toMatchObject({
      failureType: 'config_error',
      message: expect.not.stringContaining('abcdefgh'),
    });
  });
});
