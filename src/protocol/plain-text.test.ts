import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainText } from './plain-text.ts';

test.each([
  ['words', 'Größe 5 € 😀', 'Größe 5 € 😀'],
  ['a line feed', 'a\n{"type":"RECORD"}', 'a\\n{"type":"RECORD"}'],
  ['the other spaces', '\r\t\u0000', '\\r\\t\\u0000'],
  ['a terminal escape', '\u001b[2J', '\\u001b[2J'],
  ['its form in one character', '\u009b2J', '\\u009b2J'],
  ['what turns the direction of writing', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['separators of lines', '\u0085\u2028\u2029', '\\u0085\\u2028\\u2029'],
  ['half a pair', '\ud800', '\ufffd'],
])('%s', (_what, text, expected) => {
  expect(plainText(text, 100)).toBe(expected);
});

test('a long text is cut, and says by how much', () => {
  expect(plainText('x'.repeat(5_000_000), 10)).toBe('xxxxxxxxxx… (4999990 characters left out)');
  expect(plainText('x'.repeat(10), 10)).toBe('xxxxxxxxxx');
  expect(plainText('123456789😀', 10)).toBe('123456789… (2 characters left out)');
});

test('whatever comes in, what goes out is printable and bounded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const plain = plainText(text, 50);
      expect(plain).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]*$/u);
      expect(plain.length).toBeLessThan(100);
    }),
  );
});
