import { expect, test } from '@jest/globals';
import { rowsIn, textOf } from '../../testing/rows.ts';

const TOLD = { change: 'TRUNCATED', reason: 'SOURCE_SERIALIZATION_ERROR' };

test.each([
  ['a line separator', '{"a":"x\u2028y"}', '{"a":"x\\u2028y"}'],
  ['a paragraph separator in a name', '{"a\u2029":1}', '{"a\\u2029":1}'],
  ['a next line', '{"a":"\u0085"}', '{"a":"\\u0085"}'],
  ['line breaks between tokens', '{\r\n"a":\n1}', '{  "a": 1}'],
  ['a whole pair in escapes', '{"a":"\\ud83d\\uDE00"}', '{"a":"\\ud83d\\uDE00"}'],
  ['a backslash before what looks like an escape', '{"a":"\\\\ud83d"}', '{"a":"\\\\ud83d"}'],
])('%s: the meaning stays, and nothing is told', (_what, sent, printed) => {
  const [row] = rowsIn(`{"results":[${sent}]}`);
  expect(row && textOf(row)).toBe(printed);
  expect(JSON.parse(printed)).toEqual(JSON.parse(sent));
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
  const [row] = rowsIn(`{"results":[${sent}]}`);
  expect(row && textOf(row)).toBe(printed);
  expect(row?.changes).toEqual(touched.map((field) => ({ field, ...TOLD })));
});

test('only the row that needs it is written anew', () => {
  const rows = rowsIn('{"results":[{"a":1},{"a":"\u2028"},{"a":"\\ud83d"},{"a":2}]}');
  expect(rows.map(textOf)).toEqual(['{"a":1}', '{"a":"\\u2028"}', '{"a":"\\ufffd"}', '{"a":2}']);
  expect(rows.map(({ changes }) => changes?.length)).toEqual([undefined, undefined, 1, undefined]);
  expect(rows[0]?.json.bytes).toBe(rows[3]?.json.bytes);
  expect(rows[1]?.json.bytes).not.toBe(rows[0]?.json.bytes);
});
