import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shapesOf } from './kinds.ts';
import { namesOf, type Named } from './names.ts';

const single = { suffixes: [''] };
const nameOf = (title: string): string | undefined => namesOf([{ id: 'a', title, ...single }]).get('a');

test.each([
  ['Preferred Teams', 'cf_preferred_teams'],
  ['  Years of experience  ', 'cf_years_of_experience'],
  ['Salary (EUR / year)', 'cf_salary_eur_year'],
  ['LinkedIn URL', 'cf_linkedin_url'],
  ['already_snake_case', 'cf_already_snake_case'],
  ['__odd--title__', 'cf_odd_title'],
  ["Candidate's choice", 'cf_candidates_choice'],
  ['Größe des Büros', 'cf_grosse_des_buros'],
  ['Señor Łukasz Ærø', 'cf_senor_lukasz_aero'],
  ['İstanbul', 'cf_istanbul'],
  ['№ 5 ﬁt', 'cf_no_5_fit'],
  ['2nd interview', 'cf_2nd_interview'],
  ['Notice 通知期间', 'cf_notice'],
  ['Team 🚀', 'cf_team'],
])('%p becomes %s', (title, name) => {
  expect(nameOf(title)).toBe(name);
});

test.each(['', '   ', '部署', 'Должность', '🚀', '???'])('%p has no word of ours and is named by its id', (title) => {
  expect(nameOf(title)).toBe('cf_field_ca978112'); // of the SHA-256 of "a"
});

test('a long title is cut, with room for what stands behind it', () => {
  expect(nameOf('x'.repeat(300))).toBe(`cf_${'x'.repeat(51)}`);
  expect(nameOf(`${'x'.repeat(50)} yz`)).toBe(`cf_${'x'.repeat(50)}`); // no underscore at the end
});

describe('clashes', () => {
  const named = (...fields: [id: string, title: string, suffixes?: string[]][]): Record<string, string> =>
    Object.fromEntries(namesOf(fields.map(([id, title, suffixes = ['']]) => ({ id, title, suffixes }))));

  test('of equal titles each gets its own digest, and others keep their names', () => {
    expect(named(['a', 'Team'], ['b', 'team!'], ['c', 'Teams'])).toEqual({
      a: 'cf_team_ca978112',
      b: 'cf_team_3e23e816',
      c: 'cf_teams',
    });
  });

  test("a money field's currency and a field of that title are told apart", () => {
    expect(named(['a', 'Salary', ['', '_currency']], ['b', 'Salary currency'])).toEqual({
      a: 'cf_salary_ca978112',
      b: 'cf_salary_currency_3e23e816',
    });
  });

  test('a title that is what another was moved to moves as well', () => {
    const names = named(['a', 'Team'], ['b', 'Team'], ['c', 'Team ca978112']);
    expect(new Set(Object.values(names)).size).toBe(3);
    expect(names['b']).toBe('cf_team_3e23e816');
    expect(names['a']).toMatch(/^cf_team_ca978112[0-9a-f]{8}$/);
  });

  test('what meets a column of the table moves', () => {
    expect(namesOf([{ id: 'a', title: 'Team', ...single }], ['cf_team']).get('a')).toBe('cf_team_ca978112');
  });

  test('long titles that differ behind the cut are told apart within 63 characters', () => {
    const names = named(['a', `${'x'.repeat(60)}1`], ['b', `${'x'.repeat(60)}2`]);
    expect(names).toEqual({ a: `cf_${'x'.repeat(42)}_ca978112`, b: `cf_${'x'.repeat(42)}_3e23e816` });
  });
});

describe('for whatever fields', () => {
  const titles = fc.oneof(
    fc.constantFrom('Team', 'team', 'TEAM?', 'Team currency', 'Team min', 'x'.repeat(70), '', '部署', 'Téam'),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
  );
  const kinds = fc.constantFrom('String', 'Currency', 'NumberRange', 'CompensationRange', 'Nobody knows');
  const fields = fc.uniqueArray(
    fc.record({ id: fc.uuid(), title: titles, fieldType: kinds }).map(({ id, title, fieldType }): Named => {
      return { id, title, suffixes: shapesOf({ fieldType, isDateOnly: false }).map(({ suffix }) => suffix) };
    }),
    { selector: ({ id }) => id, maxLength: 40 },
  );
  const columnsOf = (given: readonly Named[]): string[] => {
    const names = namesOf(given);
    return given.flatMap(({ id, suffixes }) => suffixes.map((suffix) => `${names.get(id) ?? '?'}${suffix}`));
  };

  test('each column has a name of its own that every destination takes as it is', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const columns = columnsOf(given);
        expect(new Set(columns).size).toBe(columns.length);
        for (const column of columns) {
          expect(column).toMatch(/^cf(_[a-z0-9]+)+$/);
          expect(column.length).toBeLessThanOrEqual(63);
        }
      }),
      { seed: 14, numRuns: 200 },
    );
  });

  test('the order of the fields changes no name', () => {
    const shuffled = fields.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray([...given], { minLength: given.length })),
    );
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        expect(namesOf(other)).toEqual(new Map(namesOf(given)));
      }),
      { seed: 14, numRuns: 200 },
    );
  });
});
