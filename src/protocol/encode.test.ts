import { describe, expect, test } from '@jest/globals';
import { encodeMessage, encodeState, recordWriter, type LinePart, type RecordParts } from './encode.ts';

describe('recordWriter', () => {
  /** The line of a row whose JSON lies in the midst of other bytes. */
  function line(json: string, suffix: string, changes?: RecordParts['changes'], stream = 'jobs'): string {
    const lines: string[] = [];
    const textOf = (part: LinePart): string =>
      typeof part === 'string' ? part : part.bytes.toString('utf8', part.from, part.to);
    const out = { line: (...parts: readonly LinePart[]) => void lines.push(parts.map(textOf).join('')) };
    const bytes = Buffer.from(`before${json}after`);
    recordWriter(stream, out)({ json: { bytes, from: 6, to: bytes.length - 5 }, suffix, emittedAt: 5, changes });
    expect(lines).toHaveLength(1); // whole, in one call
    return lines.join('');
  }

  test('adds the suffix inside the data', () => {
    const expected = { type: 'RECORD', record: { stream: 'jobs', data: { id: '1', added: 'x' }, emitted_at: 5 } };
    expect(JSON.parse(line('{"id":"1"}', '"added":"x"'))).toEqual(expected);
    expect(JSON.parse(line('{ "id": "1" }', '"added":"x"'))).toEqual(expected);
  });

  test.each(['{}', '{ }', '{ \t}'])('adds the suffix to the empty row %j without a comma', (empty) => {
    expect(JSON.parse(line(empty, '"added":1'))).toMatchObject({ record: { data: { added: 1 } } });
  });

  test('adds nothing where there is no suffix', () => {
    expect(line('{"id":1}', '')).toContain('"data":{"id":1},"emitted_at"');
    expect(JSON.parse(line('{}', ''))).toMatchObject({ record: { data: {} } });
  });

  test('prints bytes as they are', () => {
    expect(line('{"id":12345678901234567890.10}', '')).toContain('"data":{"id":12345678901234567890.10}');
  });

  test('says what was changed in a row, and nothing where nothing was', () => {
    const changes = [{ field: 'a', change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' }] as const;
    expect(JSON.parse(line('{"a":null}', '', changes))).toMatchObject({ record: { meta: { changes } } });
    for (const none of [undefined, []]) expect(line('{"a":1}', '', none)).not.toContain('meta');
  });

  test('holds no line break, whatever the stream and the changed field are called', () => {
    const changes = [{ field: 'x\u2028\n', change: 'TRUNCATED', reason: 'SOURCE_SERIALIZATION_ERROR' }] as const;
    const written = line('{"text":"a\\nb"}', '', changes, 'jobs\u2029\n');
    expect(written).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
    expect(written.endsWith('}')).toBe(true);
  });
});

test('a message is one line, and a state, too', () => {
  const lines = [
    encodeMessage({ type: 'LOG', log: { level: 'INFO', message: 'a\u2028b\nc' } }),
    encodeState('jobs', { token: 'a\u2028b\nc' }, 1),
  ];
  for (const line of lines) {
    expect(line).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
    expect(JSON.stringify(JSON.parse(line))).toContain('a\u2028b\\nc');
  }
});

test('a state counts with a decimal point', () => {
  const line = encodeState('jobs', { token: 't' }, 12);
  expect(line).toContain('"recordCount":12.0}');
  expect(JSON.parse(line)).toMatchObject({
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor: { name: 'jobs' }, stream_state: { token: 't' } } },
  });
});
