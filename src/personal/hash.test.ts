import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hasher, normalised } from './hash.ts';

describe('the hash', () => {
  test.each([
    ['a short salt', 'salt'],
    ['a salt of a block', 'x'.repeat(64)],
    ['a salt longer than a block', 'ü'.repeat(100)],
  ])("is Node's HMAC-SHA256 in hexadecimal, with %s", (_what, salt) => {
    const hash = hasher(salt);
    for (const text of ['a', 'jane', 'ü'.repeat(512), '😀'.repeat(256), 'x'.repeat(513), 'y'.repeat(100_000), 'a']) {
      expect(hash(text, false)).toBe(createHmac('sha256', salt).update(text).digest('hex'));
    }
  });

  test('is another under another salt', () => {
    expect(hasher('one')('jane', false)).not.toBe(hasher('two')('jane', false));
  });

  test('of many texts stays right when the first of them are forgotten', () => {
    const hash = hasher('salt');
    const first = hash('text 0', false);
    for (let n = 1; n < 10_000; n += 1) hash(`text ${n}`, false);
    expect(hash('text 0', false)).toBe(first);
  });

  test('of nothing is nothing', () => {
    expect([hasher('salt')('', false), hasher('salt')('  ', true)]).toEqual(['', '']);
  });
});

describe('what is hashed', () => {
  test.each([
    ['  Jane Doe ', 'Jane Doe', false],
    [' Jane.Doe@Example.COM\n', 'jane.doe@example.com', false],
    ['Write to Jane@Example.com', 'Write to Jane@Example.com', false],
    ['+1 (555) 010-99.99', '+15550109999', true],
    ['0049 30 / 123', '+4930123', true],
    ['1.5', '1.5', false],
  ])('%j is taken as %j', (text, meant, phone) => {
    expect(normalised(text, phone)).toBe(meant);
  });
});
