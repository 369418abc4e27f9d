import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { handlingOf } from './faults/handling.ts';
import { PLACES, placesOf, TABLES, type Place } from './faults/places.ts';
import { strike } from './faults/strike.ts';
import { valuesOf } from './faults/values.ts';
import { FAULT_CATALOGUE, type CatalogueEntry } from './simulator/fault-catalogue.ts';
import { Bench } from './support/bench.ts';

/*
 * Each fault of the catalogue at each place, once and always: what comes of it is what docs/faults.md says. ALL_FAULTS=1
 * adds those that cost a time-out of the connector (minutes), and throws what is heavy at every place.
 */

const ALL = process.env['ALL_FAULTS'] === '1';
const here = FAULT_CATALOGUE.filter(({ slow }) => ALL || !slow);

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start({ scale: 4, tables: TABLES });
});
afterAll(() => bench.stop());

/** Megabytes and half seconds, at two places of six. */
function isHeavy({ effect }: CatalogueEntry): boolean {
  if (effect.kind === 'padded') return effect.bytes > 10_000_000;
  if (effect.kind === 'value') return (effect.length ?? 0) > 1_000_000;
  return effect.kind === 'slow' || effect.kind === 'drip';
}

function placesFor(entry: CatalogueEntry): readonly Place[] {
  const places = placesOf(entry);
  return isHeavy(entry) && !ALL
    ? places.filter(({ name }) => name === 'middle page' || name === 'call for an object')
    : places;
}

/** Where once and always are the same, the sharper of the two: a right answer stays so, a refusal is not asked again. */
function timesFor(entry: CatalogueEntry): readonly number[] {
  if (ALL || handlingOf(entry).stays !== 'The same.') return [1, Infinity];
  return handlingOf(entry).endsOnce(PLACES[0] as Place).status === 'COMPLETE' ? [Infinity] : [1]; // there are places
}

test('every fault of the catalogue has a place, and every place faults', () => {
  expect(FAULT_CATALOGUE.filter((entry) => placesOf(entry).length === 0).map(({ name }) => name)).toEqual([]);
  for (const place of PLACES) expect(FAULT_CATALOGUE.some((entry) => placesOf(entry).includes(place))).toBe(true);
  expect(FAULT_CATALOGUE.length).toBeGreaterThanOrEqual(260);
});

test.each(here.map((entry) => [entry.group, entry.name, entry] as const))(
  '%s, %s: what happens is what docs/faults.md says',
  async (_group, _name, entry) => {
    const wrong: string[] = [];
    for (const place of placesFor(entry)) {
      for (const times of timesFor(entry)) {
        const found = await strike(bench, entry, place, times);
        wrong.push(...found.map((what) => `${place.name}, ${times === 1 ? 'once' : 'always'}: ${what}`));
      }
    }
    expect(wrong).toEqual([]);
  },
  ALL ? 3_600_000 : 60_000,
);

const values = FAULT_CATALOGUE.filter(({ group }) => group === 'values');

test.each(values.map((entry) => [entry.name, entry] as const))(
  'the value %s arrives digit for digit, or meta.changes tells that it does not',
  async (_name, entry) => {
    const wrong: string[] = [];
    for (const place of placesFor(entry).filter(({ name }) => name !== 'first page' && name !== 'last page'))
      wrong.push(...(await valuesOf(bench, entry, place)).map((what) => `${place.name}: ${what}`));
    expect(wrong).toEqual([]);
  },
);
