import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mended } from '../../ashby/rows/line-safe.ts';
import type { Row } from '../../ashby/rows/rows.ts';
import { rowsIn, textOf } from '../../testing/rows.ts';
import type { CustomColumn } from './columns.ts';
import { filler } from './fill.ts';
import { shapesOf } from './kinds.ts';

const AT = { of: ['Candidate'], at: ['customFields'] } as const;

/** The columns of one field of a kind. */
function columnsOf(fieldType: string, isDateOnly = false, fieldId = 'f'): CustomColumn[] {
  return shapesOf({ fieldType, isDateOnly }).map(({ part, type, suffix }) => ({
    name: `cf_x${suffix}`,
    fieldId,
    part,
    type,
  }));
}

function rowOf(json: string): Row {
  const [row] = rowsIn(`{"results":[${json}]}`);
  if (!row) throw new Error('no row');
  return row;
}

/** What is added to a row whose field holds this, in the very text that is printed; and what is told. */
function added(columns: readonly CustomColumn[], entry: string): { text: string; told: string[] } {
  const given = `{"id":"r","customFields":[{"id":"other","value":1},{"id":"f","title":"X",${entry}}]`;
  const row = filler(columns, AT)(rowOf(`${given}}`));
  expect(JSON.parse(textOf(row))).toEqual(row.value); // the value and the bytes say the same
  expect(textOf(row).startsWith(given)).toBe(true); // what Ashby sent stays as it is
  for (const change of row.changes ?? [])
    expect(change).toMatchObject({ change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' });
  return { text: textOf(row).slice(given.length + 1, -1), told: (row.changes ?? []).map(({ field }) => field) };
}

const money = '{"value": 123456789012345678.90, "currencyCode":"EUR"}';
const range = '"minValue":1.50,"maxValue":2e3';
const salary = `{"type":"compensation-range",${range},"currencyCode":"USD","interval":"1 YEAR"}`;

describe('each kind of field', () => {
  test.each<[string, boolean, string, string]>([
    ['String', false, '"value":"a \\"quoted\\" \\u00e9"', '"cf_x":"a \\"quoted\\" \\u00e9"'],
    ['String', false, '"value":""', '"cf_x":""'],
    ['LongText', false, '"value":"one\\ntwo"', '"cf_x":"one\\ntwo"'],
    ['Email', false, '"value":"a@example.com"', '"cf_x":"a@example.com"'],
    ['Phone', false, '"value":"+1 555"', '"cf_x":"+1 555"'],
    ['Url', false, '"value":"https://example.com"', '"cf_x":"https://example.com"'],
    ['UUID', false, '"value":"8f0c"', '"cf_x":"8f0c"'],
    ['Boolean', false, '"value":false', '"cf_x":false'],
    ['Number', false, '"value":0.10', '"cf_x":0.10'],
    ['Number', false, '"value" : 12345678901234567.891', '"cf_x":12345678901234567.891'],
    ['Number', false, '"value":-1E+2', '"cf_x":-1E+2'],
    ['Date', true, '"value":"2024-02-29"', '"cf_x":"2024-02-29"'],
    ['Date', true, '"value":"2024-02-29T00:00:00.000Z"', '"cf_x":"2024-02-29"'],
    ['Date', false, '"value":"2024-02-29T12:30:00.123Z"', '"cf_x":"2024-02-29T12:30:00.123Z"'],
    ['Date', false, '"value":"2024-02-29T12:30:00+05:30"', '"cf_x":"2024-02-29T12:30:00+05:30"'],
    ['Date', false, '"value":"2024-02-29"', '"cf_x":"2024-02-29T00:00:00.000Z"'],
    ['ValueSelect', false, '"value":"v-1","valueLabel":"Option 1"', '"cf_x":"Option 1"'],
    ['ValueSelect', false, '"value":"v-1","valueLabel":null', '"cf_x":"v-1"'],
    ['MultiValueSelect', false, '"value":["v-1"],"valueLabel":["Option 1", "é"]', '"cf_x":["Option 1", "é"]'],
    ['MultiValueSelect', false, '"value":[],"valueLabel":[]', '"cf_x":[]'],
    ['MultiValueSelect', false, '"value":["v-1"]', '"cf_x":["v-1"]'],
    ['Currency', false, `"value":${money}`, '"cf_x":123456789012345678.90,"cf_x_currency":"EUR"'],
    ['Currency', false, '"value":{"value":5}', '"cf_x":5,"cf_x_currency":null'],
    ['NumberRange', false, `"value":{"type":"number-range",${range}}`, '"cf_x_min":1.50,"cf_x_max":2e3'],
    ['NumberRange', false, '"value":{"minValue":1,"maxValue":null}', '"cf_x_min":1,"cf_x_max":null'],
    [
      'CompensationRange',
      false,
      `"value":${salary}`,
      '"cf_x_min":1.50,"cf_x_max":2e3,"cf_x_currency":"USD","cf_x_interval":"1 YEAR"',
    ],
    ['a kind of tomorrow', false, '"value":"a text"', '"cf_x":"a text"'],
    ['a kind of tomorrow', false, '"value":{"n": 1.50}', '"cf_x":"{\\"n\\": 1.50}"'],
    ['a kind of tomorrow', false, '"value":1.50', '"cf_x":"1.50"'],
    ['String', false, '"value":null', '"cf_x":null'],
    ['String', false, '"isPrivate":true', '"cf_x":null'],
    ['Currency', false, '"value":null', '"cf_x":null,"cf_x_currency":null'],
  ])('%s (a day: %p) with %s gives %s', (fieldType, isDateOnly, entry, text) => {
    expect(added(columnsOf(fieldType, isDateOnly), entry)).toEqual({ text, told: [] });
  });
});

describe('what does not fit is null and told', () => {
  test.each<[string, boolean, string, string[]]>([
    ['String', false, '5', ['cf_x']],
    ['String', false, '{"a":1}', ['cf_x']],
    ['Boolean', false, '"true"', ['cf_x']],
    ['Number', false, '"5"', ['cf_x']],
    ['Number', false, '1e29', ['cf_x']],
    ['Number', false, '-1e400', ['cf_x']],
    ['Date', true, '"soon"', ['cf_x']],
    ['Date', true, '"2023-02-29"', ['cf_x']],
    ['Date', true, '"0000-01-01"', ['cf_x']],
    ['Date', true, '1700000000000', ['cf_x']],
    ['Date', false, '"2024-02-29T12:30:00"', ['cf_x']],
    ['Date', false, '"2024-02-29T24:00:00Z"', ['cf_x']],
    ['Date', false, '"2024-02-29 12:30:00Z"', ['cf_x']],
    ['ValueSelect', false, '["a"]', ['cf_x']],
    ['MultiValueSelect', false, '"a"', ['cf_x']],
    ['MultiValueSelect', false, '["a",5]', ['cf_x']],
    ['Currency', false, '5', ['cf_x', 'cf_x_currency']],
    ['Currency', false, '[5]', ['cf_x', 'cf_x_currency']],
    ['Currency', false, '{"value":"5","currencyCode":"EUR"}', ['cf_x']],
    ['NumberRange', false, '"1-2"', ['cf_x_min', 'cf_x_max']],
    ['CompensationRange', false, '{"minValue":1,"maxValue":2,"currencyCode":3,"interval":"1 YEAR"}', ['cf_x_currency']],
  ])('%s (a day: %p) with %s', (fieldType, isDateOnly, value, told) => {
    const columns = columnsOf(fieldType, isDateOnly);
    const result = added(columns, `"value":${value}`);
    expect(result.told).toEqual(told);
    const printed = JSON.parse(`{${result.text}}`) as Record<string, unknown>;
    expect(Object.keys(printed)).toEqual(columns.map(({ name }) => name));
    for (const name of told) expect(printed[name]).toBeNull();
  });

  test('a field whose kind is another by now: the type that the column was made with counts', () => {
    expect(added(columnsOf('Number'), '"value":"many","valueLabel":"Many"').told).toEqual(['cf_x']);
  });
});

describe('rows', () => {
  const column: CustomColumn = { name: 'cf_x', fieldId: 'f', part: 'value', type: 'number' };
  const fill = filler([column], AT);

  test.each([
    ['no list', '{"id":"r"}'],
    ['a list that is null', '{"id":"r","customFields":null}'],
    ['an empty list', '{"id":"r","customFields":[]}'],
    ['something else in its place', '{"id":"r","customFields":{"id":"f","value":1}}'],
    ['entries that are none', '{"id":"r","customFields":[null,"f",["f"],{"value":1}]}'],
  ])('with %s get null', (_what, json) => {
    const row = fill(rowOf(json));
    expect(textOf(row)).toBe(`${json.slice(0, -1)},"cf_x":null}`);
    expect(row.changes).toBeUndefined();
  });

  test('an empty row gets them, too', () => {
    expect(textOf(fill(rowOf('{}')))).toBe('{"cf_x":null}');
  });

  test('lists deeper in the row, and texts that look like one, are not taken for theirs', () => {
    const json =
      '{"a":"\\"customFields\\":[","customFields":[{"id":"f","value":9}],"user":{"customFields":[{"id":"f","value":1}]},"custom\\u0046ields":[{"note":{"id":"f","value":2},"id":"f","value":3.0}]}';
    expect(textOf(fill(rowOf(json)))).toBe(`${json.slice(0, -1)},"cf_x":3.0}`); // of two alike, JSON.parse takes the last
  });

  test('a list inside an object of the row is found there', () => {
    const inside = filler([column], { of: ['Offer'], at: ['latestVersion', 'customFields'] });
    const json = '{"latestVersion":{"customFields":[{"id":"f","value":1.0}]},"customFields":[{"id":"f","value":2}]}';
    expect(textOf(inside(rowOf(json)))).toBe(`${json.slice(0, -1)},"cf_x":1.0}`);
    expect(textOf(inside(rowOf('{"latestVersion":null}')))).toBe('{"latestVersion":null,"cf_x":null}');
  });

  test('two columns of one field are both filled, and a field without a column is left alone', () => {
    const both = filler([column, { ...column, name: 'cf_old_title' }], AT);
    const row = both(rowOf('{"customFields":[{"id":"g","value":1},{"id":"f","value":2}]}'));
    expect(row.value).toMatchObject({ cf_x: 2, cf_old_title: 2 });
  });

  test('of two entries for one field the last one counts', () => {
    const row = fill(rowOf('{"customFields":[{"id":"f","value":"x"},{"id":"f","value":2.0}]}'));
    expect(textOf(row)).toContain('"cf_x":2.0}');
    expect(row.changes).toBeUndefined();
  });

  test("a field of Ashby's with a column's name gives way", () => {
    expect(textOf(fill(rowOf('{"cf_x":1,"id":"r"}')))).toBe('{"id":"r","cf_x":null}');
  });

  test('what was told of the row before stays told', () => {
    const change = { field: 'a', change: 'TRUNCATED', reason: 'SOURCE_SERIALIZATION_ERROR' } as const;
    const row = fill({ ...rowOf('{"customFields":[{"id":"f","value":"x"}]}'), changes: [change] });
    expect(row.changes?.map(({ field }) => field)).toEqual(['a', 'cf_x']);
  });

  test('half a surrogate pair is mended in the column as in the list', () => {
    const text = filler([{ ...column, type: 'text' }], AT);
    const row = mended(text(rowOf('{"customFields":[{"id":"f","value":"a\\ud83d\u2028"}]}')));
    expect(textOf(row)).toBe('{"customFields":[{"id":"f","value":"a\\ufffd\\u2028"}],"cf_x":"a\\ufffd\\u2028"}');
    expect(row.changes?.map(({ field }) => field)).toEqual(['customFields', 'cf_x']);
  });
});

test('whatever a field holds, in whatever style it is written, value and bytes agree and the rest stays as it is', () => {
  const styles = fc.constantFrom<(value: unknown) => string>(
    (value) => JSON.stringify(value),
    (value) => JSON.stringify(value, undefined, 2),
    (value) =>
      JSON.stringify(value).replace(
        /[^\x20-\x7e]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
  );
  const kinds = [
    'String',
    'Number',
    'Boolean',
    'Date',
    'ValueSelect',
    'MultiValueSelect',
    'Currency',
    'CompensationRange',
    '?',
  ];
  const part = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary' }),
    fc.array(fc.string()),
    fc.record({ value: fc.jsonValue(), currencyCode: fc.string(), minValue: fc.double(), maxValue: fc.integer() }),
  );
  const entries = fc.array(
    fc.record({ id: fc.constantFrom(...kinds, 'nobody'), value: part, valueLabel: part }, { requiredKeys: ['id'] }),
    { maxLength: 6 },
  );
  const columns = kinds.flatMap((kind) =>
    columnsOf(kind, false, kind).map((column) => ({ ...column, name: `${column.name}_${kind}` })),
  );
  const fill = filler(columns, AT);
  fc.assert(
    fc.property(entries, fc.dictionary(fc.string({ unit: 'binary' }), part), styles, (customFields, others, style) => {
      const row = rowOf(style({ ...others, customFields }));
      const filled = mended(fill(row));
      expect(JSON.parse(textOf(filled))).toEqual(filled.value);
      const { value } = mended(row);
      const { added, kept } = split(filled.value, new Set(columns.map(({ name }) => name)));
      expect(kept).toEqual(value);
      expect(Object.keys(added)).toHaveLength(columns.length);
      for (const { field, change } of filled.changes ?? [])
        if (field in added && change === 'NULLED') expect(added[field]).toBeNull();
    }),
    { seed: 14, numRuns: 300 },
  );
});

function split(value: Row['value'], names: ReadonlySet<string>): Record<'added' | 'kept', Record<string, unknown>> {
  const entries = Object.entries(value);
  const pick = (ours: boolean) => Object.fromEntries(entries.filter(([name]) => names.has(name) === ours));
  return { added: pick(true), kept: pick(false) };
}
