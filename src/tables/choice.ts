import { ConnectorError } from '../errors.ts';
import type { AirbyteStream } from '../protocol/messages.ts';
import { catalogEntry } from './catalog-entry.ts';
import type { Table } from './definition.ts';
import { findTable } from './lineage.ts';

/** Which tables somebody wants, by name; undefined: all, and none left out. */
export interface Choice {
  streams: readonly string[] | undefined;
  exclude: readonly string[] | undefined;
}

/**
 * The tables that were named, without those that are to be left out. Undefined where none were named, so that somebody
 * has to find out what there is. `reports` are the tables of the reports in the form. Throws a `config_error` for a name that no table has.
 */
export function namedTables({ streams, exclude = [] }: Choice, reports: readonly Table[]): Table[] | undefined {
  const excluded = exclude.map((name) => tableOf(name, '--exclude', reports));
  const named = streams?.map((name) => tableOf(name, '--streams', reports));
  return named && without([...new Set(named)], excluded);
}

/** `tables` without those that are to be left out. Throws a `config_error` where nothing is left. */
export function remaining(tables: readonly Table[], { exclude = [] }: Choice, reports: readonly Table[]): Table[] {
  return without(
    tables,
    exclude.map((name) => tableOf(name, '--exclude', reports)),
  );
}

function without(tables: readonly Table[], excluded: readonly Table[]): Table[] {
  const left = tables.filter((table) => !excluded.includes(table));
  if (left.length > 0) return left;
  throw new ConnectorError('No table is left to read: --exclude names every one of them.', {
    failureType: 'config_error',
  });
}

function tableOf(name: string, option: string, reports: readonly Table[]): Table {
  const table = findTable(name) ?? reports.find((report) => report.name === name);
  if (table) return table;
  throw new ConnectorError(
    `${option} names "${name}", and there is no table of that name. The command discover lists the tables; names are parted by commas.`,
    { failureType: 'config_error' },
  );
}

/** One entry of a configured catalog, as we make it. */
export interface ConfiguredEntry {
  stream: AirbyteStream;
  sync_mode: 'incremental' | 'full_refresh';
  destination_sync_mode: 'append' | 'overwrite';
  cursor_field?: string[];
  primary_key: string[][];
}

/** The configured catalog for some tables: incrementally where there is a choice. */
export function configuredCatalog(
  tables: readonly Table[],
  schemaOf: (table: Table) => Record<string, unknown>,
): { streams: ConfiguredEntry[] } {
  return {
    streams: tables.map((table) => {
      const stream = catalogEntry(table, schemaOf(table));
      const incremental = stream.supported_sync_modes.includes('incremental');
      return {
        stream,
        sync_mode: incremental ? 'incremental' : 'full_refresh',
        destination_sync_mode: incremental ? 'append' : 'overwrite',
        ...(stream.default_cursor_field ? { cursor_field: stream.default_cursor_field } : {}),
        primary_key: stream.source_defined_primary_key,
      };
    }),
  };
}
