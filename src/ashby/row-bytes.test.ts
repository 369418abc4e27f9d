import { describe, expect, test } from '@jest/globals';
import { assert, array, constantFrom, dictionary, integer, jsonValue, property, record, string } from 'fast-check';
import { splitRows } from './row-bytes.ts';

const split = (text: string) => splitRows(Buffer.from(text));

/** How programs write JSON. */
const styles: Record<string, (value: unknown) => string> = {
  compact: (value) => JSON.stringify(value),
  indented: (value) => JSON.stringify(value, undefined, 2),
  'spaced, in ASCII': (value) =>
    JSON.stringify(value, undefined, 1)
      .replace(/\n */g, ' ')
      .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
};
const texts = string({
  unit: constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', ':', 'é', '😀', '\u2028', '\u0085', '\ud83d', '\n'),
});
const answers = record({
  style: constantFrom(...Object.keys(styles)),
  body: record(
    {
      success: constantFrom(true, false),
      results: array(dictionary(texts, jsonValue()), { maxLength: 4 }),
      nextCursor: texts,
      errorInfo: dictionary(texts, texts),
      syncToken: constantFrom('results', '"results":[', 'token'),
    },
    { requiredKeys: ['results'] },
  ),
});
const written = ({ style, body }: { style: string; body: unknown }): string => styles[style]?.(body) ?? '';

describe('splitRows', () => {
  test('finds rows, and the bytes of each', () => {
    const found = split('{"success":true,"results":[{"a":"}]"},{"b":[1,{"c":"\\"{"}]}],"syncToken":"t"}');
    expect(found?.body).toEqual({ success: true, results: [{ a: '}]' }, { b: [1, { c: '"{' }] }], syncToken: 't' });
    const { bytes, from, to } = found?.bytes?.at(1) ?? { bytes: Buffer.alloc(0), from: 0, to: 0 };
    expect(bytes.toString('utf8', from, to)).toBe('{"b":[1,{"c":"\\"{"}]}');
    expect(found?.bytes?.at(2)).toBeUndefined();
  });

  test('takes compact answers of all lists: else nothing would be won', () => {
    for (const results of [[], [{}], [{ id: 1 }, { id: 2 }]])
      expect(split(JSON.stringify({ success: true, results, moreDataAvailable: false }))?.body).toBeDefined();
  });

  test('whatever it takes, it reads as JSON.parse does', () => {
    assert(
      property(answers, (answer) => {
        const text = written(answer);
        const found = split(text);
        if (found) expect(found.body).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('whatever is damaged, it takes only what JSON.parse takes', () => {
    assert(
      property(
        answers,
        integer({ min: 0 }),
        constantFrom('', '"', '{', ']', ',', '\\', 'x'),
        (answer, place, instead) => {
          const whole = written(answer);
          const at = place % whole.length;
          const text = whole.slice(0, at) + instead + whole.slice(at + 1);
          const found = split(text);
          if (found) expect(found.body).toEqual(JSON.parse(text.toWellFormed()));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('bytes that it gives out are the row, on one line for every reader', () => {
    assert(
      property(answers, (answer) => {
        const found = split(written(answer));
        const rows = (found?.body['results'] ?? []) as unknown[]; // splitRows says so
        for (const [index, row] of rows.entries()) {
          const span = found?.bytes?.at(index);
          if (!span) continue;
          const text = span.bytes.toString('utf8', span.from, span.to);
          expect(JSON.parse(text)).toEqual(row);
          expect(text).not.toMatch(/[\n\r\u0085\u2028\u2029\ufffd]|\\ud/i);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['a half of a pair of surrogates', '{"results":[{"a":"\\ud83d"},{"a":1}]}'],
    ['a line separator', '{"results":[{"a":"\u2028"},{"a":1}]}'],
    ['a next line', '{"results":[{"a":"\u0085"},{"a":1}]}'],
  ])('%s keeps one row from being printed as it came, not the others', (_what, text) => {
    const found = split(text);
    expect(found?.bytes?.at(0)).toBeUndefined();
    expect(found?.bytes?.at(1)).toBeDefined();
  });

  test('bytes that are no UTF-8 are not given out', () => {
    const found = splitRows(Buffer.from('{"results":[{"a":"\xff"}]}', 'latin1'));
    expect(found?.body).toEqual({ results: [{ a: '\ufffd' }] });
    expect(found?.bytes).toBeUndefined();
  });

  test.each([
    ['no results', '{"success":true}'],
    ['results that are no list', '{"results":{"a":1}}'],
    ['a row that is no object', '{"results":[{"a":1},2]}'],
    ['results inside another object', '{"meta":{"results":[{"a":1}]},"results":[]}'],
    ['results twice', '{"results":[{"a":1}],"results":null}'],
    ['results twice, once escaped', '{"results":[{"a":1}],"result\\u0073":null}'],
    ['a comma too many', '{"results":[{"a":1},]}'],
    ['a comma too few', '{"results":[{"a":1}{"a":2}]}'],
    ['brackets that do not match', '{"results":[{"a":[1}]]}'],
    ['an end within a text', '{"results":[{"a":"'],
    ['an end behind a backslash', '{"results":[{"a":"\\'],
    ['a list around it', '[{"results":[{"a":1}]}]'],
    ['nothing', ''],
  ])('leaves to others: %s', (_what, text) => {
    expect(split(text)).toBeUndefined();
  });
});
