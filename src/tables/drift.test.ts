import { expect, test } from '@jest/globals';
import { Drift } from './drift.ts';

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

function summaryOf(...rows: Record<string, unknown>[]): string | undefined {
  const drift = new Drift(schema);
  for (const row of rows) drift.look(row);
  return drift.summary();
}

test('rows as declared raise nothing', () => {
  expect(
    summaryOf(
      { id: 'a', count: 1, job: { id: null }, tags: [{ id: 'b' }, null], open: { anything: 1 }, any: [1] },
      { id: 'b', job: null },
    ),
  ).toBeUndefined();
});

test('undeclared fields are counted under the declared path that holds them, each once, and never named', () => {
  const [first, second] = [
    { id: 'a', extra: 'secret' },
    { id: 'b', extra: 2, job: { brandId: 1 }, tags: [{ id: 'c', name: 'x' }] },
  ];
  expect(summaryOf(first, second)).toBe(
    'Ashby sends 3 fields that are not declared (in the row, job, tags[]). They are passed on as they are.',
  );
});

test('values of another type are told by their path, without the values', () => {
  expect(summaryOf({ id: null, count: 'x', job: [], tags: [3] })).toBe(
    'Ashby sends values of another type than declared (in id, count, job, tags[]). They are passed on as they are.',
  );
});

test('an object whose keys are data fills neither the log nor the memory', () => {
  const row = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`somebody-${n}@example.com`, 1]));
  expect(summaryOf(row)).toBe(
    'Ashby sends 1000 or more fields that are not declared (in the row). They are passed on as they are.',
  );
});
