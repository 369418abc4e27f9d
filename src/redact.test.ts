import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksSecret, proxySecrets, redactor } from './redact.ts';

const key = 'abcdefgh/12"34+é';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('redactor', () => {
  test.each([
    ['as it is', key],
    ['in the Authorization header', base64(`${key}:`)],
    ['in the Authorization header, without padding', base64(`${key}:`).replace(/=+$/, '')],
    ['in base64', base64(key)],
    ['in base64 without padding', base64(key).replace(/=+$/, '')],
    ['in base64 for addresses', Buffer.from(key).toString('base64url')],
    ['in hexadecimal', Buffer.from(key).toString('hex')],
    ['in capital hexadecimal', Buffer.from(key).toString('hex').toUpperCase()],
    ['in JSON', JSON.stringify(key).slice(1, -1)],
    [
      'in JSON with escapes alone',
      Array.from(key, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    ],
    ['in JSON with escaped slashes', JSON.stringify(key).slice(1, -1).replaceAll('/', '\\/')],
    ['in a URL', encodeURIComponent(key)],
    ['in a URL, less encoded', encodeURI(key)],
    ['in a URL, in small letters', encodeURIComponent(key).toLowerCase()],
    ['in a URL, wholly encoded', Array.from(Buffer.from(key), (byte) => `%${byte.toString(16)}`).join('')],
  ])('the key is masked %s', (_form, text) => {
    expect(redactor([key])(`before ${text} after`)).toBe('before **** after');
  });

  test('nothing but some bits of the edges is left of a key in the middle of something in base64', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 9 }),
        fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 40 }),
        fc.string({ unit: 'binary', maxLength: 9 }),
        (before, secret, after) => {
          const masked = redactor([secret])(base64(`${before}${secret}${after}`));
          const kept = base64(`${before}${after}`).length + 4;
          expect(masked).toContain('****');
          expect(masked.length - 4).toBeLessThanOrEqual(kept);
        },
      ),
    );
  });

  test('a secret that becomes known later is masked from then on', () => {
    const secrets: string[] = [];
    const redact = redactor(secrets);
    expect(redact(key)).toBe(key);
    secrets.push(key);
    expect(redact(key)).toBe('****');
  });

  test('a secret without end is masked too', () => {
    const endless = 'made-up-'.repeat(10_000);
    expect(redactor([endless])(`before ${endless} after`)).toBe('before **** after');
  });

  test('what is shorter than any real key is left alone', () => {
    expect(redactor(['nope'])('openings, nope')).toBe('openings, nope');
  });
});

test.each([
  [
    'http://us%65r:p%40ss%2Fword@proxy.example:3128',
    ['us%65r:p%40ss%2Fword', 'p%40ss%2Fword', 'user:p@ss/word', 'p@ss/word'],
  ],
  ['user:pass/wo@rd@proxy.example:3128', ['user:pass/wo@rd', 'pass/wo@rd']],
  ['socks5://token@proxy.example', ['token']],
  ['http://user:100%@proxy.example', ['user:100%', '100%']],
  ['http://proxy.example:3128', []],
  ['', []],
])('of the proxy %s these are secret: %j', (address, secrets) => {
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) {
    expect(proxySecrets({ [name]: address, OTHER: 'http://a:b@c' })).toEqual(secrets);
  }
});

test.each([
  '{"api_key":"abc"}',
  'api_key=abc',
  'apikey:abc def',
  'h21uymtveubenazib5l7bf2az7wk7n7p5ylyugtqhn1v4o2dcfal0n32gmxohz0m',
  'Basic aGVsbG86',
  'x'.repeat(5_000),
])('%s looks like a secret', (word) => {
  expect(looksSecret(word)).toBe(true);
});

test.each(['config.json', '/secrets/api_key.json', './tmp/abcdef0123456789abcdef', '--config', 'check', '~/a-1.json'])(
  '%s does not look like a secret',
  (word) => {
    expect(looksSecret(word)).toBe(false);
  },
);
