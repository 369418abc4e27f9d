import { describe, expect, test } from '@jest/globals';
import { reportsOf } from './reports.ts';

const ID = '01234567-89ab-4cde-8f01-23456789abcd';
const OTHER = 'fedcba98-7654-4210-8edc-ba9876543210';

describe('The reports of the form', () => {
  test.each([
    ['an id', ID],
    ['an id in capitals', ID.toUpperCase()],
    ['the address of its page', `https://app.ashbyhq.com/reports/saved/${ID}?tab=1`],
  ])('takes %s', (_what, id) => {
    expect(reportsOf([{ id, name: 'Time to hire (Q1)' }])).toEqual([{ id: ID, name: 'time_to_hire_q1' }]);
  });

  test.each([[undefined], [''], [' ?! '], ['多様性']])('names a report that is called %j by its id', (name) => {
    expect(reportsOf([{ id: ID, name }])).toEqual([{ id: ID, name: '01234567' }]);
  });

  test.each([
    ['no id', [{ id: 'diversity' }], /"id" of report 1 .* no id of a report/],
    ['two ids in one', [{ id: `${ID} ${OTHER}` }], /"id" of report 1/],
    [
      'two reports of one name',
      [
        { id: ID, name: 'a b' },
        { id: OTHER, name: 'A-B' },
      ],
      /1 and 2 .* report_a_b/,
    ],
    ['one report twice', [{ id: ID }, { id: ID }], /1 and 2 .* report_01234567/],
  ])('refuses %s', (_what, given, sentence) => {
    expect(() => reportsOf(given)).toThrow(sentence);
  });

  test('is empty where nothing was filled in', () => {
    expect(reportsOf(undefined)).toEqual([]);
  });
});
