import { describe, expect, test } from '@jest/globals';
import { rowsIn, rowsOf, textOf } from '../../testing/rows.ts';
import { loadSchema } from '../../assets.ts';
import { STAMP_FIELD, DELETED_FIELD } from '../definition.ts';
import { findTable, isSwept } from '../lineage.ts';
import { projectOf } from '../project.ts';
import { streams } from '../table.ts';
import { VALUE_COLUMNS } from './typed-value.ts';
import { SHAPE_COLUMNS } from './shapes.ts';

function project(name: string, rows = rowsOf([])): Record<string, unknown>[] {
  const table = findTable(name);
  if (!table) throw new Error(`no table ${name}`);
  return projectOf(table, { startDate: undefined })({ rows }).map((row) => {
    expect(JSON.parse(textOf(row))).toEqual(row.value); // the value and the bytes say the same
    return { ...row.value };
  });
}

const CANDIDATE = '00000000-0000-4000-8000-000000000001';
const FIELD = '00000000-0000-4000-8000-000000000002';

function valueOf(value: unknown, valueLabel?: unknown): Record<string, unknown> {
  const [row] = project(
    'job_custom_field_values',
    rowsOf([{ id: 'j', customFields: [{ id: 'f', value, valueLabel }] }]),
  );
  return Object.fromEntries(
    ['type', ...VALUE_COLUMNS].flatMap((name) => (row?.[name] === null ? [] : [[name, row?.[name]]])),
  );
}

describe('values of custom fields', () => {
  test.each<[string, unknown, unknown, Record<string, unknown>]>([
    ['a text', 'x', undefined, { type: 'String', value: '"x"', valueText: 'x' }],
    ['a flag', false, undefined, { type: 'Boolean', value: 'false', valueBoolean: false }],
    ['a number', 1.5, null, { type: 'Number', value: '1.5', valueNumber: 1.5 }],
    [
      'a day',
      '2024-02-29',
      undefined,
      { type: 'Date', value: '"2024-02-29"', valueText: '2024-02-29', valueDate: '2024-02-29' },
    ],
    ['no day', '2023-02-29', undefined, { type: 'String', value: '"2023-02-29"', valueText: '2023-02-29' }],
    [
      'a point in time, whose day in UTC is the next one',
      '2024-02-28T23:30:00.000-01:00',
      undefined,
      {
        type: 'Date',
        value: '"2024-02-28T23:30:00.000-01:00"',
        valueText: '2024-02-28T23:30:00.000-01:00',
        valueDate: '2024-02-29',
        valueTimestamp: '2024-02-28T23:30:00.000-01:00',
      },
    ],
    [
      'no time',
      '2024-02-28T25:30:00Z',
      undefined,
      { type: 'String', value: '"2024-02-28T25:30:00Z"', valueText: '2024-02-28T25:30:00Z' },
    ],
    ['a choice', 'a', 'A', { type: 'ValueSelect', value: '"a"', valueText: 'a', valueLabel: 'A', valueLabels: ['A'] }],
    [
      'several choices',
      ['a', 'b'],
      ['A', 'B'],
      { type: 'MultiValueSelect', value: '["a","b"]', valueLabel: 'A, B', valueLabels: ['A', 'B'] },
    ],
    [
      'several choices without labels',
      ['a'],
      undefined,
      { type: 'MultiValueSelect', value: '["a"]', valueLabel: 'a', valueLabels: ['a'] },
    ],
    ['no choice', [], [], { type: 'MultiValueSelect', value: '[]' }],
    [
      'money',
      { value: 5, currencyCode: 'EUR' },
      undefined,
      { type: 'Currency', value: '{"value":5,"currencyCode":"EUR"}', valueNumber: 5, currencyCode: 'EUR' },
    ],
    [
      'a range',
      { type: 'number-range', minValue: 1, maxValue: null },
      undefined,
      { type: 'NumberRange', value: '{"type":"number-range","minValue":1,"maxValue":null}', minValue: 1 },
    ],
    [
      'a range of money',
      { type: 'compensation-range', minValue: 1, maxValue: 2, currencyCode: 'USD', interval: '1 YEAR' },
      undefined,
      {
        type: 'CompensationRange',
        value: '{"type":"compensation-range","minValue":1,"maxValue":2,"currencyCode":"USD","interval":"1 YEAR"}',
        minValue: 1,
        maxValue: 2,
        currencyCode: 'USD',
        interval: '1 YEAR',
      },
    ],
    ['nothing', null, undefined, {}],
    ['something that Ashby has not described', { a: [1] }, undefined, { value: '{"a":[1]}' }],
  ])('%s', (_what, value, label, columns) => {
    expect(valueOf(value, label)).toEqual(columns);
  });

  test('keep all their digits, in the number and in the JSON', () => {
    const answer = `{"results":[{"id":"j","customFields":[{"id":"f","value":12345678901234567890.10},{"id":"g","value":{"value":0.10000000000000000001,"currencyCode":"EUR"}}]}]}`;
    const table = findTable('job_custom_field_values');
    const [number, money] = table ? projectOf(table, { startDate: undefined })({ rows: rowsIn(answer) }) : [];
    expect(number && textOf(number)).toContain(
      '"value":"12345678901234567890.10","valueText":null,"valueNumber":12345678901234567890.10,',
    );
    expect(money && textOf(money)).toContain('"valueNumber":0.10000000000000000001,');
  });
});

