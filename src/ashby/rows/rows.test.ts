import { describe, expect, test } from '@jest/globals';
import {
  array,
  assert,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import { rowsIn, textOf } from '../../testing/rows.ts';
import { mended } from './line-safe.ts';
import { openAnswer, rowsInside, withFields, withoutFields, type OpenedAnswer, type Row } from './rows.ts';

const open = (text: string) => openAnswer(Buffer.from(text));

/** How programs write JSON. */
const styles: Record<string, (value: unknown) => string> = {
  compact: (value) => JSON.stringify(value),
  indented: (value) => JSON.stringify(value, undefined, 2),
  'with carriage returns': (value) => JSON.stringify(value, undefined, '\t').replaceAll('\n', '\r\n'),
  'spaced, in ASCII': (value) =>
    JSON.stringify(value, undefined, 1)
      .replace(/\n */g, ' ')
      .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
};
const style = constantFrom(...Object.keys(styles));
const written = (name: string, value: unknown): string => styles[name]?.(value) ?? '';
const texts = string({
  unit: constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', ':', 'é', '😀', '\u2028', '\u0085', '\ud83d', '\n'),
});
const fields = dictionary(texts, oneof(jsonValue(), texts));
const bodies = record(
  {
    success: constantFrom(true, false),
    results: oneof(array(fields, { maxLength: 4 }), fields, constantFrom(null)),
    nextCursor: texts,
    errorInfo: dictionary(texts, texts),
    syncToken: constantFrom('results', '"results":[', 'token'),
  },
  { requiredKeys: [] },
);

/** What JSON.parse makes of the whole, put together from the opened answer; damaged results are left out. */
function valueOf({ envelope, results }: OpenedAnswer, text: string): unknown {
  const parsed = JSON.parse(text) as Record<string, unknown>;
  switch (results.kind) {
    case 'rows':
      return { ...envelope, results: results.rows.map(({ value }) => value) };
    case 'row':
      return { ...envelope, results: results.row.value };
    default:
      return { ...envelope, ...('results' in parsed ? { results: parsed['results'] } : {}) };
  }
}
const rowsOfAnswer = (results: OpenedAnswer['results']): Row[] =>
  results.kind === 'rows' ? results.rows : results.kind === 'row' ? [results.row] : [];

describe('openAnswer', () => {
  test('finds rows, and the bytes of each', () => {
    const opened = open('{"success":true,"results":[{"a":"}]"},{"b":[1,{"c":"\\"{"}]}],"syncToken":"t"}');
    expect(opened?.envelope).toEqual({ success: true, syncToken: 't' });
    const rows = opened ? rowsOfAnswer(opened.results) : [];
    expect(rows.map(({ value }) => value)).toEqual([{ a: '}]' }, { b: [1, { c: '"{' }] }]);
    expect(rows.map(textOf)).toEqual(['{"a":"}]"}', '{"b":[1,{"c":"\\"{"}]}']);
  });

  test('reads each answer as JSON.parse does, however it is written', () => {
    assert(
      property(style, bodies, (name, body) => {
        const text = written(name, body);
        const opened = open(text);
        expect(opened && valueOf(opened, text)).toEqual(JSON.parse(text));
        expect(opened?.results.kind).not.toBe('damaged');
      }),
      { numRuns: 500 },
    );
  });

  test('whatever is damaged, it takes only what JSON.parse takes', () => {
    const damages = constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', 'x', '1', '\u00a0', '\n');
    assert(
      property(style, bodies, integer({ min: 0 }), damages, (name, body, place, instead) => {
        const whole = written(name, body);
        const at = place % whole.length;
        const text = (whole.slice(0, at) + instead + whole.slice(at + 1)).toWellFormed();
        const opened = open(text);
        if (opened && opened.results.kind !== 'damaged') expect(valueOf(opened, text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 3_000 },
    );
  });

  test('each row stands on one line for every reader, and means what it meant, but for halves of pairs', () => {
    assert(
      property(style, bodies, (name, body) => {
        const opened = open(written(name, body));
        for (const sentRow of opened ? rowsOfAnswer(opened.results) : []) {
          const row = mended(sentRow);
          const text = textOf(row);
          expect(text).not.toMatch(/[\n\r\v\f\x1c-\x1e\u0085\u2028\u2029]/);
          const half = hasHalf(sentRow.value);
          if (!half) expect(row.value).toEqual(sentRow.value);
          expect(JSON.parse(text)).toEqual(row.value);
          expect(row.changes !== undefined).toBe(half);
          expect(hasHalf(JSON.parse(text))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['no results', '{"success":true}', 'nothing'],
    ['null', '{"results":null}', 'nothing'],
    ['results that are one object', '{"results":{"a":1}}', 'row'],
    ['an empty list', '{"results":[ ]}', 'rows'],
    ['results inside another object', '{"meta":{"results":[{"a":1}]},"results":[]}', 'rows'],
    ['a name in escapes', '{"result\\u0073":[{"a":1}]}', 'rows'],
    ['a mark of the byte order', '\ufeff {"results":[{"a":1}]}', 'rows'],
    ['results that are text', '{"results":"many"}', 'damaged'],
    ['a row that is no object', '{"results":[{"a":1},2]}', 'damaged'],
    ['a row that is a list', '{"results":[[]]}', 'damaged'],
    ['results twice', '{"results":[{"a":1}],"results":null}', 'damaged'],
    ['results twice, once escaped', '{"results":[{"a":1}],"result\\u0073":null}', 'damaged'],
  ])('takes %s for what it is', (_what, text, kind) => {
    expect(open(text)?.results.kind).toBe(kind);
  });

  test.each([
    ['a comma too many', '{"results":[{"a":1},]}'],
    ['a comma too few', '{"results":[{"a":1}{"a":2}]}'],
    ['two commas', '{"results":[{"a":1},,{"a":2}]}'],
    ['a comma alone', '{"results":[,]}'],
    ['brackets that do not match', '{"results":[{"a":[1}]]}'],
    ['an end within a text', '{"results":[{"a":"'],
    ['an end behind a backslash', '{"results":[{"a":"\\'],
    ['more behind the end', '{"results":[]}{}'],
    ['a list around it', '[{"results":[{"a":1}]}]'],
    ['nothing', ''],
  ])('refuses %s', (_what, text) => {
    expect(open(text)).toBeUndefined();
  });

  test('refuses bytes that are no UTF-8', () => {
    expect(openAnswer(Buffer.from('{"results":[{"a":"\xff"}]}', 'latin1'))).toBeUndefined();
  });

  test('a row nested too deep for readers is marked, its neighbours are not', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const [list, deep, flat] = rowsIn(
      `{"results":[{"b":${nested(149)}},{"a":1.50,"deep":${nested(150)},"b":${nested(149)}},{"b":1}]}`,
    );
    expect([list?.unsafe, deep?.unsafe, flat?.unsafe]).toEqual([undefined, true, undefined]);
    const object = openAnswer(Buffer.from(`{"results":{"a":${nested(150)}}}`))?.results;
    expect(object).toMatchObject({ kind: 'row', row: { unsafe: true } });
  });
});

function hasHalf(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, part]) => !name.isWellFormed() || hasHalf(part));
}

const NUMBER = '1234567890123456789012345678901234567890.0987654321';

describe('edits of a row', () => {
  const names = constantFrom('a', 'b', '"', 'é', 'id', '__proto__', 'results');
  /** As it comes out of JSON, which knows no -0 of ours. */
  const wellFormed = dictionary(names, jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as typeof value);

  test('what is added or cut is so in the value and in the bytes, and all else keeps its bytes', () => {
    assert(
      property(style, wellFormed, wellFormed, array<string>(names), (name, value, added, cut) => {
        const [row] = rowsIn(written(name, { results: [value] }));
        if (!row) throw new Error('no row');
        for (const [edited, expected] of [
          [withFields(row, added), { ...value, ...added }],
          [
            withoutFields(row, cut),
            Object.fromEntries(Object.entries(value).filter(([field]) => !cut.includes(field))),
          ],
        ] as const) {
          expect(JSON.parse(textOf(edited))).toEqual(JSON.parse(JSON.stringify(expected)));
          expect(edited.value).toEqual(JSON.parse(JSON.stringify(expected)));
        }
        expect(row.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });

  const [row] = rowsIn(`{"results":[{ "n" : ${NUMBER}, "x":1, "x":2 ,"in":[{"n": ${NUMBER}},3,{}] }]}`);
  if (!row) throw new Error('no row');

  test.each([
    [
      'a field added',
      withFields(row, { y: 'é' }),
      `{ "n" : ${NUMBER}, "x":1, "x":2 ,"in":[{"n": ${NUMBER}},3,{}] ,"y":"é"}`,
    ],
    ['a field replaced', withFields(row, { x: 3 }), `{"n" : ${NUMBER},"in":[{"n": ${NUMBER}},3,{}],"x":3}`],
    ['a field cut', withoutFields(row, ['x']), `{"n" : ${NUMBER},"in":[{"n": ${NUMBER}},3,{}]}`],
    ['all fields cut', withoutFields(row, ['x', 'n', 'in']), '{}'],
    ['all fields replaced', withFields(withoutFields(row, ['x', 'n', 'in']), { a: 1 }), '{"a":1}'],
  ])('%s leaves the digits of the others', (_what, edited, text) => {
    expect(textOf(edited)).toBe(text);
  });

  test('an edit that changes nothing gives the row back', () => {
    expect(withFields(row, {})).toBe(row);
    expect(withoutFields(row, ['missing'])).toBe(row);
  });

  test('rows inside it come with their bytes; anything but a list of objects is refused', () => {
    const [outer] = rowsIn(`{"results":[{"in":[{"n": ${NUMBER}}, {} ],"odd":[{},3],"none":null,"deep":[[]]}]}`);
    if (!outer) throw new Error('no row');
    expect(rowsInside(outer, 'in')?.map(textOf)).toEqual([`{"n": ${NUMBER}}`, '{}']);
    for (const field of ['none', 'missing']) expect(rowsInside(outer, field)).toEqual([]);
    for (const field of ['odd', 'deep']) expect(rowsInside(outer, field)).toBeUndefined();
    for (const field of ['n', 'in']) expect(rowsInside(row, field)).toBeUndefined();
  });

  test('rows inside a row that has to be mended have to be, too', () => {
    const [outer] = rowsIn('{"results":[{"in":[{"a":"\\ud83d"},{"a":1}]}]}');
    const inside = outer ? (rowsInside(outer, 'in') ?? []) : [];
    expect(inside.map(({ unsafe }) => unsafe)).toEqual([true, true]);
    expect(inside.map(mended).map(textOf)).toEqual(['{"a":"\\ufffd"}', '{"a":1}']);
  });

  test('rows inside any row are those of its value', () => {
    assert(
      property(style, oneof(array(wellFormed), array(oneof(wellFormed, jsonValue()))), (name, inside) => {
        const [outer] = rowsIn(written(name, { results: [{ inside: 'x', list: inside }] }));
        const found = outer ? rowsInside(outer, 'list') : [];
        const objects = inside.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
        const expected =
          objects.length === inside.length ? (JSON.parse(JSON.stringify(objects)) as unknown) : undefined;
        expect(found?.map((one) => JSON.parse(textOf(one)) as unknown)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
