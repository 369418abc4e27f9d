import { describe, expect, test } from '@jest/globals';
import { findTable } from '../lineage.ts';
import { streams } from '../table.ts';
import { columnsFor, withColumns } from './columns.ts';
import { customFieldOf, type CustomField } from './definition.ts';
import { MOST_COLUMNS, withCustomFields } from './offer.ts';

type Schema = Record<string, unknown>;

const tableOf = (name: string) => {
  const table = findTable(name);
  if (!table) throw new Error(`no table ${name}`);
  return table;
};
const candidates = tableOf('candidates');
const schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    customFields: { type: ['null', 'array'], description: 'Personal data. Values.' },
    _ab_cdc_deleted_at: {},
    _ab_cdc_updated_at: {},
  },
};
const field = (more: Partial<CustomField>): CustomField => ({
  id: 'f',
  title: 'Team',
  objectType: 'Candidate',
  fieldType: 'String',
  isArchived: false,
  isDateOnly: false,
  ...more,
});
const columnsOf = (offered: { schema: Schema }): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(offered.schema['properties'] as Record<string, Schema>).filter(([name]) => name.startsWith('cf_')),
  );
const offer = (fields: readonly CustomField[], table = candidates) => withCustomFields(table, schema, fields);

test('a column says what it holds, of which field, and its type', () => {
  const fields = [field({ title: 'Expected\n salary', fieldType: 'Currency', isArchived: true })];
  expect(columnsOf(offer(fields))).toEqual({
    cf_expected_salary: {
      type: ['null', 'number'],
      description:
        'Personal data. Custom field "Expected salary", archived: amount of money (Currency). Ashby field f (amount).',
      'x-ashby-field': 'f',
      'x-ashby-part': 'amount',
    },
    cf_expected_salary_currency: {
      type: ['null', 'string'],
      description:
        'Personal data. Custom field "Expected salary", archived: code of the currency (Currency). Ashby field f (currency).',
      'x-ashby-field': 'f',
      'x-ashby-part': 'currency',
    },
  });
});

test.each<[string, boolean, Record<string, Schema>]>([
  ['String', false, { cf_team: { type: ['null', 'string'] } }],
  ['LongText', false, { cf_team: { type: ['null', 'string'] } }],
  ['Url', false, { cf_team: { type: ['null', 'string'] } }],
  ['ValueSelect', false, { cf_team: { type: ['null', 'string'] } }],
  ['MultiValueSelect', false, { cf_team: { type: ['null', 'array'], items: { type: ['null', 'string'] } } }],
  ['Boolean', false, { cf_team: { type: ['null', 'boolean'] } }],
  ['Number', false, { cf_team: { type: ['null', 'number'] } }],
  ['Date', true, { cf_team: { type: ['null', 'string'], format: 'date' } }],
  [
    'Date',
    false,
    { cf_team: { type: ['null', 'string'], format: 'date-time', airbyte_type: 'timestamp_with_timezone' } },
  ],
  ['Currency', false, { cf_team: { type: ['null', 'number'] }, cf_team_currency: { type: ['null', 'string'] } }],
  ['NumberRange', false, { cf_team_max: { type: ['null', 'number'] }, cf_team_min: { type: ['null', 'number'] } }],
  [
    'CompensationRange',
    false,
    {
      cf_team_currency: { type: ['null', 'string'] },
      cf_team_interval: { type: ['null', 'string'] },
      cf_team_max: { type: ['null', 'number'] },
      cf_team_min: { type: ['null', 'number'] },
    },
  ],
  ['constructor', false, { cf_team: { type: ['null', 'string'] } }],
  ['', false, { cf_team: { type: ['null', 'string'] } }],
])('%s (a day: %p) is declared with its type', (fieldType, isDateOnly, wanted) => {
  const found = columnsOf(offer([field({ fieldType, isDateOnly })]));
  expect(found).toMatchObject(wanted);
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
});

test("columns stand before those of the connector's own, and the rest of the schema stays", () => {
  const { schema: made } = offer([field({ id: 'b', title: 'B' }), field({ id: 'a', title: 'A' })]);
  expect(Object.keys(made['properties'] as Schema)).toEqual([
    'id',
    'customFields',
    'cf_a',
    'cf_b',
    '_ab_cdc_deleted_at',
    '_ab_cdc_updated_at',
  ]);
  expect({ ...made, properties: {} }).toEqual({ ...schema, properties: {} });
});

test.each([
  ['candidates', ['Candidate']],
  ['applications', ['Application']],
  ['jobs', ['Job']],
  ['offers', ['Offer', 'Offer_Version']],
  ['openings', ['Opening', 'Opening_Version']],
  ['projects', ['Talent_Project']],
])('%s has the fields of %p and no others', (name, types) => {
  const all = ['Candidate', 'Application', 'Job', 'Offer', 'Offer_Version', 'Opening', 'Opening_Version'];
  const fields = [...all, 'Talent_Project', 'Employee', ''].map((type) =>
    field({ id: type, title: type, objectType: type }),
  );
  const found = Object.values(columnsOf(offer(fields, tableOf(name)))).map((column) => column['x-ashby-field']);
  expect(found.sort()).toEqual(types.sort());
});

test('other tables stay as they are', () => {
  for (const table of streams.filter(({ customFields }) => !customFields))
    expect(offer([field({}), field({ id: 'e', objectType: 'Employee' })], table)).toEqual({ schema, left: 0 });
});

test('a definition that comes twice gives one column', () => {
  expect(Object.keys(columnsOf(offer([field({}), field({ title: 'Crew' })])))).toEqual(['cf_crew']);
});

