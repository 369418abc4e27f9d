import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { STAMP_FIELD } from './definition.ts';
import { inboxTables } from './inbox/tables.ts';
import { isIncremental } from './lineage.ts';
import { offered } from './table.ts';

/**
 * What every schema promises to destinations. Each rule has a client behind it: unions by keyword and `$ref` break
 * typed destinations, closed enums and narrow formats fail a whole batch when Ashby adds a value, and an undescribed
 * field is of no use to the person who finds it in a warehouse.
 */

const tables = [...offered, ...inboxTables];

type Node = Record<string, unknown>;
type Found = { path: string; node: Node; role: 'field' | 'items' };

const folder = new URL('../../schemas/', import.meta.url);
const PERSONAL = 'Personal data. ';

const ALLOWED_KEYWORDS = new Set([
  '$comment',
  'additionalProperties',
  'airbyte_type',
  'description',
  'format',
  'items',
  'properties',
  'type',
]);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const typesOf = (node: Node): unknown[] =>
  Array.isArray(node['type']) ? node['type'] : 'type' in node ? [node['type']] : [];

const describedAs = (node: Node): string => (typeof node['description'] === 'string' ? node['description'] : '');

const fieldsOf = (node: Node): [string, Node][] =>
  Object.entries(isNode(node['properties']) ? node['properties'] : {}).map(([name, field]) => {
    if (!isNode(field)) throw new Error(`${name} is not a schema`);
    return [name, field];
  });

/** Every field and every array item below a node, depth first. */
function* walk(node: Node, path: string): Generator<Found> {
  for (const [name, field] of fieldsOf(node)) {
    yield { path: `${path}.${name}`, node: field, role: 'field' };
    yield* walk(field, `${path}.${name}`);
  }
  const items = node['items'];
  if (isNode(items)) {
    yield { path: `${path}[]`, node: items, role: 'items' };
    yield* walk(items, `${path}[]`);
  }
}

const schemas = readdirSync(folder)
  .sort()
  .map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const root: unknown = JSON.parse(text);
    if (!isNode(root)) throw new Error(`${file} is not an object`);
    const name = file.replace(/\.json$/, '');
    return {
      name,
      file,
      text,
      root,
      row: tables.find((one) => one.name === name),
      found: [...walk(root, name)],
    };
  });

/** Paths that break a rule; an empty list reads best in a failure message. */
const offenders = (found: Found[], breaks: (place: Found) => boolean): string[] =>
  found.filter(breaks).map(({ path }) => path);

test('every stream has a schema, and there is no other', () => {
  expect(schemas.map(({ file }) => file)).toEqual(tables.map(({ name }) => `${name}.json`).sort());
});

