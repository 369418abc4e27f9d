/**
 * Makes configured_catalog.json: every table, incremental where it can be. As a command it writes the file.
 * Schemas are left out, since a source does not look at them and discover prints them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { catalogEntry } from '../src/tables/catalog-entry.ts';
import { streams } from '../src/tables/table.ts';

const file = new URL('configured_catalog.json', import.meta.url);

export function configuredCatalog(): string {
  const entries = streams.map((row) => {
    const stream = catalogEntry(row, { type: 'object', properties: {} });
    const incremental = stream.supported_sync_modes.includes('incremental');
    return {
      stream,
      sync_mode: incremental ? 'incremental' : 'full_refresh',
      destination_sync_mode: incremental ? 'append_dedup' : 'overwrite',
      primary_key: stream.source_defined_primary_key,
    };
  });
  return `{\n  "streams": [\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]\n}\n`;
}

export function committedCatalog(): string {
  return readFileSync(file, 'utf8');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(file, configuredCatalog());
