import { describe, expect, test } from '@jest/globals';
import { encodeJson, encodeState, recordEncoder } from './encode.ts';

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

describe('recordEncoder', () => {
  const encode = recordEncoder('jobs');

  test('adds the suffix inside the data', () => {
    expect(JSON.parse(encode({ id: '1' }, '"added":"x"', 5).join(''))).toEqual({
      type: 'RECORD',
      record: { stream: 'jobs', data: { id: '1', added: 'x' }, emitted_at: 5 },
    });
  });

  test('adds the suffix to an empty row, and nothing where there is none', () => {
    expect(encode({}, '"added":1', 5).join('')).toContain('"data":{"added":1}');
    expect(encode({ id: 1 }, '', 5).join('')).toContain('"data":{"id":1}');
  });

  test('ends with one line feed', () => {
    expect(encode({ text: 'a\nb' }, '', 5).join('').match(/\n/g)).toHaveLength(1);
  });
});

test('a state counts with a decimal point', () => {
  const line = encodeState('jobs', { token: 't' }, 12);
  expect(line).toContain('"recordCount":12.0}');
  expect(JSON.parse(line)).toMatchObject({
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor: { name: 'jobs' }, stream_state: { token: 't' } } },
  });
});
