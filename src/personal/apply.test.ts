import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Row } from '../ashby/rows/rows.ts';
import { protectedRow } from './apply.ts';
import type { Rule } from './rules.ts';

const SALT_MARK = 'h:';
const found: [string, string | undefined][] = [];
const tools = {
  hash: (text: string) => `${SALT_MARK}${Buffer.from(text).toString('hex')}`,
  unknown: (holder: string, name: string | undefined) => void found.push([holder, name]),
};

function rule(given: Partial<Omit<Rule, 'fields'>> & { fields?: Record<string, Rule> }): Rule {
  const { fields, ...rest } = given;
  return {
    ...{ path: 'p', cut: false, scalar: undefined, items: undefined, open: undefined, phone: false, ...rest },
    fields: fields ? new Map(Object.entries(fields)) : undefined,
  };
}
const KEEP = rule({ scalar: 'keep' });
const HASH = rule({ scalar: 'hash' });
const CUT = rule({ cut: true });

/** A row in a buffer with something before and behind it, as rows lie in an answer. */
function rowOf(text: string): Row {
  const [before, json] = [Buffer.from('{"results":['), Buffer.from(text)];
  const bytes = Buffer.concat([before, json, Buffer.from(',{}]}')]);
  const value = JSON.parse(text) as Record<string, unknown>;
  return { value, json: { bytes, from: before.length, to: before.length + json.length } };
}

function done(text: string, given: Rule): string {
  const { value, json } = protectedRow(rowOf(text), given, tools);
  const after = json.bytes.toString('utf8', json.from, json.to);
  expect(value).toEqual(JSON.parse(after));
  return after;
}

describe('a row', () => {
  const fields = { a: KEEP, b: HASH, c: CUT, d: rule({ fields: { a: KEEP, b: HASH, c: CUT } }) };
  const root = rule({ path: '', fields });
  const x = tools.hash('x');

  test.each([
    ['nothing to do', '{"a":1.10,"d":{"a":12345678901234567890.0}}', '{"a":1.10,"d":{"a":12345678901234567890.0}}'],
    ['a hash', '{"a":1e2,"b":"x"}', `{"a":1e2,"b":"${x}"}`],
    ['the first goes', '{"c":1,"a":2.50}', '{"a":2.50}'],
    ['the last goes', '{"a":2.50,"c":{"x":[1]}}', '{"a":2.50}'],
    ['one in the middle goes', '{"a":1,"c":2,"b":"x"}', `{"a":1,"b":"${x}"}`],
    ['several go', '{"c":1,"e":2,"a":3,"c":4,"f":5}', '{"a":3}'],
    ['all go', '{ "c" : 1 , "e":2 }', '{ }'],
    ['white space', '{ "a" : 1 , "c" : 2 , "b" : "x" }', `{ "a" : 1,"b" : "${x}" }`],
    ['deeper', '{"d":{"c":1,"a":0.10,"z":{"b":"x"}},"a":1}', '{"d":{"a":0.10},"a":1}'],
    ['a name that is written otherwise', '{"\\u0062":"x","\\u0063":1}', `{"\\u0062":"${x}"}`],
    ['a name that comes twice', '{"b":"x","b":"x","a":1,"a":2}', `{"b":"${x}","b":"${x}","a":1,"a":2}`],
    ['null', '{"b":null,"d":null}', '{"b":null,"d":null}'],
    ['an object where a text is declared', '{"a":{"jane":1},"b":["x"]}', '{}'],
    ['a text where an object is declared', '{"d":"jane","a":1}', '{"a":1}'],
    ['a name with a meaning of its own', '{"__proto__":{"x":1},"constructor":"x","a":1}', '{"a":1}'],
    ['a name that begins like a declared one', '{"aa":1,"":2,"a ":3,"ä":4,"a":5}', '{"a":5}'],
    [
      'quotes and backslashes in texts',
      '{"a":"\\\\\\",\\"c\\":","c":"}\\"","b":"x"}',
      `{"a":"\\\\\\",\\"c\\":","b":"${x}"}`,
    ],
  ])('%s', (_what, before, after) => {
    expect(done(before, root)).toBe(after);
  });

  test('nothing to do gives the same row, not another like it', () => {
    const row = rowOf('{"a":1}');
    expect(protectedRow(row, root, tools)).toBe(row);
  });

  test('what is unknown is told with its holder', () => {
    found.length = 0;
    done('{"z":1,"d":{"y":2,"a":{}}}', rule({ path: '', fields: { d: rule({ path: 'd', fields: { a: KEEP } }) } }));
    expect(found).toEqual([
      ['', 'z'],
      ['d', 'y'],
      ['p', undefined],
    ]);
  });

  test('in an open object every leaf is hashed, however deep, and names stay', () => {
    const open = rule({ path: '', fields: { o: rule({ open: 'hash' }), k: rule({ open: 'keep' }) } });
    const deep = `${'['.repeat(5_000)}"x"${']'.repeat(5_000)}`;
    expect(done(`{"o":{"x":"x","y":[1.50,true,null,{"x" : "x"}],"z":{}},"k":{"x":"x"}}`, open)).toBe(
      `{"o":{"x":"${x}","y":["${tools.hash('1.50')}","${tools.hash('true')}",null,{"x" : "${x}"}],"z":{}},"k":{"x":"x"}}`,
    );
    const { json } = protectedRow(rowOf(`{"o":{"x":${deep}}}`), open, tools);
    expect(json.bytes.toString()).toBe(`{"o":{"x":${deep.replace('"x"', `"${x}"`)}}}`);
  });

  test('items of a list that are unknown go, and the others close up', () => {
    const list = rule({ path: '', fields: { l: rule({ items: rule({ fields: { a: KEEP } }) }) } });
    expect(done('{"l":["jane",{"a":1},[2],{"b":3},null,4]}', list)).toBe('{"l":[{"a":1},{},null]}');
    expect(done('{"l":["jane"]}', list)).toBe('{"l":[]}');
  });
});