describe('more fields than there is room for', () => {
  const many = Array.from({ length: MOST_COLUMNS + 1 }, (_, n) =>
    field({ id: `f${String(n).padStart(3, '0')}`, title: `Field ${n}`, isArchived: n === 7 }),
  );

  test('300 columns are offered; archived fields go first, whatever the order', () => {
    const { left } = offer(many);
    expect(left).toBe(1);
    const names = Object.keys(columnsOf(offer(many)));
    expect(names).toHaveLength(MOST_COLUMNS);
    expect(names).not.toContain('cf_field_7');
    expect(offer([...many].reverse())).toEqual(offer(many));
  });

  test('a field keeps all of its columns or none, and a smaller one may still fit', () => {
    const fields = [
      ...many.slice(0, 299),
      field({ id: 'g', title: 'Wide', fieldType: 'CompensationRange' }),
      field({ id: 'h', title: 'Last' }),
    ];
    const offered = offer(fields.map((one) => ({ ...one, isArchived: false })));
    const names = Object.keys(columnsOf(offered));
    expect(names).toHaveLength(MOST_COLUMNS);
    expect(names).toContain('cf_last');
    expect(names.filter((name) => name.startsWith('cf_wide'))).toEqual([]);
    expect(offered.left).toBe(1);
  });
});

test.each([
  [{ id: 'a' }, { id: 'a', title: '', objectType: '', fieldType: '', isArchived: false, isDateOnly: false }],
  [
    { id: 'a', title: 5, objectType: null, fieldType: ['Date'], isArchived: 'yes', isDateOnlyField: true },
    { id: 'a', title: '', objectType: '', fieldType: '', isArchived: false, isDateOnly: true },
  ],
])('a definition %j is read as %j', (row, read) => {
  expect(customFieldOf(row)).toEqual(read);
});

describe('what the configured schema names', () => {
  const fields = [
    field({ id: '8f0c', title: 'Pay', fieldType: 'CompensationRange' }),
    field({ id: 'with a space', title: 'Day', fieldType: 'Date', isDateOnly: true }),
    field({ id: 'c', title: 'Tags (many). Ashby field x (label).', fieldType: 'MultiValueSelect' }),
  ];
  const offered = columnsOf(offer(fields));
  const wanted = [
    { name: 'cf_day', fieldId: 'with a space', part: 'value', type: 'day' },
    { name: 'cf_pay_currency', fieldId: '8f0c', part: 'currency', type: 'text' },
    { name: 'cf_pay_interval', fieldId: '8f0c', part: 'interval', type: 'text' },
    { name: 'cf_pay_max', fieldId: '8f0c', part: 'max', type: 'number' },
    { name: 'cf_pay_min', fieldId: '8f0c', part: 'min', type: 'number' },
    { name: 'cf_tags_many_ashby_field_x_label', fieldId: 'c', part: 'label', type: 'texts' },
  ];

  test('is found by what discover wrote, and other columns are none', () => {
    expect(columnsFor(candidates, { ...schema.properties, ...offered }, true)).toEqual({ columns: wanted });
  });

  test('is found by the description where keywords were stripped, and by the keywords where descriptions were', () => {
    const keep = (kept: readonly string[]) =>
      Object.fromEntries(
        Object.entries(offered).map(([name, column]) => [
          name,
          Object.fromEntries(Object.entries(column).filter(([keyword]) => kept.includes(keyword))),
        ]),
      );
    const bare = ['type', 'format', 'items'];
    expect(columnsFor(candidates, keep([...bare, 'x-ashby-field', 'x-ashby-part']), true)).toEqual({ columns: wanted });
    const described = columnsFor(candidates, keep([...bare, 'description']), true);
    // An id with a space in it, which Ashby has none of, is in the keywords alone.
    expect(described.columns).toEqual(wanted.slice(1));
    expect(described.remark).toMatch(/which custom field cf_day is for/);
    expect(columnsFor(candidates, keep(bare), true)).toEqual({
      columns: [],
      remark: expect.stringMatching(/cf_pay_min and 1 more is for.*Refresh the schema/) as unknown,
    });
  });

  test.each([
    ['no object', 5],
    ['a list', []],
    ['a type that is not ours', { type: 'object', 'x-ashby-field': 'f', 'x-ashby-part': 'value' }],
    ['two types', { type: ['string', 'number'], 'x-ashby-field': 'f', 'x-ashby-part': 'value' }],
    ['a part that is not ours', { type: 'string', 'x-ashby-field': 'f', 'x-ashby-part': 'half' }],
    ['an empty id', { type: 'string', 'x-ashby-field': '', 'x-ashby-part': 'value' }],
  ])('%s is no column', (_what, column) => {
    expect(columnsFor(candidates, { cf_x: column }, true).columns).toEqual([]);
  });

  test('switched off, nothing is filled, and a sentence says so where there was something', () => {
    expect(columnsFor(candidates, schema.properties, false)).toEqual({ columns: [] });
    const { columns, remark } = columnsFor(candidates, offered, false);
    expect(columns).toEqual([]);
    expect(remark).toMatch(/switched off, so nothing is written to cf_day, .* and 1 more\. Refresh/);
  });

  test('a table without custom fields has no such columns', () => {
    expect(columnsFor(tableOf('users'), offered, true)).toEqual({ columns: [] });
  });

  test("columns that are filled are declared beside the table's own, and only those", () => {
    const { columns } = columnsFor(candidates, { ...offered, cf_odd: {} }, true);
    const properties = withColumns(schema, { ...offered, cf_odd: {} }, columns)['properties'] as Schema;
    expect(Object.keys(properties)).toEqual([...Object.keys(schema.properties), ...wanted.map(({ name }) => name)]);
  });
});
