import { describe, expect, test } from '@jest/globals';
import { encodeJson, encodeState, recordWriter } from './encode.ts';

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

describe('recordWriter', () => {
  function line(row: Record<string, unknown>, suffix: string, json?: string): string {
    const parts: string[] = [];
    const out = {
      write: (text: string) => void parts.push(text),
      copy: (bytes: Buffer, from: number, to: number) => void parts.push(bytes.toString('utf8', from, to)),
    };
    const bytes = json === undefined ? undefined : Buffer.from(`before${json}after`);
    recordWriter('jobs', out)(row, { suffix, emittedAt: 5 }, bytes && { bytes, from: 6, to: bytes.length - 5 });
    return parts.join('');
  }

  test('adds the suffix inside the data', () => {
    const expected = { type: 'RECORD', record: { stream: 'jobs', data: { id: '1', added: 'x' }, emitted_at: 5 } };
    expect(JSON.parse(line({ id: '1' }, '"added":"x"'))).toEqual(expected);
    expect(JSON.parse(line({ id: '1' }, '"added":"x"', '{ "id": "1" }'))).toEqual(expected);
  });

  test('adds the suffix to an empty row, and nothing where there is none', () => {
    expect(line({}, '"added":1')).toContain('"data":{"added":1}');
    expect(JSON.parse(line({}, '"added":1', '{ }'))).toMatchObject({ record: { data: { added: 1 } } });
    expect(line({ id: 1 }, '')).toContain('"data":{"id":1}');
  });

  test('prints bytes as they are', () => {
    expect(line({ id: 1 }, '', '{"id":12345678901234567890.10}')).toContain('"data":{"id":12345678901234567890.10}');
  });

  test('ends with one line feed', () => {
    expect(line({ text: 'a\nb' }, '').match(/\n/g)).toHaveLength(1);
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
