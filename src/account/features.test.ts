import { describe, expect, test } from '@jest/globals';
import type { Table } from '../tables/definition.ts';
import { findTable } from '../tables/lineage.ts';
import { fakeAshby, refused, type Answer } from '../testing/fake-ashby.ts';
import { refusalOf } from './features.ts';

function table(name: string): Table {
  const found = findTable(name);
  if (!found) throw new Error(name);
  return found;
}
async function tried(name: string, answer: Answer) {
  const { client, asked } = fakeAshby(answer);
  return { refusal: await refusalOf(table(name), client), asked };
}
const list = (...results: object[]): object => ({ success: true, results, moreDataAvailable: false, syncToken: 't' });

describe('a list', () => {
  test('that answers can be read; one row is asked for where the list takes a limit', async () => {
    for (const { name, limit } of [
      { name: 'sequences', limit: undefined },
      { name: 'take_home_assignments', limit: undefined },
      { name: 'audit_log', limit: 1 },
    ]) {
      const { refusal, asked } = await tried(name, () => list());
      expect(refusal).toBeUndefined();
      expect(asked).toHaveLength(1);
      expect(asked[0]?.body['limit']).toBe(limit);
    }
  });

  test.each(['feature_not_enabled', 'missing_endpoint_permission', 'a_code_that_nobody_lists'])(
    'that is refused with %s is not offered, for that reason',
    async (code) => {
      expect((await tried('sequences', () => refused(code))).refusal).toBe(code);
    },
  );

  test.each(['invalid_input', 'rate_limit_exceeded', 'generic_internal_error'])(
    'that fails with %s must not shrink the catalog: it is thrown',
    async (code) => {
      await expect(tried('sequences', () => refused(code))).rejects.toMatchObject({ code });
    },
  );

  test('a key that this Ashby does not know yet is left out of the question', async () => {
    const parameter = 'includeArchived';
    const { refusal, asked } = await tried('custom_fields', ({ body }) =>
      parameter in body ? refused('invalid_input', `${parameter} is not a parameter`) : list(),
    );
    const isNew = asked.some(({ body }) => !(parameter in body));
    expect(refusal).toBeUndefined();
    expect(isNew).toBe(true);
  });
});

describe('calls', () => {
  const CALL = 'application.listCriteriaEvaluations';
  const calls =
    (answer: unknown, ...parents: object[]): Answer =>
    ({ endpoint }) =>
      endpoint === CALL ? answer : list(...parents);

  test('are tried with the first parent', async () => {
    const { refusal, asked } = await tried('application_criteria_evaluations', calls(list(), { id: 'a1' }));
    expect(refusal).toBeUndefined();
    expect(asked.map(({ endpoint }) => endpoint)).toEqual(['application.list', CALL]);
    expect(asked[1]?.body).toMatchObject({ applicationId: 'a1' });
  });

  test('that are refused are not offered', async () => {
    const answer = calls(refused('feature_not_enabled'), { id: 'a1' });
    expect((await tried('application_criteria_evaluations', answer)).refusal).toBe('feature_not_enabled');
  });

  test('where there is no parent to try them with, they are offered', async () => {
    const { refusal, asked } = await tried('application_criteria_evaluations', calls(refused('feature_not_enabled')));
    expect(refusal).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test('a parent that is gone says nothing about the feature', async () => {
    const answer = calls(refused('application_not_found'), { id: 'a1' });
    expect((await tried('application_criteria_evaluations', answer)).refusal).toBeUndefined();
  });

  test('parents inside rows are looked for in a whole page, since many rows have none', async () => {
    const { asked } = await tried('notetaker_transcripts', ({ endpoint }) =>
      endpoint.endsWith('.info') ? refused('notetaker_transcript_not_enabled') : list(),
    );
    expect(asked[0]?.body).toMatchObject({ limit: 100 });
  });
});
