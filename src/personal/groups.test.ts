import { describe, expect, test } from '@jest/globals';
import { loadSchema } from '../assets.ts';
import { streams } from '../tables/table.ts';
import { groups } from './choices.ts';
import { byTable, everywhere, shapedLike } from './groups.ts';
import { placesOf, type Place } from './rules.ts';

/*
 * Every field of every schema belongs to one group or to none. What fails here is put right in src/personal/groups.ts:
 * with a line for the field in `byTable`, or, where its name means the same in every table, in `everywhere`.
 */

const places = streams.flatMap(({ name }) =>
  [...placesOf(name, loadSchema)].map((place) => ({ table: name, ...place })),
);
type Found = (typeof places)[number];

const named = (found: readonly Found[]): string[] => found.map(({ table, path }) => `${table}.${path}`);
const typesOf = ({ schema: { type } }: Place): unknown[] => (Array.isArray(type) ? type : [type]);
const isLeaf = (place: Place): boolean => !typesOf(place).some((type) => type === 'array' || type === 'object');
const isDecided = ({ table, path, group, label }: Found): boolean =>
  group !== undefined || label || byTable[table]?.[path] === 'none';

describe('every field that is personal has a group', () => {
  test('what its schema calls personal data', () => {
    const marked = places.filter(({ schema }) => String(schema['description']).startsWith('Personal data.'));
    expect(marked.length).toBeGreaterThan(400);
    expect(named(marked.filter((place) => isLeaf(place) && !isDecided(place)))).toEqual([]);
  });

  test('an object or a list that its schema calls personal data has parts with groups', () => {
    const holders = places.filter(
      (place) => String(place.schema['description']).startsWith('Personal data.') && !isLeaf(place),
    );
    const empty = holders.filter(
      ({ table, path, group }) =>
        group === undefined &&
        !places.some((other) => other.table === table && other.path.startsWith(path) && other.group !== undefined),
    );
    expect(named(empty)).toEqual([]);
  });

  /** Last names of paths that look personal in whatever table. */
  const looks =
    /(^|[a-z.])(e?mail|phone|url|link|comment|content|salary|reasoning|handle|ip|ipAddress|userAgent|timezone|school|company|notes?(Html|Plain)?|bodyHtml|subject|minValue|maxValue|submittedValues|value|valueLabel|firstName|lastName|displayName|fraud\w+)$/i;
  /** What looks personal and is not, each with its reason. */
  const harmless: Readonly<Record<string, string>> = {
    'selectableValues[].value': 'an option of a field, as an administrator wrote it',
    'linkedData.identifier.value': 'the id of the posting',
    'job_posting_details.applyLink': 'the public page of the posting',
    'job_posting_details.externalLink': 'the public page of the posting',
    'job_postings.applyLink': 'the public page of the posting',
    'job_postings.externalLink': 'the public page of the posting',
    'source_tracking_links.link': 'the link that is printed in advertisements',
  };

  test('what looks personal by its name', () => {
    const looking = places.filter(({ path }) => looks.test(path.replaceAll('[]', '')));
    expect(looking.length).toBeGreaterThan(300);
    const undecided = looking.filter(
      (place) =>
        isLeaf(place) &&
        !isDecided(place) &&
        !Object.keys(harmless).some((end) => `${place.table}.${place.path}`.endsWith(end)),
    );
    expect(named(undecided)).toEqual([]);
  });

  test('an object that may hold anything has a group, or the shape of another field', () => {
    const open = places.filter(
      (place) => !isLeaf(place) && typesOf(place).includes('object') && !('properties' in place.schema),
    );
    expect(open.length).toBeGreaterThan(5);
    const undecided = open.filter(
      ({ table, path, group }) => group === undefined && !(`${table}.${path}` in shapedLike),
    );
    expect(named(undecided)).toEqual([]);
  });

  test('every group has fields', () => {
    const used = new Set(places.map(({ group }) => group));
    expect(groups.filter((group) => !used.has(group))).toEqual([]);
  });
});

describe('ids and times have none', () => {
  test('whatever surrounds them', () => {
    const untouchable = places.filter(
      ({ path, schema }) =>
        /(^|\.)id$|[a-z]Ids?(\[\])?$|[a-z]At$/.test(path) ||
        (schema['format'] !== undefined && !/^value(Date|Timestamp)$/.test(path)), // what somebody typed may be a day
    );
    expect(untouchable.length).toBeGreaterThan(300);
    expect(named(untouchable.filter(({ group }) => group !== undefined))).toEqual([]);
  });

  test('nor do keys, and what the connector goes by', () => {
    const kept = streams.flatMap(({ name, key, idField, source }) => [
      ...key.map((column) => `${name}.${column}`),
      ...(typeof idField === 'string' ? [`${name}.${idField}`] : []),
      ...('parent' in source && source.kind === 'calls'
        ? [
            `${source.parent}.${source.parentField ?? 'id'}`,
            `${source.parent}.${source.revisit?.except?.field ?? 'id'}`,
          ]
        : []),
    ]);
    expect(named(places.filter(({ table, path, group }) => kept.includes(`${table}.${path}`) && group))).toEqual([]);
  });
});

describe('groups.ts names nothing in vain', () => {
  test('each path is one of its table', () => {
    const known = new Set(named(places));
    const listed = Object.entries(byTable).flatMap(([table, fields]) =>
      Object.keys(fields).map((path) => `${table}.${path}`),
    );
    expect([...listed, ...Object.keys(shapedLike)].filter((path) => !known.has(path))).toEqual([]);
  });

  test('each name is one of some table', () => {
    const known = new Set(places.map(({ path }) => path.split('.').at(-1)));
    expect(Object.keys(everywhere).filter((name) => !known.has(name))).toEqual([]);
  });
});
