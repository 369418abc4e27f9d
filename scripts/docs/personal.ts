import { loadSchema } from '../../src/assets.ts';
import { groups, groupTitles } from '../../src/personal/choices.ts';
import { payloads } from '../../src/personal/events.ts';
import { placesOf, type Place } from '../../src/personal/rules.ts';
import { streams } from '../../src/tables/table.ts';

/*
 * For docs/personal-data.md: which field of which table belongs to which group, out of src/personal/groups.ts and the
 * schemas.
 */

const tables = [...streams]
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map(({ name }) => ({ name, places: [...placesOf(name, loadSchema)] }));

/** The groups, in the order of the form, and how many tables each touches. */
export function groupTable(): string {
  const rows = groups.map((group) => {
    const touched = tables.filter(({ places }) => places.some((place) => place.group === group)).length;
    return `| \`${group}\` | ${groupTitles[group]} | ${touched} |`;
  });
  return ['| Group | What is in it | Tables |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Every table with personal fields, a row for each of its groups. */
export function fieldTable(): string {
  const rows = tables.flatMap(({ name, places }) =>
    groups.flatMap((group) => {
      const own = places.filter((place) => place.group === group);
      const outermost = own.filter((place) => !isInside(place, own));
      if (outermost.length === 0) return [];
      const leftBehind = places.filter((place) => place.group === undefined && isLeaf(place) && isInside(place, outermost));
      return [`| \`${name}\` | \`${group}\` | ${listed(outermost)} | ${listed(leftBehind) || 'nothing'} |`];
    }),
  );
  return ['| Table | Group | Fields | Left by `drop` |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Tables without any. */
export function harmlessTables(): string {
  const names = tables.filter(({ places }) => places.every(({ group }) => group === undefined));
  return names.map(({ name }) => `\`${name}\``).join(', ');
}

/** What events carry. */
export function payloadList(): string {
  return Object.entries(payloads)
    .map(([name, table]) => `\`${name}\` as \`${table}\``)
    .join(', ');
}


function isInside({ path }: Place, others: readonly Place[]): boolean {
  return others.some((other) => path !== other.path && /^(\.|\[\])/.test(path.slice(other.path.length)) && path.startsWith(other.path));
}

function isLeaf({ schema }: Place): boolean {
  return !('properties' in schema) && !('items' in schema);
}

function listed(places: readonly Place[]): string {
  return places.map(({ path }) => `\`${path}\``).join(', ');
}
