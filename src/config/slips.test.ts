import { describe, expect, test } from '@jest/globals';
import { loadSpec } from '../assets.ts';
import { configWarnings, givenSecrets } from './slips.ts';

const specification = loadSpec().connectionSpecification;
const now = Date.UTC(2026, 0, 1);
const warningsOf = (config: unknown): string[] => configWarnings(config, { specification, now });

describe('configWarnings', () => {
  test.each(['start-date', 'startDate', 'start date', 'START_DATE', 'strat_date', 'start_dat'])(
    '"%s" is taken for a slip',
    (key) => {
      expect(warningsOf({ api_key: 'x', [key]: '2024-01-01' })).toEqual([
        expect.stringMatching(new RegExp(`"${key}".*Is "start_date" meant`)),
      ]);
    },
  );

  test('a key that only differs in how words are joined is found where the real one is missing', () => {
    expect(warningsOf({ apiKey: 'secret' })).toEqual([expect.stringContaining('Is "api_key" meant')]);
  });

  test.each([
    ['fields of other connectors', { _limit: 5, credentials: {}, num_workers: 3, __injected: {} }],
    ['a slip beside the right field', { start_date: '2024-01-01', 'start-date': '2024-01-01' }],
    ['a date of the past', { start_date: '2025-12-31' }],
    ['an empty date', { start_date: '' }],
    ['no form', null],
    ['a list', []],
  ])('%s: nothing to say', (_case, config) => {
    expect(warningsOf(config)).toEqual([]);
  });

  test('a start date in the future is told', () => {
    expect(warningsOf({ start_date: '2034-01-01' })).toEqual([expect.stringContaining('in the future')]);
  });

  test('white space around the key is told, and the key is not', () => {
    expect(warningsOf({ api_key: 'made-up\n' })).toEqual([expect.not.stringContaining('made-up')]);
  });

  test('a long unknown key is not quoted and costs nothing', () => {
    expect(warningsOf({ ['x'.repeat(1_000_000)]: 1 })).toEqual([]);
  });
});

test.each<[unknown, string[]]>([
  [{ api_key: ' made-up\n' }, ['made-up']],
  [{ api_key: 'made-up', webhook_inbox_token: ' token ' }, ['made-up', 'token']],
  [{ api_key: 5, webhook_inbox_token: null }, []],
  ['made-up', []],
])('the secrets in %j are %j', (config, secrets) => {
  expect(givenSecrets(config)).toEqual(secrets);
});
