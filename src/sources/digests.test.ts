import { expect, test } from '@jest/globals';
import { Digests, isPacked } from './digests.ts';

test('what was put in is known, also after packing, at eight characters each; its parts do not run together', () => {
  const digests = new Digests();
  digests.add('posting', 'v1');
  digests.add('other');
  digests.add('other');
  const read = new Digests(digests.pack());
  expect(digests.pack()).toHaveLength(16);
  for (const known of [digests, read]) {
    expect(known.size).toBe(2);
    expect([known.has('posting', 'v1'), known.has('other')]).toEqual([true, true]);
    expect([known.has('posting'), known.has('posting', 'v2'), known.has('postingv1')]).toEqual([false, false, false]);
  }
});

test.each([
  ['', true],
  ['abcdefgh', true],
  ['abc', false],
  ['abcdefg\n', false],
  ['abcdefg=', false],
])('%j can be a packed text: %s', (text, is) => {
  expect(isPacked(text)).toBe(is);
  if (!is) expect(new Digests(text).size).toBe(0);
});