/** The same once more, over values. */
function expected(value: unknown, given: Rule): { stays: boolean; value?: unknown } {
  if (value === null) return { stays: true, value };
  if (typeof value !== 'object') {
    if (given.scalar === undefined) return { stays: false };
    return { stays: true, value: given.scalar === 'hash' ? tools.hash(text(value)) : value };
  }
  const parts = Array.isArray(value) ? given.items : given.fields;
  if (!parts) {
    if (given.open === undefined) return { stays: false };
    return { stays: true, value: given.open === 'hash' ? leaves(value) : value };
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => expected(item, given.items!)).filter(({ stays }) => stays);
    return { stays: true, value: items.map((item) => item.value) };
  }
  const kept = Object.entries(value).flatMap(([name, part]) => {
    const own = given.fields!.get(name);
    const result = own && !own.cut ? expected(part, own) : { stays: false };
    return result.stays ? [[name, (result as { value: unknown }).value]] : [];
  });
  return { stays: true, value: Object.fromEntries(kept) };
}

function leaves(value: unknown): unknown {
  if (value === null) return value;
  if (Array.isArray(value)) return value.map(leaves);
  if (typeof value !== 'object') return tools.hash(text(value));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, leaves(part)]));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

describe('any row under any rule', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'é"\\');
  const deed = fc.constantFrom<Rule['open']>('keep', 'hash', undefined);
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(0, 1, -1.5, 1e21, true, false, null, '', '"\\'));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  }));
  /** Rules for `levels` levels of objects and lists. */
  const ruleOf = (levels: number): fc.Arbitrary<Rule> => {
    const own = { cut: fc.boolean(), scalar: deed, open: deed };
    if (levels === 0) return fc.record(own).map(rule);
    const below = ruleOf(levels - 1);
    const parts = {
      fields: fc.option(fc.dictionary(name, below, { maxKeys: 3 }), { nil: undefined }),
      items: fc.option(
        below.map((item) => ({ ...item, cut: false })),
        { nil: undefined },
      ),
    };
    return fc.record({ ...own, ...parts }).map(({ fields, ...rest }) => rule(fields ? { ...rest, fields } : rest));
  };
  const fields = fc.dictionary(name, ruleOf(2), { maxKeys: 4 });

  test('an edit of its bytes is the edit of its value', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), fields, fc.constantFrom(undefined, 1, '\t '), (row, given, space) => {
        const json = JSON.stringify(row, undefined, space);
        const root = rule({ path: '', fields: given });
        expect(JSON.parse(done(json, root))).toEqual(expected(JSON.parse(json), root).value);
      }),
      { numRuns: 1_500, seed: 14 },
    );
  });
});
