import { expect, test } from '@jest/globals';
import { driftCheck } from './drift.ts';

const schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    count: { type: ['null', 'integer'] },
    job: { type: ['null', 'object'], properties: { id: { type: ['null', 'string'] } } },
    tags: { type: ['null', 'array'], items: { type: ['null', 'object'], properties: { id: { type: 'string' } } } },
    open: { type: ['null', 'object'], properties: {} },
    any: { properties: { inside: { type: 'string' } } },
  },
};

function findings(...rows: Record<string, unknown>[]): string[] {
  const found: string[] = [];
  const check = driftCheck(schema, (finding) => found.push(finding));
  for (const row of rows) check(row);
  return found;
}

test('rows as declared raise nothing', () => {
  expect(
    findings(
      { id: 'a', count: 1, job: { id: null }, tags: [{ id: 'b' }, null], open: { anything: 1 }, any: [1] },
      { id: 'b', job: null },
    ),
  ).toEqual([]);
});

test('undeclared fields are named by their path, each once, without values', () => {
  expect(
    findings({ id: 'a', extra: 'secret' }, { id: 'b', extra: 2, job: { brandId: 1 }, tags: [{ id: 'c', name: 'x' }] }),
  ).toEqual([
    'a field that is not declared: extra',
    'a field that is not declared: job.brandId',
    'a field that is not declared: tags[].name',
  ]);
});

test('values of another type are told with both types', () => {
  expect(findings({ id: null, count: 'x', job: [], tags: [3] })).toEqual([
    'id holds null, declared is string',
    'count holds a value of type string, declared is integer',
    'job holds an array, declared is object',
    'tags[] holds a value of type number, declared is object',
  ]);
});

test('an object whose keys are data does not fill the log', () => {
  const row = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key${n}`, 1]));
  expect(findings(row).length).toBe(25);
});