describe('answers', () => {
  const choices = [
    { label: 'Strong yes', value: '4' },
    { label: 'No', value: '1' },
  ];
  const field = (path: string, type: string, more: object = {}): object => ({
    field: { id: `id-${path}`, path, type, title: path, ...more },
  });
  const form = {
    id: 'f',
    formDefinition: {
      sections: [
        {
          title: 'One',
          fields: [field('text', 'String'), field('pick', 'ValueSelect', { selectableValues: choices })],
        },
        {
          fields: [
            field('many', 'MultiValueSelect', { selectableValues: choices }),
            field('score', 'Score'),
            field('old score', 'Score'),
            field('day', 'Date'),
            field('rich', 'RichText'),
            field('uuid', 'UUID'),
            field('unanswered', 'String'),
          ],
        },
        { title: null, fields: null },
      ],
    },
    submittedValues: {
      text: '2024-01-01',
      pick: '4',
      many: ['1', '4', 'gone'],
      score: { score: 3 },
      'old score': '2',
      day: '2024-01-01',
      rich: { type: 'PlainText', value: 'Well.' },
      uuid: { value: FIELD },
      'not in the form': true,
      empty: null,
    },
  };
  const rows = (): Record<string, Record<string, unknown>> =>
    Object.fromEntries(project('feedback_answers', rowsOf([form])).map((row) => [String(row['path']), row]));

  test('there is a row for each, those that the form does not ask for any more included', () => {
    expect(Object.keys(rows())).toEqual(Object.keys(form.submittedValues));
    expect(rows()['not in the form']).toMatchObject({ title: null, section: null, type: null, valueBoolean: true });
    expect(rows()['empty']).toMatchObject({ value: null, valueText: null });
  });

  test.each<[string, Record<string, unknown>]>([
    ['text', { section: 'One', sectionNumber: 1, valueText: '2024-01-01', valueDate: null, valueLabel: null }],
    ['pick', { fieldId: 'id-pick', valueText: '4', valueNumber: null, valueLabel: 'Strong yes' }],
    [
      'many',
      {
        section: null,
        sectionNumber: 2,
        valueLabel: 'No, Strong yes, gone',
        valueLabels: ['No', 'Strong yes', 'gone'],
      },
    ],
    ['score', { value: '{"score":3}', valueNumber: 3 }],
    ['old score', { valueText: '2', valueNumber: 2 }],
    ['day', { valueDate: '2024-01-01' }],
    ['rich', { valueText: 'Well.' }],
    ['uuid', { valueText: FIELD }],
  ])('%s has its value in the columns that fit', (path, columns) => {
    expect(rows()[path]).toMatchObject(columns);
  });

  test('several forms in one row have keys of their own', () => {
    const submitted = { formDefinition: null, submittedValues: { a: 1 } };
    const found = project(
      'application_form_answers',
      rowsOf([
        {
          id: 'a',
          applicationFormSubmissions: [
            { id: 'x', ...submitted },
            { id: 'y', ...submitted },
          ],
        },
      ]),
    );
    expect(found.map((row) => row['formSubmissionId'])).toEqual(['x', 'y']);
    expect(new Set(found.map((row) => row['_key'])).size).toBe(2);
  });

  test.each([
    ['answers', { submittedValues: 'all' }],
    ['sections', { submittedValues: {}, formDefinition: { sections: 'many' } }],
    ['questions', { submittedValues: {}, formDefinition: { sections: [{ fields: {} }] } }],
  ])('%s of another kind are damage that names the table', (_what, row) => {
    expect(() => project('feedback_answers', rowsOf([{ id: 'f', ...row }]))).toThrow('feedback_answers cannot be read');
  });
});

