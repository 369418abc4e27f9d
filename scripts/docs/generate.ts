import { configuredCatalog } from '../../integration_tests/configured-catalog.ts';
import { page as destinationsPage } from '../../integration_tests/clients/destinations/page.ts';
import { diagram } from './diagram.ts';
import { faultCount, faultTables } from './faults.ts';
import { eventTables } from './events.ts';
import { fieldTable, groupTable, harmlessTables, payloadList } from './personal.ts';
import {
  fullTable,
  howMany,
  parentsTable,
  permissionTable,
  sections,
  shortTable,
  startDateLists,
  waysTable,
} from './render.ts';

/** Which generated parts stand in which file, by the name in their markers. */
export const generated: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'README.md': { count: howMany, tables: shortTable },
  'docs/ashby.md': { permissions: permissionTable, streams: fullTable },
  'docs/faults.md': { 'fault-count': faultCount, 'fault-tables': faultTables },
  'docs/incremental.md': { ways: waysTable, parents: parentsTable, 'start-date': startDateLists },
  'docs/moving-from-airbytes-connector.md': { count: howMany },
  'docs/personal-data.md': { groups: groupTable, fields: fieldTable, harmless: harmlessTables, payloads: payloadList },
  'docs/streams.md': { streams: sections },
  'docs/webhooks.md': { 'event-tables': eventTables },
};

/** Files that are made whole. */
export const madeWhole: Readonly<Record<string, () => string>> = {
  'docs/destinations.md': destinationsPage,
  'docs/tables.svg': diagram,
  'integration_tests/configured_catalog.json': configuredCatalog,
};

/** Every file that `npm run docs` brings up to date. */
export const files: readonly string[] = [...Object.keys(generated), ...Object.keys(madeWhole)];

/**
 * The file's text with its generated parts made anew. A part stands between `<!-- generated: NAME … -->` and
 * `<!-- /generated -->`, in lines of its own or, where no line ends behind the first marker, within one; all else is
 * left alone. Throws where a part has no place, or a marker no part.
 */
export function regenerate(file: string, text: string): string {
  const whole = madeWhole[file];
  if (whole) return whole();
  const parts = { ...generated[file] };
  const made = text.replace(
    /(<!-- generated: ([a-z-]+)[^>]*-->)(\n?)[\s\S]*?(<!-- \/generated -->)/g,
    (_whole, begin: string, name: string, newLine: string, end: string) => {
      const part = parts[name];
      if (!part) throw new Error(`${file} has a marker for "${name}", which nothing makes or which is there twice`);
      delete parts[name];
      return newLine === '' ? `${begin}${part()}${end}` : `${begin}\n\n${part()}\n\n${end}`;
    },
  );
  const [homeless] = Object.keys(parts);
  if (homeless !== undefined) throw new Error(`${file} has no marker for the generated part "${homeless}"`);
  return made;
}
