import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge, settle, type Answer, type Findings, type Verdict } from './verdict.ts';

const keys = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => `k${n + from}`);

/** A table that had these keys and has those; nothing special about it. */
function findings(before: readonly string[], now: readonly string[], more: Partial<Findings> = {}): Findings {
  const walk = new Set(now);
  const memory = new Set(before);
  return {
    before: before.length,
    now: now.length,
    difference: {
      onlyInFirst: before.filter((key) => !walk.has(key)),
      onlyInSecond: now.filter((key) => !memory.has(key)),
    },
    capacity: 512,
    isSound: true,
    lost: [],
    isLiving: (key) => walk.has(key),
    isYoung: () => false,
    suspects: [],
    asksAtMost: undefined,
    ...more,
  };
}

function compared(verdict: Verdict): Extract<Verdict, { kind: 'compared' }> {
  if (verdict.kind !== 'compared') throw new Error(`${verdict.kind}: ${verdict.say?.text ?? ''}`);
  return verdict;
}

const wide = { difference: 'too-many' } as const;
const hundred = keys(100);

describe('judge', () => {
  test.each<[fact: string, findings: Findings, expected: Partial<Verdict>]>([
    ['nothing changed', findings(hundred, hundred), { kind: 'compared', missing: [], say: undefined }],
    [
      'no memory yet',
      findings(hundred, hundred, { before: undefined }),
      { kind: 'renewed', printWhole: false, say: undefined },
    ],
    [
      'no memory, and rows that a damaged one would miss',
      findings(hundred, [], { before: undefined }),
      { kind: 'renewed' },
    ],
    [
      'a changed start_date',
      findings(hundred, keys(40), { barred: 'start_date was changed' }),
      { kind: 'renewed', printWhole: false },
    ],
    ['10 of 100 gone', findings(hundred, keys(90, 10)), { kind: 'compared', missing: keys(10) }],
    ['11 of 100 gone', findings(hundred, keys(89, 11)), { kind: 'guarded', printWhole: false }],
    [
      '11 of 100 gone, of which 2 were printed since',
      findings(keys(98), keys(89), { loose: ['x', 'y'] }),
      { kind: 'guarded' },
    ],
    ['48 of 49 gone', findings(keys(49), ['k0']), { kind: 'compared', missing: keys(48, 1) }],
    ['6 of 50 gone', findings(keys(50), keys(44)), { kind: 'guarded' }],
    ['the only row gone', findings(['a'], []), { kind: 'guarded', printWhole: false }],
    ['an empty table that stays empty', findings([], []), { kind: 'compared', missing: [] }],
    [
      'one row gone, and with it all confidential jobs',
      findings(hundred, keys(99), { lost: ['confidential jobs'] }),
      { kind: 'guarded' },
    ],
    [
      'none gone, though no job is confidential any more',
      findings(hundred, hundred, { lost: ['confidential jobs'] }),
      { kind: 'compared', missing: [] },
    ],
    [
      'more gone than can be named',
      findings(keys(9000), keys(4000), wide),
      { kind: 'guarded', printWhole: true, print: [] },
    ],
    [
      'as many gone as new, more than can be named',
      findings(keys(9000), keys(9000, 4000), wide),
      { kind: 'guarded', printWhole: true },
    ],
    ['grown by more than can be named', findings(keys(9000), keys(9513), wide), { kind: 'renewed', printWhole: true }],
    ['grown by just what can be named', findings(keys(9000), keys(9512), wide), { kind: 'guarded', printWhole: true }],
    [
      'an unsound memory that cannot be read',
      findings(hundred, hundred, { ...wide, isSound: false }),
      { kind: 'renewed', printWhole: true },
    ],
    [
      'an unsound memory that can be read',
      findings(hundred, keys(99, 1), { isSound: false }),
      { kind: 'compared', missing: ['k0'] },
    ],
    [
      'an unsound memory, and the table is empty',
      findings(hundred, [], { ...wide, isSound: false }),
      { kind: 'guarded' },
    ],
  ])('%s', (_, given, expected) => {
    expect(judge(given)).toMatchObject(expected);
  });

  test('without a call to ask, a key is a suspect first and buried when the next walk misses it too', () => {
    const first = compared(judge(findings(hundred, keys(98, 2), { suspects: ['k1', 'k5'] })));
    expect(first).toMatchObject({ bury: ['k1'], suspects: ['k0'], ask: [], missing: ['k0', 'k1'] });
    expect(settle(first, new Map(), () => false)).toEqual({ bury: ['k1'], keep: ['k0'], suspects: ['k0'] });
  });

  test('with a call to ask, nothing is buried unasked; those that were asked before come last', () => {
    const options = { asksAtMost: 3, suspects: ['k0', 'k1'] };
    const verdict = compared(judge(findings(hundred, keys(95, 5), options)));
    expect(verdict).toMatchObject({ bury: [], ask: ['k2', 'k3', 'k4'], missing: keys(5) });
    const answers = new Map<string, Answer>([
      ['k2', 'not-found'],
      ['k3', 'living'],
    ]);
    expect(settle(verdict, answers, () => false)).toEqual({
      bury: ['k2'],
      keep: ['k0', 'k1', 'k3', 'k4'],
      suspects: ['k0', 'k1', 'k3'],
    });
  });

  test('a merge is a death only where the walk has seen the candidate that it names', () => {
    const walk = keys(98, 2);
    const verdict = compared(judge(findings(hundred, walk, { asksAtMost: 10 })));
    const answers = new Map<string, Answer>([
      ['k0', { mergedInto: 'k50' }],
      ['k1', { mergedInto: 'nobody' }],
    ]);
    expect(settle(verdict, answers, (key) => walk.includes(key))).toMatchObject({ bury: ['k0'], keep: ['k1'] });
  });

  test('rows that were printed since and are gone are missing too', () => {
    const verdict = judge(findings(hundred, hundred, { loose: ['k3', 'new', 'new'] }));
    expect(verdict).toMatchObject({ kind: 'compared', missing: ['new'], suspects: ['new'] });
  });

  test('rows that became visible are printed, and counted apart from those that are just young', () => {
    const given = findings(keys(98, 2), hundred, { isYoung: (key) => key === 'k0' });
    expect(judge(given)).toMatchObject({
      print: ['k0', 'k1'],
      healed: 1,
      say: { level: 'INFO', text: expect.stringMatching(/^1 row that .* printed now\./) },
    });
  });

  test('a guard prints what it can name, and forgets suspects that are back', () => {
    const given = findings(hundred, [...keys(80), 'seen'], { suspects: ['k90', 'k1'] });
    expect(judge(given)).toMatchObject({ kind: 'guarded', print: ['seen'], suspects: ['k90'] });
  });

  test.each<[text: string, given: Findings]>([
    ['of 100 rows, 20 are missing', findings(hundred, keys(80))],
    ['of 9,000 rows, at least 5,000 are missing', findings(keys(9000), keys(4000), wide)],
    ['of 9,000 rows, more than can be named are missing', findings(keys(9000), keys(9000), wide)],
  ])('the warning says what is likely and what to do: %s', (text, given) => {
    const { say } = judge(given);
    expect(say).toEqual({ level: 'WARN', text: expect.stringContaining(text) });
    expect(say?.text).toContain('the API key may read less than before');
    expect(say?.text).toContain('read it from the beginning');
  });

  test('the warning about a kind of rows that is out of sight names the switch in Ashby', () => {
    const { say } = judge(findings(hundred, keys(99), { lost: ['confidential jobs'] }));
    expect(say?.level).toBe('WARN');
    expect(say?.text).toContain(
      "of 100 rows, 1 is missing from Ashby's list, and Ashby's lists show no confidential jobs",
    );
    expect(say?.text).toContain('"Allow access to confidential jobs and projects"');
    expect(say?.text).toContain('read it from the beginning');
  });

  test('whatever was found and answered, no key of the walk is buried, none is dropped, and guards bury nothing', () => {
    const some = fc.uniqueArray(
      fc.nat(80).map((n) => `k${n}`),
      { maxLength: 80 },
    );
    const answer = fc.oneof(
      fc.constantFrom<Answer>('not-found', 'living', 'unclear'),
      fc.nat(80).map((n) => ({ mergedInto: `k${n}` })),
    );
    const extras = fc.record(
      {
        // Names that are not missing at all: a memory that was damaged unnoticed.
        difference: fc.record({ onlyInFirst: some, onlyInSecond: some }),
        loose: some,
        suspects: some,
        asksAtMost: fc.option(fc.nat(20), { nil: undefined }),
        isSound: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        some,
        some,
        extras,
        fc.dictionary(
          fc.nat(80).map((n) => `k${n}`),
          answer,
        ),
        (before, now, more, answers) => {
          const given = findings(before, now, more);
          const verdict = judge(given);
          expect(verdict.suspects.filter(given.isLiving)).toEqual([]);
          if (verdict.kind !== 'compared') return;
          const settled = settle(verdict, new Map(Object.entries(answers)), given.isLiving);
          expect(settled.bury.filter(given.isLiving)).toEqual([]);
          expect([...settled.bury, ...settled.keep].toSorted()).toEqual(verdict.missing.toSorted());
          expect(settled.suspects.filter((key) => settled.bury.includes(key))).toEqual([]);
          if (given.asksAtMost !== undefined) {
            const dead = (key: string) => answers[key] === 'not-found' || typeof answers[key] === 'object';
            expect(settled.bury.filter((key) => !dead(key))).toEqual([]);
          } else {
            expect(settled.bury.filter((key) => !given.suspects.includes(key))).toEqual([]);
          }
          if (given.before! >= 50) expect(settled.bury.length).toBeLessThanOrEqual(given.before! / 10);
        },
      ),
      { numRuns: 500 },
    );
  });
});
