import { expect, test } from '@jest/globals';
import { rowsIn, textOf } from '../../testing/rows.ts';
import { mended } from './line-safe.ts';
import { openAnswer } from './rows.ts';

const TOLD = { change: 'TRUNCATED', reason: 'SOURCE_SERIALIZATION_ERROR' };

test.each([
  ['a line separator', '{"a":"x\u2028y"}', '{"a":"x\\u2028y"}'],
  ['a paragraph separator in a name', '{"a\u2029":1}', '{"a\\u2029":1}'],
  ['a next line', '{"a":"\u0085"}', '{"a":"\\u0085"}'],
  ['line breaks between tokens', '{\r\n"a":\n1}', '{  "a": 1}'],
  ['a whole pair in escapes', '{"a":"\\ud83d\\uDE00"}', '{"a":"\\ud83d\\uDE00"}'],
  ['a backslash before what looks like an escape', '{"a":"\\\\ud83d"}', '{"a":"\\\\ud83d"}'],
])('%s: the meaning stays, and nothing is told', (_what, sent, printed) => {
  const [row] = rowsIn(`{"results":[${sent}]}`).map(mended);
  expect(row && textOf(row)).toBe(printed);
  expect(JSON.parse(printed)).toEqual(JSON.parse(sent));
  expect(row?.value).toEqual(JSON.parse(sent));
  expect(row?.changes).toBeUndefined();
});

test.each([
  ['a first half', '{"a":"x\\ud83dy","b":"\\ud83d\\ude00"}', '{"a":"x\\ufffdy","b":"\\ud83d\\ude00"}', ['a']],
  ['a second half', '{"a":1,"b":["\\uDE00"]}', '{"a":1,"b":["\\ufffd"]}', ['b']],
  ['two first halves and a second', '{"a":"\\ud83d\\ud83d\\ude00"}', '{"a":"\\ufffd\\ud83d\\ude00"}', ['a']],
  ['a half behind a backslash', '{"a":"\\\\\\ud83d"}', '{"a":"\\\\\\ufffd"}', ['a']],
  ['a half in a name', '{"k\\ud83d":1}', '{"k\\ufffd":1}', ['k\ufffd']],
  ['a half in two fields', '{"a":"\\ud83d","b":"\\ud83d"}', '{"a":"\\ufffd","b":"\\ufffd"}', ['a', 'b']],
])('%s becomes U+FFFD and is told', (_what, sent, printed, touched) => {
  const [row] = rowsIn(`{"results":[${sent}]}`).map(mended);
  expect(row && textOf(row)).toBe(printed);
  expect(row?.value).toEqual(JSON.parse(printed)); // what is decided by is what is printed
  expect(row?.changes).toEqual(touched.map((field) => ({ field, ...TOLD })));
});

test('only the row that needs it is written anew', () => {
  const given = rowsIn('{"results":[{"a":1},{"a":"\u2028"},{"a":"\\ud83d"},{"a":2}]}');
  expect(given.map(({ unsafe }) => unsafe)).toEqual([undefined, undefined, true, undefined]); // separators go at once
  const rows = given.map(mended);
  expect(rows.map(({ unsafe }) => unsafe)).toEqual([undefined, undefined, undefined, undefined]);
  expect(rows[0]).toBe(given[0]);
  expect(rows.map(textOf)).toEqual(['{"a":1}', '{"a":"\\u2028"}', '{"a":"\\ufffd"}', '{"a":2}']);
  expect(rows.map(({ changes }) => changes?.length)).toEqual([undefined, undefined, 1, undefined]);
  expect(rows[0]?.json.bytes).toBe(rows[3]?.json.bytes);
  expect(rows[2]?.json.bytes).not.toBe(rows[0]?.json.bytes);
});

test.each(['\u2028', '\u2029', '\u0085'])(
  'a lone backslash before separator %j is no JSON, and does not become some',
  (separator) => {
    expect(openAnswer(Buffer.from(`{"success":true,"results":[{"a":"\\${separator}"}]}`))).toBeUndefined();
    const [row] = rowsIn(`{"results":[{"a":"\\\\${separator}"}]}`);
    expect(row?.value).toEqual({ a: `\\${separator}` });
  },
);

const nested = (levels: number, inside = ''): string => `${'['.repeat(levels)}${inside}${']'.repeat(levels)}`;

test('what lies deeper than 150 levels is cut to null and told, and no level more', () => {
  const sent = `{"a":1.50,"fits":${nested(149)},"deep":${nested(150)},"b":{"c":${nested(148)},"d":${nested(149, '"x"')}}}`;
  const [row] = rowsIn(`{"results":[${sent}]}`).map(mended);
  const printed = `{"a":1.50,"fits":${nested(149)},"deep":${nested(149, 'null')},"b":{"c":${nested(148)},"d":${nested(148, 'null')}}}`;
  expect(row && textOf(row)).toBe(printed);
  expect(row?.value).toEqual(JSON.parse(printed));
  expect(row?.changes).toEqual([
    { field: 'deep', ...TOLD },
    { field: 'b', ...TOLD },
  ]);
  expect(rowsIn(`{"results":[{"fits":${nested(149)}}]}`)[0]?.unsafe).toBeUndefined();
});

test('a thousand levels, and brackets in texts: only the former are depth', () => {
  const [deep, text] = rowsIn(`{"results":[{"a":${nested(1_000)},"b":1},{"a":"${'['.repeat(1_000)}"}]}`).map(mended);
  expect(deep && textOf(deep)).toBe(`{"a":${nested(149, 'null')},"b":1}`);
  expect(deep?.changes).toEqual([{ field: 'a', ...TOLD }]);
  expect(text?.changes).toBeUndefined();
});

test('a half inside what is cut is told once', () => {
  const [row] = rowsIn(`{"results":[{"a":${nested(150, '"\\ud83d"')}}]}`).map(mended);
  expect(row && textOf(row)).toBe(`{"a":${nested(149, 'null')}}`);
  expect(row?.changes).toEqual([{ field: 'a', ...TOLD }]);
});
