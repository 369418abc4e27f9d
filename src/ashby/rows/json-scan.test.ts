import { expect, test } from '@jest/globals';
import { assert, constantFrom, dictionary, jsonValue, property, array, string } from 'fast-check';
import { endOfContainer, endOfValue, itemsOf, memberNamed, membersOf, skipSpace, type JsonSpan } from './json-scan.ts';

const spanOf = (text: string): JsonSpan => {
  const bytes = Buffer.from(text);
  return { bytes, from: 0, to: bytes.length };
};
const textOf = ({ bytes, from, to }: JsonSpan): string => bytes.toString('utf8', from, to);
const indents = constantFrom(undefined, 2, '\t', '\r\n');
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('the end of any value is where it was written to', () => {
  assert(
    property(jsonValue(), indents, constantFrom('', ',', ']', ' ', '\n}'), (value, indent, behind) => {
      const text = JSON.stringify(value, undefined, indent);
      const bytes = Buffer.from(`  ${text}${behind}`);
      expect(skipSpace(bytes, 0)).toBe(2);
      expect(endOfValue(bytes, 2)).toBe(2 + Buffer.byteLength(text));
      if (depthOf(value) > 0) expect(endOfContainer(bytes, 2).depth).toBe(depthOf(value));
    }),
    { numRuns: 500 },
  );
});

test('the members of any object and the items of any list are those that JSON.parse finds', () => {
  assert(
    property(dictionary(string(), jsonValue()), array(jsonValue()), indents, (object, list, indent) => {
      const members = membersOf(spanOf(JSON.stringify(object, undefined, indent))) ?? [];
      expect(members.map(({ name }) => name)).toEqual(Object.keys(object));
      const values = members.map(({ value }) => JSON.parse(textOf(value)) as unknown);
      expect(values).toEqual(JSON.parse(JSON.stringify(Object.values(object))));
      const items = itemsOf(spanOf(JSON.stringify(list, undefined, indent))) ?? [];
      expect(items.map(({ json }) => JSON.parse(textOf(json)) as unknown)).toEqual(JSON.parse(JSON.stringify(list)));
      expect(items.map(({ depth }) => depth)).toEqual(list.map(depthOf));
    }),
    { numRuns: 300 },
  );
});

test('repeated names are all told, in their order, and escapes in them are read', () => {
  const members = membersOf(spanOf('{"a":1,"\\u0061" : 2,"b":[]}')) ?? [];
  expect(members.map(({ name, value }) => [name, textOf(value)])).toEqual([
    ['a', '1'],
    ['a', '2'],
    ['b', '[]'],
  ]);
});

test('a member is found by its name, escaped or not; of several the last', () => {
  const span = spanOf('{ "ab":{"a":0},"a\\"":1,"\\u0061" : 2 , "abc":3,"b":"\\"a\\":9"}');
  const found = (name: string) => {
    const value = memberNamed(span, name);
    return value && textOf(value);
  };
  expect(['a', 'ab', 'abc', 'b', 'c', ''].map(found)).toEqual([
    '2',
    '{"a":0}',
    '3',
    '"\\"a\\":9"',
    undefined,
    undefined,
  ]);
  expect(textOf(memberNamed(spanOf('{"a":1,"a":[2]}'), 'a') ?? span)).toBe('[2]');
  for (const text of ['[]', '"a"', '1', '']) expect(memberNamed(spanOf(text), 'a')).toBeUndefined();
});

test('what is no object has no members, and what is no list no items', () => {
  for (const text of ['[]', '"a"', '1', '']) expect(membersOf(spanOf(text))).toBeUndefined();
  for (const text of ['{}', '"a"', '1', '']) expect(itemsOf(spanOf(text))).toBeUndefined();
});

test('in a text that is cut off anywhere, no place lies outside it', () => {
  assert(
    property(dictionary(string(), jsonValue()), (object) => {
      const text = JSON.stringify({ ...object, end: [{ a: '\\"' }] });
      for (let length = 1; length < text.length; length += 1) {
        const span = spanOf(text.slice(0, length));
        expect(endOfValue(span.bytes, 0)).toBeLessThanOrEqual(span.to);
        for (const { from, value } of membersOf(span) ?? []) {
          expect(from).toBeLessThan(span.to);
          expect(textOf(value).length).toBeLessThanOrEqual(span.to);
        }
      }
    }),
    { numRuns: 5 },
  );
});
