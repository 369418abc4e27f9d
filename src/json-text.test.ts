import { describe, expect, test } from '@jest/globals';
import { encodeJson } from './json-text.ts';

describe('encodeJson', () => {
  test.each(['\u2028', '\u2029', '\u0085'])('%j is escaped, in values and in keys', (separator) => {
    const value = { [`a${separator}`]: `b${separator}c` };
    const json = encodeJson(value);
    expect(json).not.toContain(separator);
    expect(JSON.parse(json)).toEqual(value);
  });

  test('a lone surrogate becomes U+FFFD, wherever it stands', () => {
    const value = { a: 'x\ud83d', b: ['\udc00y', { 'k\ud83d': '\ud83d\ude00' }] };
    expect(JSON.parse(encodeJson(value))).toEqual({ a: 'x\ufffd', b: ['\ufffdy', { 'k\ufffd': '😀' }] });
    expect(encodeJson(value)).not.toMatch(/\\ud/);
  });

  test('a text that only looks like an escaped surrogate is kept', () => {
    const value = { a: 'C:\\ud83d' };
    expect(JSON.parse(encodeJson(value))).toEqual(value);
  });
});
