import { expect, test } from '@jest/globals';
import { redactor } from './redact.ts';

const key = 'abcdefgh/12"34';

test.each([
  ['as it is', key],
  ['in the Authorization header', Buffer.from(`${key}:`).toString('base64')],
  ['in JSON', JSON.stringify(key).slice(1, -1)],
  ['in a URL', encodeURIComponent(key)],
])('the key is masked %s', (_form, text) => {
  expect(redactor([key])(`before ${text} after`)).toBe('before **** after');
});

test('what is shorter than any real key is left alone', () => {
  expect(redactor(['nope'])('openings, nope')).toBe('openings, nope');
});
