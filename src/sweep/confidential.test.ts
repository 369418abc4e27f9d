import { expect, test } from '@jest/globals';
import { Confidential } from './confidential.ts';

const open = { confidential: false };
const secret = { confidential: true };

test.each<[fact: string, known: readonly string[] | undefined, now: Record<string, object>, lost: boolean]>([
  ['nothing is lost where nothing was known', undefined, { a: open }, false],
  ['all that were there are missing, and no other has come', ['b', 'c'], { a: open }, true],
  ['some are missing', ['b', 'c'], { a: open, c: secret }, false],
  ['the known ones are gone, and there are others', ['b'], { a: open, d: secret }, false],
  ['the known ones are not confidential any more', ['b'], { a: open, b: open }, false],
  ['rows without the field are not confidential', ['b'], { a: {} }, true],
])('%s', (_, known, now, lost) => {
  const confidential = new Confidential(known);
  confidential.begin();
  for (const [key, row] of Object.entries(now)) confidential.see(key, { ...row });
  expect(confidential.areLost((key) => key in now)).toBe(lost);
});

test('a few keys are kept, and those of a walk that begins again are forgotten', () => {
  const confidential = new Confidential();
  confidential.see('old', secret);
  confidential.begin();
  for (let n = 0; n < 50; n += 1) confidential.see(`k${n}`, secret);
  expect(confidential.kept).toHaveLength(10);
  expect(confidential.kept).not.toContain('old');
});