describe('keys', () => {
  const emails = (...values: object[]): Record<string, unknown>[] =>
    project('candidate_emails', rowsOf([{ id: CANDIDATE, emailAddresses: values }]));
  const keysOf = (rows: Record<string, unknown>[]): Record<string, unknown> =>
    Object.fromEntries(rows.map((row) => [`${String(row['value'])} ${String(row['type'])}`, row['_key']]));
  const [work, home, other] = [
    { value: 'a@example.com', type: 'Work' },
    { value: 'a@example.com', type: 'Personal' },
    { value: 'b@example.com', type: 'Work' },
  ];

  test('do not change with the order, equal addresses included', () => {
    const keys = keysOf(emails(work, home, other));
    expect(new Set(Object.values(keys)).size).toBe(3);
    expect(keysOf(emails(other, home, work))).toEqual(keys);
  });

  test('name the parent, spell out no address, and are as long as two ids', () => {
    const [{ _key } = {}] = emails(work);
    expect(_key).toMatch(new RegExp(`^${CANDIDATE}:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$`));
  });

  test('are made of ids as they are, where there are any', () => {
    const rows = project(
      'candidate_tag_assignments',
      rowsOf([{ id: CANDIDATE, tags: [{ id: FIELD }, { id: FIELD }] }]),
    );
    expect(rows[0]?.['_key']).toBe(`${CANDIDATE}:${FIELD}`);
    expect(rows[1]?.['_key']).not.toBe(rows[0]?.['_key']);
  });

  test('of an address that is missing are keys all the same: the row is not lost', () => {
    expect(emails({ type: 'Work' }, { value: null, type: 'Personal' })).toHaveLength(2);
  });
});

test.each<[string, string, unknown]>([
  ['a hole in a list', 'candidate_emails', { emailAddresses: [null] }],
  ['something else than a list', 'candidate_emails', { emailAddresses: 'many' }],
  ['a tag without an id', 'candidate_tag_assignments', { tags: [{ title: 'x' }] }],
  ['a tag that is a text', 'candidate_tag_assignments', { tags: ['x'] }],
  ['a value without its field', 'candidate_custom_field_values', { customFields: [{ value: 1 }] }],
  ['an id of a job that is no text', 'opening_jobs', { latestVersion: { jobIds: [7] } }],
  ['a list in a list that is none', 'approval_decisions', { steps: [{ id: 's', approvers: {} }] }],
])('%s is damage, and no row of it is lost in silence', (_what, name, row) => {
  expect(() => project(name, rowsOf([{ id: 'p', ...(row as object) }]))).toThrow(
    expect.objectContaining({
      failureType: 'transient_error',
      message: expect.stringContaining(`${name} cannot be read`) as unknown,
    }),
  );
});

test.each(streams.filter(({ source }) => source.kind === 'inside').map(({ name }) => name))(
  '%s is empty where the row of its parent holds nothing',
  (name) => {
    expect(project(name, rowsOf([{ id: 'p' }]))).toEqual([]);
  },
);

test('what lies in lists that are in lists knows what is around it', () => {
  const steps = [
    { id: 's', approvers: [{ id: 'a', userId: 'u' }] },
    { id: 't', approvers: [{ id: 'a', userId: 'v' }] },
    { id: 'w', approvers: null },
  ];
  expect(project('approval_decisions', rowsOf([{ id: 'p', steps }]))).toMatchObject([
    { approvalId: 'p', approvalStepId: 's', userId: 'u' },
    { approvalId: 'p', approvalStepId: 't', userId: 'v' },
  ]);
});

test('what readers of lines stumble over is mended before it ends up in a text', () => {
  const half = '{"results":[{"id":"j","customFields":[{"id":"f","title":"t","value":"\\ud83d"}]}]}';
  const table = findTable('job_custom_field_values');
  const [row] = table ? projectOf(table, { startDate: undefined })({ rows: rowsIn(half) }) : [];
  expect(row?.value).toMatchObject({ value: '"\\ufffd"', valueText: '\ufffd' });
  expect(row?.changes?.map(({ field }) => field)).toEqual(['value', 'valueText']);
});

test.each(
  streams.flatMap(({ name, source }) =>
    source.kind === 'inside' && source.shape ? [[name, source.shape] as const] : [],
  ),
)('%s declares exactly the columns that it makes', (name, shape) => {
  const table = findTable(name);
  if (table?.source.kind !== 'inside') throw new Error(`no inside table ${name}`);
  const { source, parentIdField } = table;
  const made = [
    '_key',
    ...(parentIdField === undefined ? [] : [parentIdField]),
    ...Object.keys(source.columns ?? {}),
    ...source.lists.flatMap(({ says = {} }) => Object.keys(says)),
    ...SHAPE_COLUMNS[shape],
    ...(shape === 'picked' ? [] : VALUE_COLUMNS),
  ];
  const declared = Object.keys(loadSchema(name)['properties'] as object).filter(
    (column) => column !== STAMP_FIELD && column !== DELETED_FIELD,
  );
  expect(declared.sort()).toEqual([...new Set(made)].sort());
  expect(Object.keys(loadSchema(name)['properties'] as object).includes(DELETED_FIELD)).toBe(isSwept(table));
});