describe.each(schemas)('schemas/$file', ({ text, root, row, found }) => {
  const columns = fieldsOf(root);
  const names = columns.map(([name]) => name);
  const key = row?.key ?? [];

  test('the root is an open draft-07 object with a description and fields', () => {
    expect(root).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      additionalProperties: true,
      description: expect.stringMatching(/\S.*\.$/),
    });
    expect(Object.keys(root).filter((name) => !ALLOWED_KEYWORDS.has(name))).toEqual(['$schema']);
    expect(columns.length).toBeGreaterThan(0);
  });

  test('only keywords that every destination understands are used', () => {
    expect(offenders(found, ({ node }) => Object.keys(node).some((name) => !ALLOWED_KEYWORDS.has(name)))).toEqual([]);
  });

  test('the key is made of plain strings and every other field may be null', () => {
    expect(key.length).toBeGreaterThan(0);
    for (const column of key) expect(Object.fromEntries(columns)[column]).toMatchObject({ type: 'string' });
    const keyPaths = key.map((column) => `${row?.name ?? ''}.${column}`);
    expect(
      offenders(
        found,
        ({ node, path, role }) => role === 'field' && !keyPaths.includes(path) && typesOf(node)[0] !== 'null',
      ),
    ).toEqual([]);
  });

  test('a field of several types stands inside an array, names all its types and says why', () => {
    const several = found.filter(({ node }) => typesOf(node).filter((type) => type !== 'null').length > 1);
    expect(
      offenders(several, ({ node, path }) => !path.includes('[]') || typeof node['$comment'] !== 'string'),
    ).toEqual([]);
  });

  test('objects stay open and list their fields, or say why their keys are free', () => {
    const objects = found.filter(({ node }) => typesOf(node).includes('object') || 'properties' in node);
    expect(
      offenders(
        objects,
        ({ node, role }) =>
          node['additionalProperties'] !== true ||
          (!isNode(node['properties']) && (role === 'items' || typeof node['$comment'] !== 'string')),
      ),
    ).toEqual([]);
  });

  test('an object is never listed with no fields, which old Singer SDKs take as permission to drop its content', () => {
    expect(offenders(found, ({ node }) => 'properties' in node && fieldsOf(node).length === 0)).toEqual([]);
  });

  test('arrays state their items, and items are typed unless a boolean union inside forbids it', () => {
    const arrays = found.filter(({ node }) => typesOf(node).includes('array'));
    expect(offenders(arrays, ({ node }) => !isNode(node['items']))).toEqual([]);
    const items = found.filter(({ role }) => role === 'items');
    const hasBooleanUnion = (node: Node) =>
      fieldsOf(node).some(([, field]) => typesOf(field).includes('boolean') && typesOf(field).length > 2);
    expect(
      offenders(items, ({ node }) =>
        hasBooleanUnion(node) ? 'type' in node || typeof node['$comment'] !== 'string' : typesOf(node).length === 0,
      ),
    ).toEqual([]);
  });

  test('a boolean union appears only below untyped items, where old Singer SDKs leave it as it is', () => {
    const unions = found.filter(({ node }) => typesOf(node).includes('boolean') && typesOf(node).length > 2);
    const untyped = new Set(
      found.filter(({ role, node }) => role === 'items' && !('type' in node)).map(({ path }) => path),
    );
    expect(offenders(unions, ({ path }) => !untyped.has(path.slice(0, path.lastIndexOf('.'))))).toEqual([]);
  });

  test('formats are date, or date-time with its Airbyte type', () => {
    expect(
      offenders(found, ({ node }) => {
        if (!('format' in node) && !('airbyte_type' in node)) return false;
        if (JSON.stringify(node['type']) !== '["null","string"]') return true;
        return node['format'] === 'date'
          ? 'airbyte_type' in node
          : node['format'] !== 'date-time' || node['airbyte_type'] !== 'timestamp_with_timezone';
      }),
    ).toEqual([]);
  });

  test('a text whose name is that of a moment or a day has a format, or says why not', () => {
    expect(
      offenders(found, ({ path, node }) => {
        const isTime = /\.[a-z]\w*(At|Date|_at)$|\.(date|timestamp)$/.test(path) && typesOf(node).includes('string');
        return isTime && !('format' in node) && typeof node['$comment'] !== 'string';
      }),
    ).toEqual([]);
  });

  test('every field is described in a sentence', () => {
    expect(offenders(found, ({ node, role }) => role === 'field' && !/^[A-Z].*\.$/.test(describedAs(node)))).toEqual(
      [],
    );
  });

  test('a field with personal data anywhere inside is marked as such', () => {
    const isPersonal = (node: Node) => describedAs(node).startsWith(PERSONAL);
    expect(
      offenders(
        found,
        ({ node, role }) =>
          role === 'field' && !isPersonal(node) && [...walk(node, '')].some((inner) => isPersonal(inner.node)),
      ),
    ).toEqual([]);
    const personalName =
      /^(first|last|display)Name$|^(e|primaryE)mail|^ipAddress$|[uU]serAgent$|ClientIp$|^submittedValues$/;
    expect(
      offenders(
        found,
        ({ node, path, role }) =>
          role === 'field' && personalName.test(path.split('.').at(-1) ?? '') && !isPersonal(node),
      ),
    ).toEqual([]);
  });

  test('no two columns become one name in a case-insensitive destination', () => {
    const normalised = names.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, '_'));
    expect(new Set(normalised).size).toBe(normalised.length);
  });

  test('columns that the connector adds are declared, the version column last, and those that it omits are not', () => {
    if (row === undefined) throw new Error('no such stream');
    expect(names.indexOf(STAMP_FIELD)).toBe(isIncremental(row) ? names.length - 1 : -1);
    const { parentIdField, addsKey, source, cuts = [] } = row;
    if (parentIdField !== undefined) expect(names).toContain(parentIdField);
    expect(names.includes('_key')).toBe(addsKey === true || source.kind === 'keys');
    expect(names.includes('jobBoardIds')).toBe(source.kind === 'boards');
    expect(cuts.filter((name) => names.includes(name))).toEqual([]);
  });

  test('it compiles under draft-07', () => {
    const compile = () => new Ajv({ strict: false, validateFormats: false, validateSchema: true }).compile(root);
    expect(compile).not.toThrow();
  });

  test('it is laid out with two spaces and a final newline', () => {
    expect(text).toBe(`${JSON.stringify(root, null, 2)}\n`);
  });
});

describe('values that a schema must let through', () => {
  const accepts = (stream: string, record: unknown): boolean => {
    const schema = schemas.find(({ name }) => name === stream)?.root;
    if (schema === undefined) throw new Error(`no schema ${stream}`);
    return new Ajv({ strict: false, validateFormats: false }).validate(schema, record);
  };

  test.each([
    ['boolean', true],
    ['number', 7.5],
    ['text', 'Platform'],
    ['options', ['Platform', 'Data']],
    ['money', { value: 1000, currencyCode: 'USD' }],
    ['range', { type: 'number-range', minValue: 1, maxValue: 2 }],
    ['nothing', null],
  ])('a custom field holding %s', (_kind, value) => {
    const customFields = [{ id: 'f1', title: 'Team', value, valueLabel: null }];
    expect(accepts('candidates', { id: 'c1', customFields })).toBe(true);
  });

  test('answers of any type, fields that nobody declared, and values that are new', () => {
    const submittedValues = { a: 'x', b: 3, c: true, d: ['y'], e: { score: 4 }, f: null };
    expect(accepts('application_feedback', { id: 'f1', submittedValues, novelty: 1 })).toBe(true);
    expect(accepts('applications', { id: 'a1', status: 'SomethingNew' })).toBe(true);
  });

  test('no column is required, and a key that is null is refused', () => {
    expect(accepts('sources', { title: 'Fair' })).toBe(true);
    expect(accepts('sources', { id: null })).toBe(false);
  });
});
