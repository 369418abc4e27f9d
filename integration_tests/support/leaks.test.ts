import { expect, test } from '@jest/globals';
import { defaultOptions } from '../simulator/index.ts';
import { leaksIn } from './leaks.ts';

const { key } = defaultOptions();
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['as it is', key],
  ['the first 23 characters', key.slice(0, 23)],
  ['23 characters in the middle', key.slice(15, 38)],
  ['hexadecimal', Buffer.from(key).toString('hex')],
  ['percent-encoded', Buffer.from(key).toString('hex').replace(/../g, '%$&')],
  ['the header', `Basic ${base64(`${key}:`)}`],
  ['a part of the header', base64(`${key}:`).slice(9, 40)],
  ['base64 behind one character', base64(`"${key}"`)],
  ['base64 behind two characters', base64(`: ${key}`)],
  ['base64 for addresses', Buffer.from(`${key}:`).toString('base64url')],
])('a key that is printed %s is found', (_form, text) => {
  expect(leaksIn(`{"message":"before ${text} after"}`)).not.toEqual([]);
});

test('a text without it has no leak', () => {
  expect(
    leaksIn(JSON.stringify({ message: 'The API key is ****.', token: base64('a sync token of some length') })),
  ).toEqual([]);
});
